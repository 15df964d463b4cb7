import type { Address, AssetId, ChainId, Crossing } from './chain.ts'
import type { Signed } from './standing.ts'

/** Stolen value of a case on its way over a bridge, from a payment that the bridge took. Amounts are base units. */
export type Passage = {
  /** The case that was opened for the theft, whichever chain it has come to. */
  caseId: string
  /** The part of the case that the payment is of. */
  from: string
  chain: ChainId
  block: number
  /** Unix seconds of the block. */
  time: number
  transaction: string
  /** Whoever paid the bridge: what it gives back goes there. */
  payer: Address
  bridge: string
  /** What the far side will name it by. */
  key: string
  asset: AssetId
  /** The whole payment and its stolen part under each policy of the trail. */
  amount: bigint
  stolen: readonly bigint[]
  /** Fewest payments from a source. */
  hops: number
  /** Where it will come out; a chain that is not followed has no id. */
  to: { chain: ChainId | null; name: string; address: Address }
  isClaimed: boolean
  /** The far side names nothing: a person must say what came out. @default it does */
  isUntied?: true
  /** The bridge destroys what it takes. @default it keeps it */
  isBurned?: true
  /** How often it has changed as its part was worked out again. @default never */
  rounds?: number
}

/** What a passage came out as: the payments in one transaction on the far side. Amounts are base units. */
export type Arrival = {
  caseId: string
  /** The part of the case on that chain. */
  in: string
  key: string
  chain: ChainId
  block: number
  /** Unix seconds of the block. */
  time: number
  transaction: string
  asset: AssetId
  amount: bigint
  stolen: readonly bigint[]
  /** It was given back where the bridge took it. @default it came over */
  isBack?: boolean
}

/** A payment that may be what a bridge paid out for a passage, where the bridge names nothing to tell by. */
export type Candidate = Omit<Arrival, 'stolen'>

/** A person, or the bridge's own API, has said that it is. One that a person took back stands, so that no API says it again. */
export type Tie = {
  caseId: string
  key: string
  transaction: string
  by: Signed
  /** @default it counts */
  isTakenBack?: boolean
}

/** Where a payment of a part of a case goes on, which its chain does not say and the bridge's API does. */
export type ToldCrossing = { caseId: string; transaction: string; crossing: Crossing }

/** Where everything was when it was last written down: base units by the name of the place. */
export type BooksKept = {
  caseId: string
  asset: AssetId
  chain: ChainId
  block: number
  /** Unix seconds. */
  at: number
  parts: Readonly<Record<string, bigint>>
}
