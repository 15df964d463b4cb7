import type { ChainId } from './chain.ts'

/** What a bridge's own API says of a payment that it took. */
export type BridgeAnswer = {
  /** As people call it. */
  chain: string
  /** As it is written there. */
  address: string
  /** What the far side names it by. @default it names nothing */
  key?: string
  /** Transactions by which it paid out there, as its chain writes them; none yet where the list is empty. */
  paid: readonly string[]
}

/** Asks a bridge's own API of a payment; `null` where it knows of none, or does not answer. */
export type AskBridge = (payment: {
  chain: ChainId
  transaction: string
}) => Promise<BridgeAnswer | null>
