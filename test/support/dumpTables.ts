import { sql } from 'kysely'
import { clockColumns, type Database, primaryKeys } from '#src/store/schema.ts'

/** Every row of every table in the order of its primary key, without what depends on the wall clock. */
export async function dumpTables(db: Database): Promise<Record<string, unknown[]>> {
  const tables = Object.entries(primaryKeys).map(async ([table, keys]) => {
    const order = sql.join(keys.map((key) => sql.ref(key)))
    const { rows } = await sql<object>`select * from ${sql.table(table)} order by ${order}`.execute(
      db,
    )
    const kept = rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).filter(([column]) => !clockColumns.includes(`${table}.${column}`)),
      ),
    )
    return [table, kept] as const
  })
  return Object.fromEntries(await Promise.all(tables))
}
