import type { Address } from './chain.ts'
import type { Message, Severity } from './message.ts'
import type { Hop } from './trail.ts'

/** What happened, the weightier first. */
export type AlertKind = 'reached' | 'met' | 'parked' | 'woke' | 'split' | 'moved'

/** Something people must be told. */
export type Alert = {
  /** Made of facts: `case:chain:transaction:position:kind`. The same fact has the same id for ever. */
  id: string
  kind: AlertKind
  severity: Severity
  caseId: string
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

/** Alerts that are told as one: same case, same kind, same payer or service. Its id is the head's. */
export type AlertGroup = {
  /** The alert that was posted first. */
  head: Alert
  /** The worst of its alerts. */
  severity: Severity
  /** Alerts in it, the head included, and how many of them have been told. */
  count: number
  told: number
  /** Whole payments and their stolen part under each policy, in base units. */
  amount: bigint
  stolen: bigint[]
  last: Alert
}

/** How sure what was told is: `retracted` was undone by a reorganization, `finalized` cannot be undone any more. */
export type AlertState = 'posted' | 'grown' | 'retracted' | 'confirmed' | 'finalized'

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
}

/** What a chat must show: a revision of an alert. */
export type Telling = { alert: string; revision: number; message: Message }
