import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { createStore } from '#src/store/createStore.ts'
import type { Schema } from '#src/store/schema.ts'
import { testDecisions } from '#test/contract/decisions.ts'
import { type StoreHarness, testStore } from '#test/contract/store.ts'
import { dumpTables } from '#test/support/dumpTables.ts'
import { openPglite } from '#test/support/openPglite.ts'

async function inMemory(): Promise<StoreHarness> {
  const db = await openSqlite<Schema>(':memory:')
  return { db, dialect: 'sqlite', close: () => db.destroy() }
}

testStore('SQLite in memory', inMemory, { runs: 100 })
testDecisions('SQLite in memory', inMemory)

testStore(
  'SQLite in a file',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'posse-store-'))
    const file = join(folder, 'posse.db')
    let db = await openSqlite<Schema>(file)
    return {
      db,
      dialect: 'sqlite',
      async reopen() {
        await db.destroy()
        db = await openSqlite<Schema>(file)
        return db
      },
      async close() {
        await db.destroy()
        rmSync(folder, { recursive: true })
      },
    }
  },
  { runs: 25 },
)

describe('PostgreSQL', () => {
  let postgres: ReturnType<typeof openPglite>
  beforeAll(async () => {
    postgres = openPglite()
    await postgres.empty()
  }, 60_000)
  afterAll(() => postgres.close())

  testStore(
    'PostgreSQL',
    async () => ({ db: postgres.db, dialect: 'postgres', close: () => postgres.empty() }),
    { runs: 25 },
  )
  testDecisions('PostgreSQL', async () => ({
    db: postgres.db,
    dialect: 'postgres',
    close: () => postgres.empty(),
  }))
})

describe('createStore', () => {
  test('behavior: the tables stay as they are when it is created again', async () => {
    const db = await openSqlite<Schema>(':memory:')
    await createStore(db)
    await createStore(db)
    expect(await db.selectFrom('schema_version').selectAll().execute()).toEqual([{ version: 5 }])
    await db.destroy()
  })

  test('error: tables of a newer program are left alone', async () => {
    const db = await openSqlite<Schema>(':memory:')
    await createStore(db)
    await db.updateTable('schema_version').set({ version: 7 }).execute()
    const before = await dumpTables(db)
    await expect(createStore(db)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[NewerSchemaError: The database has the tables of version 7 and this program knows them up to version 5.]`,
    )
    expect(await dumpTables(db)).toEqual(before)
    expect(await db.selectFrom('schema_version').selectAll().execute()).toEqual([{ version: 7 }])
    await db.destroy()
  })

  test('error: a database that was closed', async () => {
    const store = await createStore(await openSqlite<Schema>(':memory:'))
    await store.close()
    await expect(store.readCase('id')).rejects.toThrow()
  })
})
