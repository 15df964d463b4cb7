import type { Address, AssetId, ChainId } from './chain.ts'
import type { ChannelId } from './chat.ts'
import type { Signed } from './standing.ts'

/** Why an organization does not hold what it was asked to hold. */
export const declineReasons = [
  'needs-order',
  'not-ours',
  'funds-left',
  'permissionless',
  'disputes-attribution',
  'other',
] as const
export type DeclineReason = (typeof declineReasons)[number]

/** What people have made of a request so far. */
export type FreezeStage =
  | 'drafted'
  | 'approved'
  | 'delivered'
  | 'seen'
  | 'holding'
  | 'durable'
  | 'declined'
  | 'released'
  | 'expired'
  | 'returned'
  | 'withdrawn'

/** How a request stands: what people have made of it, and what the chain says meanwhile. */
export const freezeStates = [
  'drafted',
  'approved',
  'delivered',
  'seen',
  'held',
  'partly held',
  'durable',
  'declined',
  'released',
  'expired',
  'returned',
  'moved on',
  'withdrawn',
] as const
export type FreezeState = (typeof freezeStates)[number]

/** Stolen value that came to the address, or went from it elsewhere than to its organization. */
export type Flow = {
  transaction: string
  position: string
  block: number
  /** Unix seconds. */
  time: number
  /** Base units by FIFO, or the most that another rule says where that says nothing; and under every rule. */
  amount: bigint
  least: bigint
  /** Who paid, or was paid. */
  other: Address
  /** It went back to the victim. @default false */
  isReturn?: boolean
}

/** One change of a request: who did what for whom. */
export type FreezeStep = {
  what: FreezeStage | 'renewed' | 'hold changed' | 'partly returned'
  /** Unix seconds. */
  at: number
  /** `null` for Posse itself. */
  by: Signed | null
  /** Base units, where it is about an amount. */
  amount: bigint | null
  note: string
}

/** A request to one organization to hold what stands at one address, tag or memo included. */
export type Freeze = {
  /** Eight hex digits, made of facts. */
  id: string
  caseId: string
  chain: ChainId
  asset: AssetId
  address: Address
  /** Behind which customer stands; `null` where the address is enough. */
  tag: string | null
  /** Id of the organization that is asked. */
  organization: string
  /** How it is known that the address is theirs: by a list, a member's flag, its first sweep, or whoever asks. */
  grounds: { kind: 'label' | 'flag' | 'learned' | 'said'; text: string; confidence: number }
  stage: FreezeStage
  /** From 1; every change raises it. */
  revision: number
  /** By the order of blocks, those that can still be undone and the last before them. */
  arrivals: readonly Flow[]
  departures: readonly Flow[]
  /** What the organization says that it holds, and has returned. Base units. */
  holds: bigint
  returned: bigint
  /** Unix seconds until when it holds; `null` for no end, or where it holds nothing. */
  until: number | null
  /** Why it declined. */
  reason: DeclineReason | null
  /** A wallet of the organization into which the address was swept. */
  sweptTo: Address | null
  /** Where the request stands since it was approved: every correction goes there too. */
  desk: readonly ChannelId[]
  /** For how many days it is asked, and whether the customer may be told. */
  terms: { days: number; mayTell: boolean }
  history: readonly FreezeStep[]
  /** Part of an exercise: kept out of the figures. */
  isDrill: boolean
}

/** An address that was swept into a wallet of an organization: a customer's, by the first sweep. */
export type Deposit = {
  chain: ChainId
  address: Address
  organization: string
  /** The wallet, and the transaction of the sweep. */
  wallet: Address
  transaction: string
  block: number
  /** Unix seconds. */
  at: number
  caseId: string
}
