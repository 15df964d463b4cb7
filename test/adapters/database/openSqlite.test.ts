import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Kysely, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { UserError } from '#errors/userError.ts'
import { createStore } from '#src/store/createStore.ts'
import type { Schema } from '#src/store/schema.ts'
import { chainedBlock } from '#test/support/chainedBlock.ts'
import { dumpTables } from '#test/support/dumpTables.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posse-sqlite-'))
  file = join(folder, 'posse.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const options = { now: 0 }

async function readPragma(db: Kysely<Schema>, name: string): Promise<unknown> {
  const { rows } = await sql<object>`${sql.raw(`PRAGMA ${name}`)}`.execute(db)
  return Object.values(rows[0] ?? {})[0]
}

/** A file of some hundred kilobytes. */
async function fillFile(blocks = 600): Promise<void> {
  const store = await createStore(await openSqlite<Schema>(file))
  const changes = Array.from({ length: blocks }, (_, at) => chainedBlock(at - 1))
  await store.saveChanges(changes, options)
  await store.close()
}

function overwrite(at: number, bytes: Uint8Array): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, bytes, 0, bytes.length, at)
  closeSync(handle)
}

/** What it says to people, without the name of the folder. */
async function refusal(path = file): Promise<string> {
  const error: unknown = await openSqlite(path).then(
    (db) => db.destroy(),
    (thrown) => thrown,
  )
  if (!(error instanceof UserError))
    throw new Error('It was opened, or refused without a word.', { cause: error })
  expect(error.message).not.toContain('\n')
  return `${error.message} ${error.hint}`.replaceAll(folder, 'FOLDER')
}

describe('openSqlite', () => {
  test('default: what is committed is on the disk, in one file when it is closed', async () => {
    const db = await openSqlite<Schema>(file)
    const settings = ['journal_mode', 'synchronous', 'locking_mode', 'foreign_keys']
    expect(await Promise.all(settings.map((name) => readPragma(db, name)))).toEqual([
      ...['wal', 2, 'exclusive', 1],
    ])
    await (await createStore(db)).close()
    expect(readdirSync(folder)).toEqual(['posse.db'])
  })

  test('behavior: a name is a name and no address, and :memory: makes no file', async () => {
    const odd = join(folder, 'file:a?mode=memory')
    await (await createStore(await openSqlite<Schema>(odd))).close()
    expect(existsSync(odd)).toBe(true)
    await (await openSqlite(':memory:')).destroy()
    expect(existsSync(':memory:')).toBe(false)
  })

  test('behavior: a statement that fails leaves the next ones alone', async () => {
    const db = await openSqlite<Schema>(file)
    await createStore(db)
    await expect(sql`SELECT * FROM nowhere`.execute(db)).rejects.toThrow('no such table')
    await expect(
      db.insertInto('dust').values({ ledger_id: 9, address: 'a', amount: '1' }).execute(),
    ).rejects.toThrow('FOREIGN KEY')
    expect(await db.selectFrom('dust').selectAll().execute()).toEqual([])
    await db.destroy()
  })

  test('error: the same process has it open', async () => {
    const db = await openSqlite<Schema>(file)
    expect(await refusal()).toMatchInlineSnapshot(
      `"The database "FOLDER/posse.db" is in use by another process. Stop the other one first, or name another file."`,
    )
    await db.destroy()
    await (await openSqlite(file)).destroy()
  })

  test('error: a text file', async () => {
    writeFileSync(file, 'case,address\n'.repeat(500))
    expect(await refusal()).toMatchInlineSnapshot(
      `"The file "FOLDER/posse.db" is not a database. Name another file, or move this one away."`,
    )
  })

  test('error: the database of another program is not touched', async () => {
    const other = new DatabaseSync(file)
    other.exec('CREATE TABLE cookies (name TEXT)')
    other.close()
    const bytes = readFileSync(file)
    expect(await refusal()).toMatchInlineSnapshot(
      `"The database "FOLDER/posse.db" belongs to another program. Name another file: a new one is made where there is none."`,
    )
    expect(readFileSync(file).equals(bytes)).toBe(true)
  })

  test('error: random bytes in the middle', async () => {
    await fillFile()
    overwrite(Math.floor(statSync(file).size / 2 / 4096) * 4096, randomBytes(3 * 4096))
    expect(await refusal()).toContain(
      'Restore a copy, or delete it together with its -wal file and follow the case again.',
    )
    expect(await refusal()).toMatch(/^The database "FOLDER\/posse.db" is damaged: /)
  })

  test('error: the end is missing', async () => {
    await fillFile()
    truncateSync(file, Math.floor(statSync(file).size / 2))
    expect(await refusal()).toMatch(/^The database "FOLDER\/posse.db" is damaged: /)
  })

  test('error: it breaks while it is open', async () => {
    await fillFile()
    const db = await openSqlite<Schema>(file)
    const store = await createStore(db)
    overwrite(4096, randomBytes(statSync(file).size - 4096))
    await sql`PRAGMA shrink_memory`.execute(db)
    const broken = { name: 'DamagedDatabaseError' }
    await expect(store.readHops('id').then(() => store.readCase('id'))).rejects.toMatchObject(
      broken,
    )
    await expect(store.saveChanges([chainedBlock(700)], options)).rejects.toMatchObject(broken)
    await store.close()
  })

  test('error: no folder, a folder, a file for a folder, no name', async () => {
    mkdirSync(file)
    writeFileSync(join(folder, 'text'), '')
    expect(await refusal()).toMatchInlineSnapshot(
      `"The database "FOLDER/posse.db" cannot be opened: it is a folder. Name a file in a folder that exists and may be written to."`,
    )
    expect(await refusal(join(folder, 'no', 'posse.db'))).toMatchInlineSnapshot(
      `"The database "FOLDER/no/posse.db" cannot be opened: its folder does not exist. Name a file in a folder that exists and may be written to."`,
    )
    expect(await refusal(join(folder, 'text', 'posse.db'))).toMatchInlineSnapshot(
      `"The database "FOLDER/text/posse.db" cannot be opened: its folder is a file. Name a file in a folder that exists and may be written to."`,
    )
    expect(await refusal('')).toMatchInlineSnapshot(
      `"The database "" cannot be opened: the name is empty. Name a file in a folder that exists and may be written to."`,
    )
  })

  test('error: it may not be written', async () => {
    const db = await openSqlite<Schema>(file)
    const store = await createStore(db)
    await sql`PRAGMA query_only = 1`.execute(db)
    await expect(store.saveChanges([chainedBlock(-1)], options)).rejects.toThrow(
      `The database "${file}" cannot be written: it is read-only.`,
    )
    await store.close()
  })

  test('error: a full disk leaves all as it was, and the same save succeeds when there is space', async () => {
    const db = await openSqlite<Schema>(file)
    const store = await createStore(db)
    await store.saveChanges([chainedBlock(-1), chainedBlock(0)], options)
    const before = await dumpTables(db)
    const changes = Array.from({ length: 500 }, (_, at) => chainedBlock(at + 1))
    const pages = Number(await readPragma(db, 'page_count'))
    await readPragma(db, `max_page_count = ${pages + 5}`)
    await expect(store.saveChanges(changes, options)).rejects.toMatchObject({
      name: 'DiskFullError',
      message: `The disk is full: the database "${file}" cannot grow.`,
      retryable: true,
    })
    expect(await dumpTables(db)).toEqual(before)
    await readPragma(db, 'max_page_count = 100000')
    await store.saveChanges(changes, options)
    expect((await store.readCase('id'))?.head?.number).toBe(500)
    await store.close()
  })
})
