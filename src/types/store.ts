import type { AlertGroup, Telling, ToldAlert } from './alert.ts'
import type { Address, AssetId } from './chain.ts'
import type { MessageRef } from './chat.ts'
import type { Message } from './message.ts'
import type { CaseChange, FollowedBlock, Undo } from './openCase.ts'
import type { Account, Hop, SeenTransaction, Totals } from './trail.ts'

/** A ledger without its accounts. */
export type SavedLedger = {
  asset: AssetId
  stolen: bigint
  fees: bigint[]
  dropped: bigint[]
  totals: Totals
}

/** What memory must hold of a case after a restart. */
export type SavedCase = {
  /** What it was made of when it was opened. */
  opening: string
  head: FollowedBlock | null
  ledgers: SavedLedger[]
  /** Watched addresses: packed, 20 bytes each, in any number of pieces; and those that are no 20 bytes. */
  watched: { packed: Uint8Array[]; others: Address[] }
  groups: Map<string, AlertGroup>
  told: ToldAlert[]
  /** Oldest first. */
  undo: Undo[]
}

/** What the store has about some addresses in one ledger. */
export type SavedAccounts = {
  asset: AssetId
  accounts: Account[]
  dust: { address: Address; amount: bigint }[]
}

/** One message for one chat that must be shown, again and again until it is. */
export type Delivery = {
  alert: string
  revision: number
  /** The name of the chat. */
  channel: string
  message: Message
  /** Where the alert stands in that chat; `null` before it was first posted. */
  ref: MessageRef | null
  /** Failed attempts so far. */
  attempts: number
}

export type DeliveryKey = Pick<Delivery, 'alert' | 'revision' | 'channel'>

/** The system of record. Every method is one transaction. Times are Unix seconds. */
export type Store = {
  /** `undefined` where the case was never saved. */
  readCase(caseId: string): Promise<SavedCase | undefined>
  /** What is known of these addresses, in every ledger of the case; addresses off the trail have no account. */
  readAccounts(caseId: string, addresses: readonly Address[]): Promise<SavedAccounts[]>
  /** Every account of a ledger, in pages. */
  scanAccounts(caseId: string, asset: AssetId): AsyncIterable<Account[]>
  /** In the order in which they were followed. */
  readSeen(caseId: string): Promise<SeenTransaction[]>
  readHops(caseId: string): Promise<Hop[]>
  /** Saves what a block did to the cases of its chain, with one delivery of every telling for each channel. */
  saveChanges(
    changes: readonly CaseChange[],
    options: { channels: readonly string[]; now: number },
  ): Promise<void>
  /** Saves what no block brought, with one delivery of every telling for each channel. */
  saveTellings(
    tellings: readonly Telling[],
    options: { channels: readonly string[]; now: number },
  ): Promise<void>
  /**
   * Deliveries of one channel that are due, in the order in which they were decided: of each alert the lowest revision
   * that is not done.
   */
  readPending(options: { channel: string; now: number; limit: number }): Promise<Delivery[]>
  /** When the next delivery of a channel that waits for another attempt is due; `null` where none waits. */
  nextAttemptAt(channel: string): Promise<number | null>
  markSent(key: DeliveryKey, options: { ref: MessageRef; now: number }): Promise<void>
  /** Counts a failed attempt; without `retryAt` the delivery is given up. */
  markFailed(
    key: DeliveryKey,
    options: { error: string; retryAt: number | null; now: number },
  ): Promise<void>
  countDeliveries(): Promise<{ pending: number; sent: number; failed: number }>
  close(): Promise<void>
}
