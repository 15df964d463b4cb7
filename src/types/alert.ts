import type { Address } from './chain.ts'
import type { ChannelId } from './chat.ts'
import type { Message, Severity } from './message.ts'
import type { Topic } from './topic.ts'
import type { Hop } from './trail.ts'

/** What happened, the weightier first; `burst` is made of many hops and stands for them. */
export type AlertKind =
  | 'reached'
  | 'returned'
  | 'met'
  | 'woke'
  | 'parked'
  | 'burst'
  | 'merged'
  | 'split'
  | 'moved'

/** Something people must be told. */
export type Alert = {
  /** Made of facts: `case:chain:transaction:position:kind`. The same fact has the same id for ever. */
  id: string
  kind: AlertKind
  severity: Severity
  /** Why it is that severe, as people read it, the weightiest first. */
  reasons: string[]
  caseId: string
  /**
   * Where it belongs: `case:chain:first payee`. A path starts at a source or a split. The head of a card of many paths
   * has `case:chain:*` and what the card is for instead, a burst `case:chain:burst`.
   */
  path: string
  /** The address it is about: the payee, or the one parked. */
  address: Address
  /** Unix seconds of the block. */
  time: number
  block: number
  transaction: string
  /** The transfer behind it; `null` where it is about an address alone. */
  hop: Hop | null
  /** Other open cases whose trail holds the address. */
  otherCases: string[]
}

/** Alerts that are told as one: same case and path, or same service, or all of a burst. Its id is the head's. */
export type AlertGroup = {
  /** The alert that was posted first. */
  head: Alert
  /** The worst of its alerts, and why. */
  severity: Severity
  reasons: string[]
  /** Alerts in it, the head included, and how many of them have been told. A burst counts what it mutes, not its head. */
  count: number
  told: number
  /** Echoes of it that are counted here and told nowhere else: beside `count`, and all of `count` in a burst. */
  muted: number
  /** Of `count`, those of another asset than the head's: their amounts are not in the sums. @default 0 */
  otherAssets?: number
  /** Whole payments and their stolen part under each policy, in base units of the head's asset. */
  amount: bigint
  stolen: bigint[]
  last: Alert
}

/**
 * How sure what was told is: `retracted` was undone by a reorganization, `corrected` by a decision that reaches back,
 * `finalized` cannot be undone any more.
 */
export type AlertState = 'posted' | 'grown' | 'retracted' | 'corrected' | 'confirmed' | 'finalized'

/** An alert as people have been told of it. Every change raises the revision, also when it comes back after a reorg. */
export type ToldAlert = {
  id: string
  /** From 1. */
  revision: number
  state: AlertState
  /** The last block that it tells about; for a retracted one the block that was undone. */
  block: number
  /** As told by each block that can still be undone, oldest first; none when it is retracted. */
  tellings: readonly { block: number; group: AlertGroup }[]
  /** Where it was told so far: every correction goes there too. */
  channels: readonly ChannelId[]
  /** Ids of the silences that kept it from being told. */
  silencedBy: readonly string[]
}

/** What channels must show: a revision of an alert. Where `parent` was posted before, it may go into its thread. */
export type Telling = {
  alert: string
  revision: number
  message: Message
  topic: Topic
  channels: readonly ChannelId[]
  parent?: string
}
