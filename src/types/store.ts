import type { AlertGroup, Telling, ToldAlert } from './alert.ts'
import type { AuditCheck, AuditHead } from './audit.ts'
import type { Address, AssetId } from './chain.ts'
import type { ChannelId, MessageRef } from './chat.ts'
import type { Message } from './message.ts'
import type { CaseChange, FollowedBlock, Undo } from './openCase.ts'
import type { AuditEntry, Standing, StandingChange, TimelineEntry } from './standing.ts'
import type { Topic } from './topic.ts'
import type { Account, Hop, SeenTransaction, Totals } from './trail.ts'

/** A ledger without its accounts. */
export type SavedLedger = {
  asset: AssetId
  stolen: bigint
  fees: bigint[]
  dropped: bigint[]
  swappedIn: bigint[]
  swappedOut: bigint[]
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
  topic: Topic
  /** Where the alert stands in that channel; `null` before it was first posted. */
  ref: MessageRef | null
  /** The alert that it belongs under, and where that stands there; `null` where there is none, or not yet. */
  parent: string | null
  thread: MessageRef | null
  /** Unix seconds at which it was decided. */
  decidedAt: number
  /** Attempts so far, of earlier revisions too where those are pending: it may have been posted. */
  attempts: number
}

export type DeliveryKey = Pick<Delivery, 'alert' | 'revision' | 'channel'>

/** What is decided between blocks. */
export type Decision = {
  standing?: readonly StandingChange[]
  timeline?: readonly TimelineEntry[]
  /** Told alerts that change, settled ones too. */
  told?: readonly { caseId: string; alert: ToldAlert }[]
  tellings?: readonly Telling[]
  changes?: readonly CaseChange[]
}

/** A case as it was retraced. */
export type CaseReplacement = {
  caseId: string
  head: FollowedBlock | null
  ledgers: readonly (SavedLedger & {
    accounts: ReadonlyMap<Address, Account>
    dust: ReadonlyMap<Address, bigint>
  })[]
  watched: readonly Address[]
  groups: ReadonlyMap<string, AlertGroup>
  hops: readonly Hop[]
  seen: readonly SeenTransaction[]
  undo: readonly Undo[]
}

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
  /** The same in pages of whole blocks, from the block on. */
  scanSeen(caseId: string, fromBlock?: number): AsyncIterable<SeenTransaction[]>
  readHops(caseId: string): Promise<Hop[]>
  /** Hops of a case by one of their facts, the newest first. */
  findHops(
    caseId: string,
    by: { transaction: string } | { payer: Address } | { payee: Address },
    options: { limit: number },
  ): Promise<Hop[]>
  /** Hops of a case in blocks of this span of time (Unix seconds, `until` not included), in order. */
  scanHops(caseId: string, span: { since: number; until: number }): AsyncIterable<Hop[]>
  /** Addresses on the trail of a case that begin like this, in order. */
  findAddresses(caseId: string, prefix: string, options: { limit: number }): Promise<Address[]>
  /** Told alerts, settled ones too, the newest first, by the first digits of their handle. */
  findAlerts(
    by: { handle: string } | { caseId: string },
    options: { limit: number },
  ): Promise<ToldAlert[]>
  /** Red alerts that a channel was told of since (Unix seconds), each with the time of that. */
  readRedAlerts(since: number): Promise<{ alert: ToldAlert; toldAt: number }[]>
  /** Saves what a block did to the cases of its chain, with a delivery of every telling for each of its channels. */
  saveChanges(changes: readonly CaseChange[], options: { now: number }): Promise<void>
  /**
   * Saves what people or the clock decided, all or nothing: what stands, what the timeline says, what is told, and what
   * it does to cases.
   */
  saveDecision(decision: Decision, options: { now: number }): Promise<void>
  /** Puts what a case became, worked out from its theft, in the place of what it was. */
  replaceCase(
    replacement: CaseReplacement,
    decision: Decision,
    options: { now: number },
  ): Promise<void>
  readStanding(): Promise<Standing>
  /** The newest first; `before` is a key of paging. */
  readTimeline(
    caseId: string,
    options: { limit: number; before?: number },
  ): Promise<TimelineEntry[]>
  appendAudit(entry: AuditEntry): Promise<void>
  /** The newest first; with `organization` the lines of its people alone, its admins left out. */
  readAudit(options: { limit: number; organization?: string }): Promise<AuditEntry[]>
  /** The last line of the audit log: noted elsewhere, it proves all lines up to it. */
  readAuditHead(): Promise<AuditHead>
  /**
   * Checks every line of the audit log against its hash and the one before, up to the first that is not as it was
   * written. `noted` is a hash, or its first digits, that was noted elsewhere.
   */
  verifyAudit(options?: { noted?: string }): Promise<AuditCheck>
  /**
   * Deliveries of one channel that are due, in the order in which they were decided: of each alert the lowest revision
   * that is not done. With `isNewest` of each the highest instead, which stands for those before it: first what was
   * never posted, then what must be seen at once, pages of ledgers last.
   */
  readPending(options: {
    channel: string
    now: number
    limit: number
    /** @default false */
    isNewest?: boolean
  }): Promise<Delivery[]>
  /** Channels of a chat to which something is pending. */
  pendingChannels(chat: string): Promise<ChannelId[]>
  /** When the next delivery of a channel that waits for another attempt is due; `null` where none waits. */
  nextAttemptAt(channel: string): Promise<number | null>
  /** Counts an attempt that begins: whoever dies in it finds that out at the next start. */
  markTried(delivery: Delivery): Promise<void>
  /** Earlier revisions that are pending are done with it. `null` where it was not to be posted after all. */
  markSent(key: DeliveryKey, options: { ref: MessageRef | null; now: number }): Promise<void>
  /** What stands of a case in channels, or is on its way there, each with the highest revision of it. */
  findPosted(caseId: string): Promise<{ alert: string; channel: ChannelId; revision: number }[]>
  /** Keeps how many attempts have failed; without `retryAt` the delivery is given up. */
  markFailed(
    key: DeliveryKey,
    options: { error: string; retryAt: number | null; attempts: number; now: number },
  ): Promise<void>
  /** Whether an alert stands in any channel. */
  isPosted(alert: string): Promise<boolean>
  countDeliveries(): Promise<{ pending: number; sent: number; failed: number }>
  close(): Promise<void>
}
