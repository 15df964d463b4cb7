import { accessSync, constants, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely'
import {
  DamagedDatabaseError,
  DatabaseInUseError,
  DatabaseNotOpenedError,
  DatabaseNotWritableError,
  DiskFullError,
  ForeignDatabaseError,
  NotADatabaseError,
} from '#errors/store.ts'
import { UserError } from '#errors/userError.ts'

/** `Poss`, in the header of the file. @see https://www.sqlite.org/pragma.html#pragma_application_id */
const applicationId = 0x506f7373

/** Statements kept prepared; each takes some kilobytes. */
const maxStatements = 200

/** The write-ahead log shrinks to this after a big save, in bytes. */
const maxIdleLog = 64 * 2 ** 20

/** Primary result codes. @see https://www.sqlite.org/rescode.html */
const resultCodes = {
  permission: 3,
  busy: 5,
  locked: 6,
  readOnly: 8,
  input: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const

/**
 * Opens a database file, made where there is none, for this process alone, and checks that it is whole. A commit has
 * reached the disk when it is answered. `:memory:` is kept in memory.
 * @throws NotADatabaseError, ForeignDatabaseError, DamagedDatabaseError, DatabaseInUseError, DatabaseNotOpenedError,
 *   DatabaseNotWritableError, DiskFullError; the last and DamagedDatabaseError later too, from any query
 */
export async function openSqlite<Schema>(file: string): Promise<Kysely<Schema>> {
  const explain = (error: unknown) => explainError(error, file)
  const database = openFile(file, explain)
  try {
    claimFile(database, file)
    const db = new Kysely<Schema>({
      dialect: new SqliteDialect({ database: wrapDatabase(database, explain) }),
    })
    // Kysely closes nothing that it has not used.
    await db.connection().execute(async () => undefined)
    return db
  } catch (error) {
    database.close()
    throw explain(error)
  }
}

function openFile(file: string, explain: (error: unknown) => unknown): DatabaseSync {
  // SQLite takes an empty name for a file that is deleted at the end.
  if (file === '') throw new DatabaseNotOpenedError({ file, reason: 'the name is empty' })
  try {
    // A whole path, since SQLite takes a name that begins with "file:" apart.
    return new DatabaseSync(file === ':memory:' ? file : resolve(file))
  } catch (error) {
    throw explain(error)
  }
}

/** Takes the lock before anything is read, and writes nothing before it is sure that the file is ours and whole. */
function claimFile(database: DatabaseSync, file: string): void {
  database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT')
  const id = readValue(database, 'PRAGMA application_id')
  const isNew = id === 0 && readValue(database, 'SELECT count(*) FROM sqlite_schema') === 0
  if (id !== applicationId && !isNew) throw new ForeignDatabaseError({ file })
  const fault = readValue(database, 'PRAGMA quick_check(1)')
  if (fault !== 'ok') throw new DamagedDatabaseError({ file, reason: oneSentence(String(fault)) })
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = ${maxIdleLog}`)
  if (isNew) database.exec(`PRAGMA application_id = ${applicationId}`)
}

function readValue(database: DatabaseSync, sql: string): unknown {
  return Object.values(database.prepare(sql).get() ?? {})[0]
}

/** What Kysely's dialect needs, with the statements kept prepared. */
function wrapDatabase(
  database: DatabaseSync,
  explain: (error: unknown) => unknown,
): SqliteDatabase {
  /** The most recently used last. */
  const statements = new Map<string, SqliteStatement>()

  function prepare(sql: string): SqliteStatement {
    const kept = statements.get(sql)
    if (kept) statements.delete(sql)
    const statement = kept ?? wrapStatement(database, sql, explain)
    statements.set(sql, statement)
    const [oldest] = statements.keys()
    if (statements.size > maxStatements && oldest !== undefined) statements.delete(oldest)
    return statement
  }

  return { prepare, close: () => database.close() }
}

function wrapStatement(
  database: DatabaseSync,
  sql: string,
  explain: (error: unknown) => unknown,
): SqliteStatement {
  function attempt<Result>(action: () => Result): Result {
    try {
      return action()
    } catch (error) {
      throw explain(error)
    }
  }

  const statement = attempt(() => database.prepare(sql))
  const isRollback = sql === 'rollback'
  return {
    reader: statement.columns().length > 0,
    all: (values) => attempt(() => statement.all(...(values as SQLInputValue[]))),
    run: (values) =>
      attempt(() =>
        // SQLite has rolled back by itself where the disk is full or broken.
        isRollback && !database.isTransaction
          ? { changes: 0, lastInsertRowid: 0 }
          : statement.run(...(values as SQLInputValue[])),
      ),
    iterate: (values) => attempt(() => statement.iterate(...(values as SQLInputValue[]))),
  }
}

/** An error of SQLite as a sentence that says what to do; any other as it is. */
function explainError(error: unknown, file: string): unknown {
  const code = resultCode(error)
  if (error instanceof UserError || code === null) return error
  const cause = error
  switch (code) {
    case resultCodes.busy:
    case resultCodes.locked:
      return new DatabaseInUseError({ file, cause })
    case resultCodes.notADatabase:
      return new NotADatabaseError({ file, cause })
    case resultCodes.corrupt:
      return new DamagedDatabaseError({ file, reason: 'a page of it is not whole', cause })
    case resultCodes.full:
      return new DiskFullError({ file, cause })
    case resultCodes.cannotOpen:
      return new DatabaseNotOpenedError({ file, reason: whyNotOpened(resolve(file)), cause })
    case resultCodes.readOnly:
    case resultCodes.permission:
      return new DatabaseNotWritableError({ file, reason: 'it is read-only', cause })
    case resultCodes.input:
      return new DatabaseNotWritableError({ file, reason: oneSentence(messageOf(error)), cause })
    default:
      return error
  }
}

/** `null` where SQLite did not say it. Extended codes have their primary code in the lowest byte. */
function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function oneSentence(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').replace(/\.$/, '')
}

/** SQLite says only that it could not. */
function whyNotOpened(path: string): string {
  const folder = statSync(dirname(path), { throwIfNoEntry: false })
  if (!folder) return 'its folder does not exist'
  if (!folder.isDirectory()) return 'its folder is a file'
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return 'it is a folder'
  return isWritable(dirname(path)) ? 'the system refuses it' : 'its folder may not be written to'
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
