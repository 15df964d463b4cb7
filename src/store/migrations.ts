import { type CreateTableBuilder, sql } from 'kysely'
import { NewerSchemaError } from '#errors/store.ts'
import { addCoins } from './addCoins.ts'
import { addDecisions } from './addDecisions.ts'
import { addSwaps } from './addSwaps.ts'
import { chainAudit } from './chainAudit.ts'
import { type Database, type Dialect, primaryKeys, type Table, type Tx } from './schema.ts'

/** Each brings the tables from the version before to the next one. What was released is never edited. */
const migrations: readonly ((tx: Tx, dialect: Dialect) => Promise<void>)[] = [
  createTables,
  addDecisions,
  chainAudit,
  addSwaps,
  addCoins,
]

/**
 * Brings the tables up to date, all at once or not at all.
 * @throws NewerSchemaError
 */
export async function migrate(db: Database, dialect: Dialect): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.schema
      .createTable('schema_version')
      .ifNotExists()
      .addColumn('version', 'bigint', (column) => column.notNull())
      .execute()
    const row = await tx.selectFrom('schema_version').select('version').executeTakeFirst()
    const found = Number(row?.version ?? 0)
    const known = migrations.length
    if (found > known) throw new NewerSchemaError({ found, known })
    for (const step of migrations.slice(found)) await step(tx, dialect)
    // Written even where nothing changes: a full disk is found out before anybody is told anything.
    if (!row) await tx.insertInto('schema_version').values({ version: known }).execute()
    else await tx.updateTable('schema_version').set({ version: known }).execute()
  })
}

type Column = 'text' | 'bigint' | 'bytes'
/** A `?` allows null. */
type Columns = Record<string, Column | `${Column}?`>

const blockRecord: Columns = { case_id: 'text', block: 'bigint', place: 'bigint', record: 'text' }

/** Tables of the first version. */
const tables: Partial<Record<Table, Columns>> = {
  case_state: {
    case_id: 'text',
    head_number: 'bigint?',
    head_hash: 'text?',
    head_time: 'bigint?',
    opening: 'text',
  },
  ledger: {
    ledger_id: 'bigint',
    case_id: 'text',
    asset: 'text',
    stolen: 'text',
    fees: 'text',
    dropped: 'text',
    totals: 'text',
  },
  account: {
    ledger_id: 'bigint',
    address: 'text',
    received: 'text',
    paid: 'text',
    from_case: 'text',
    holdings: 'text',
    stop: 'text?',
    reached_at: 'bigint',
    active_at: 'bigint',
    first_payee: 'text?',
    strangers: 'text',
  },
  dust: { ledger_id: 'bigint', address: 'text', amount: 'text' },
  watched: { case_id: 'text', block: 'bigint', level: 'bigint', packed: 'bytes', others: 'text' },
  hop: blockRecord,
  seen_transaction: blockRecord,
  undo: { case_id: 'text', block: 'bigint', hash: 'text', time: 'bigint', record: 'text' },
  alert_group: { case_id: 'text', group_key: 'text', seq: 'bigint', record: 'text' },
  told_alert: {
    alert: 'text',
    case_id: 'text',
    seq: 'bigint',
    is_settled: 'bigint',
    record: 'text',
  },
  telling: { alert: 'text', revision: 'bigint', message: 'text' },
  delivery: {
    alert: 'text',
    revision: 'bigint',
    channel: 'text',
    state: 'text',
    seq: 'bigint',
    attempts: 'bigint',
    decided_at: 'bigint',
    next_attempt_at: 'bigint?',
    sent_at: 'bigint?',
    error: 'text?',
  },
  posted: { alert: 'text', channel: 'text', ref: 'text' },
}

/** Small rows that are found by their whole key: on SQLite they need no second tree. */
const keyedTables: readonly Table[] = ['account', 'dust']

async function createTables(tx: Tx, dialect: Dialect): Promise<void> {
  for (const [name, columns] of Object.entries(tables) as [Table, Columns][]) {
    let table: CreateTableBuilder<string, string> = tx.schema.createTable(name)
    for (const [column, kind] of Object.entries(columns)) {
      const type = kind.replace('?', '') as Column
      const bytes = dialect === 'postgres' ? 'bytea' : 'blob'
      table = table.addColumn(column, type === 'bytes' ? bytes : type, (definition) =>
        kind.endsWith('?') ? definition : definition.notNull(),
      )
    }
    table = table.addPrimaryKeyConstraint(`${name}_key`, [...primaryKeys[name]])
    if (name !== 'case_state' && 'case_id' in columns) {
      table = table.addForeignKeyConstraint(`${name}_case`, ['case_id'], 'case_state', ['case_id'])
    }
    if ('ledger_id' in columns && name !== 'ledger') {
      table = table.addForeignKeyConstraint(`${name}_ledger`, ['ledger_id'], 'ledger', [
        'ledger_id',
      ])
    }
    const isKeyed = dialect === 'sqlite' && keyedTables.includes(name)
    await (isKeyed ? table.modifyEnd(sql`without rowid`) : table).execute()
  }
  for (const index of [
    sql`create unique index ledger_asset on ledger (case_id, asset)`,
    sql`create index told_alert_open on told_alert (case_id, seq) where is_settled = 0`,
    sql`create index delivery_state on delivery (state)`,
    sql`create index delivery_seq on delivery (seq)`,
    sql`create index delivery_pending on delivery (channel, seq) where state = 'pending'`,
    sql`create index delivery_alert on delivery (channel, alert, revision) where state = 'pending'`,
    sql`create index delivery_retry on delivery (channel, next_attempt_at) where state = 'pending' and next_attempt_at is not null`,
  ]) {
    await index.execute(tx)
  }
}
