import type { Address } from './chain.ts'
import type { Severity } from './message.ts'
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

/** Alerts that are told as one: same case, same kind, same payer or service. */
export type AlertGroup = {
  /** The alert that was posted first. */
  head: Alert
  /** The worst of its alerts. */
  severity: Severity
  /** Rises with everything said about it: 1 when posted, more as it grows. */
  revision: number
  /** Alerts in it, the head included, and how many of them have been told. */
  count: number
  told: number
  /** Whole payments and their stolen part under each policy, in base units. */
  amount: bigint
  stolen: bigint[]
  last: Alert
}
