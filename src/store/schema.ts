import type { ColumnType, Kysely, Transaction } from 'kysely'

/** Whole number that PostgreSQL may hand out as text; read it with `Number`. */
type Int = ColumnType<number | string | bigint, number, number>
type IntOrNull = ColumnType<number | string | bigint | null, number | null, number | null>
/** Decimal digits of base units. Never added up or compared in SQL. */
type Amount = string
/** JSON as `codec.ts` writes it. */
type Json = string

/** What followed blocks brought, in their order: `place` counts from 0 in each block. */
type BlockRecord = { case_id: string; block: Int; place: Int; record: Json }

export type DeliveryState = 'pending' | 'sent' | 'failed'

/** The tables. Columns that make up the primary key come first. */
export type Schema = {
  schema_version: { version: Int }
  case_state: {
    case_id: string
    head_number: IntOrNull
    head_hash: string | null
    head_time: IntOrNull
    opening: string
  }
  ledger: {
    ledger_id: Int
    case_id: string
    asset: string
    stolen: Amount
    fees: Json
    dropped: Json
    swapped_in: Json
    swapped_out: Json
    totals: Json
  }
  account: {
    ledger_id: Int
    address: string
    received: Amount
    paid: Amount
    from_case: Amount
    holdings: Json
    /** Empty where there are none. */
    coins: Json | ''
    stop: string | null
    reached_at: Int
    active_at: Int
    first_payee: string | null
    strangers: Json
    first_payer: string | null
    path: string
  }
  dust: { ledger_id: Int; address: string; amount: Amount }
  /** Watched addresses that a block brought: 20 bytes each, and the others. Old rows are merged: see `watched.ts`. */
  watched: {
    case_id: string
    block: Int
    /** How often it was merged. */
    level: Int
    packed: Uint8Array
    others: Json
  }
  hop: BlockRecord & { time: Int; transaction_hash: string; payer: string; payee: string }
  seen_transaction: BlockRecord
  undo: { case_id: string; block: Int; hash: string; time: Int; record: Json }
  /** Open groups. `seq` keeps the order in which they were opened. */
  alert_group: { case_id: string; group_key: string; seq: Int; record: Json }
  /** Settled ones cannot change any more and are kept as history. */
  told_alert: {
    alert: string
    case_id: string
    seq: Int
    is_settled: Int
    record: Json
    /** What people call it. */
    handle: string
    severity: string
  }
  telling: {
    alert: string
    revision: Int
    message: Json
    topic: string
    /** The alert under which it belongs. */
    parent: string | null
  }
  delivery: {
    alert: string
    revision: Int
    channel: string
    state: DeliveryState
    /** Order in which deliveries were decided. */
    seq: Int
    attempts: Int
    decided_at: Int
    /** `null` before the first attempt, and when there will be none. */
    next_attempt_at: IntOrNull
    sent_at: IntOrNull
    error: string | null
  }
  /** What a chat was given for an alert, to edit it later. */
  posted: { alert: string; channel: string; ref: Json }
  /** What people decided and what stands of it. */
  standing: { kind: string; entry: string; record: Json }
  timeline: { case_id: string; entry: string; at: Int; record: Json }
  audit: {
    seq: Int
    at: Int
    reference: string
    account: string
    outcome: string
    record: Json
    /** Over the line and the hash before it. */
    hash: string
  }
  /** One row: the last line of the audit log. */
  audit_head: { id: Int; seq: Int; hash: string }
}

/** `audit` is written and read, and no line of it ever changes. */
export type Table = Exclude<keyof Schema, 'schema_version' | 'audit' | 'audit_head'>

export const primaryKeys = {
  case_state: ['case_id'],
  ledger: ['ledger_id'],
  account: ['ledger_id', 'address'],
  dust: ['ledger_id', 'address'],
  watched: ['case_id', 'block'],
  hop: ['case_id', 'block', 'place'],
  seen_transaction: ['case_id', 'block', 'place'],
  undo: ['case_id', 'block'],
  alert_group: ['case_id', 'group_key'],
  told_alert: ['alert'],
  telling: ['alert', 'revision'],
  delivery: ['alert', 'revision', 'channel'],
  posted: ['alert', 'channel'],
  standing: ['kind', 'entry'],
  timeline: ['case_id', 'entry'],
} as const satisfies Record<Table, readonly string[]>

/** Columns (`table.column`) that depend on the wall clock or on luck: all others depend on what was followed alone. */
export const clockColumns: readonly string[] = [
  'delivery.attempts',
  'delivery.decided_at',
  'delivery.next_attempt_at',
  'delivery.sent_at',
  'delivery.error',
  // A chat may name a message by what it shows, and how late it came is shown.
  'posted.ref',
]

export type Dialect = 'sqlite' | 'postgres'

export type Tx = Transaction<Schema>
export type Database = Kysely<Schema>
