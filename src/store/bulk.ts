import { type CompiledQuery, type RawBuilder, sql } from 'kysely'
import { primaryKeys, type Schema, type Table, type Tx } from './schema.ts'

/** Rows of one statement: 256 of the widest table bind 2816 values, and SQLite takes 32766. */
const maxRows = 256

type Row<Name extends Table> = {
  [Column in keyof Schema[Name]]: Inserted<Schema[Name][Column]>
}
type Inserted<Column> = Column extends { __insert__: infer Value } ? Value : Column

/**
 * Puts rows in the place of those with the same primary key; `kept` columns stay as they were first written. No two
 * rows may have the same key.
 */
export async function upsertRows<Name extends Table>(
  tx: Tx,
  table: Name,
  rows: readonly Row<Name>[],
  kept: readonly (keyof Schema[Name])[] = [],
): Promise<void> {
  const keys: readonly string[] = primaryKeys[table]
  await insertRows(tx, table, rows, (columns) => {
    const replaced = columns.filter(
      (column) => !keys.includes(column) && !kept.some((name) => name === column),
    )
    const pairs = replaced.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`)
    return sql`do update set ${sql.join(pairs)}`
  })
}

/** Writes the rows whose primary key is new. */
export async function insertNewRows<Name extends Table>(
  tx: Tx,
  table: Name,
  rows: readonly Row<Name>[],
): Promise<void> {
  await insertRows(tx, table, rows, () => sql`do nothing`)
}

async function insertRows<Name extends Table>(
  tx: Tx,
  table: Name,
  rows: readonly Row<Name>[],
  onConflict: (columns: readonly string[]) => RawBuilder<unknown>,
): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = Object.keys(first) as (string & keyof Row<Name>)[]
  const conflict = sql`on conflict (${sql.join(primaryKeys[table].map((key) => sql.ref(key)))}) ${onConflict(columns)}`
  let full: CompiledQuery | undefined
  for (const chunk of chunksOf(rows, maxRows)) {
    const values = chunk.flatMap((row) => columns.map((column) => row[column]))
    // Writing the same statement down again would take longer than running it.
    let query = chunk.length === maxRows ? full : undefined
    if (!query) {
      const tuples = chunk.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`)
      const names = sql.join(columns.map((column) => sql.ref(column)))
      query =
        sql`insert into ${sql.table(table)} (${names}) values ${sql.join(tuples)} ${conflict}`.compile(
          tx,
        )
      if (chunk.length === maxRows) full = query
    }
    await tx.executeQuery({ ...query, parameters: values })
  }
}

export function* chunksOf<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}
