import { type Abi, type Hex, hexToString } from 'viem'
import type { Crossing } from '#types/chain.ts'

/** What an event says, as its contract declares it. */
export type Args = Readonly<Record<string, unknown>>

/** Where an event was written. */
export type Place = {
  /** CAIP-2. */
  chain: string
  /** Hash of the transaction, and the place of the event in it, such as `l7`. */
  transaction: string
  position: string
}

/** Where a bridge says that value goes on. */
export type Goal = Pick<Crossing, 'chain' | 'address'> &
  Partial<Pick<Crossing, 'key' | 'isUntied' | 'amount' | 'vault'>> & {
    /** The contract that says so through the one that wrote the event. @default the one that wrote it */
    by?: string
    /** Contract of the token that it took, or `native`. @default it does not say */
    token?: string
  }

/** What a bridge says that it pays out. */
export type Payout = {
  /** What its near side named it by; `null` where this one does not say. */
  key: string | null
  /** Whom it pays, where the event says so: value without a token shows nowhere else. */
  payee?: string
  /** Who must have been named on the near side; `null` for whoever was: the contract itself has seen to that. @default the payee */
  named?: string | null
  /** Contract of the token, or `native`, and how many base units. @default it does not say */
  token?: string
  amount?: bigint
  /** It gives back what it took. @default it pays out */
  isRefund?: boolean
}

/** How one bridge says, in events of its listed contracts, what it takes and what it pays out. */
export type Protocol = {
  /** Contracts of anybody speak through it: what one says that is not listed is a claim. @default it counts for nothing */
  isOpen?: true
  /** Contracts that it shares payments with are listed under these protocols too. @default its own alone */
  family?: readonly string[]
  /** Events by which it says where value goes on. */
  deposits: Abi
  /** `null` where this one goes nowhere. */
  goalOf(args: Args, place: Place): Goal | null
  /** Events by which it says what it pays out. @default none */
  payouts?: Abi
  payoutOf?(args: Args, chain: string): Payout
  /** What its contract only hands on from whoever pays it out, in that event. */
  handedBy?(args: Args): { from: string; to: string; token: string; amount: bigint }
}

/** What the near side goes by where the far side will name nothing: a person must say what came out. */
export function untied(
  bridge: string,
  { transaction, position }: Place,
): { key: string; isUntied: true } {
  return { key: `${bridge}:${transaction.toLowerCase()}:${position}`, isUntied: true }
}

/** Twenty bytes, as such or in a word of 32, text, or else the bytes themselves. */
export function readAddress(bytes: Hex): string {
  const lower = bytes.toLowerCase() as Hex
  if (/^0x0{24}[0-9a-f]{40}$/.test(lower)) return `0x${lower.slice(26)}`
  const text = lower.length > 42 ? hexToString(lower) : ''
  return /^[A-Za-z0-9]{20,100}$/.test(text) ? text : lower
}

/** A token by its contract; zero stands for the native asset. */
export function readToken(contract: string): string {
  const address = readAddress(contract as Hex)
  return /^0x0+$/.test(address) ? 'native' : address
}

/** The number of a chain by EIP-155. */
export function numberOf(chain: string): string {
  return chain.split(':')[1] ?? ''
}

/** Bytes of a message, from `start` up to `end`, each two digits. */
export function cut(message: Hex, start: number, end?: number): Hex {
  return `0x${message.slice(2 + start * 2, end === undefined ? undefined : 2 + end * 2)}`
}
