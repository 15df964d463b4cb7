import { quote } from './quote.ts'
import { UserError } from './userError.ts'

const restore =
  'Restore a copy, or delete it together with its -wal file and follow the case again.'

/** The store has failed: nothing can be followed or told without it. */
export class StoreError extends UserError {
  override name = 'StoreError'
}

type DatabaseFault = { file: string; cause?: unknown }

export class NotADatabaseError extends StoreError {
  override name = 'NotADatabaseError'
  constructor({ file, cause }: DatabaseFault) {
    super(`The file ${quote(file)} is not a database.`, {
      hint: 'Name another file, or move this one away.',
      cause,
    })
  }
}

/** Writing into it could spoil what another program keeps there. */
export class ForeignDatabaseError extends StoreError {
  override name = 'ForeignDatabaseError'
  constructor({ file }: { file: string }) {
    super(`The database ${quote(file)} belongs to another program.`, {
      hint: 'Name another file: a new one is made where there is none.',
    })
  }
}

export class DamagedDatabaseError extends StoreError {
  override name = 'DamagedDatabaseError'
  constructor({ file, reason, cause }: DatabaseFault & { reason: string }) {
    super(`The database ${quote(file)} is damaged: ${reason}.`, { hint: restore, cause })
  }
}

/** The file may be whole, but what is written in it makes no sense. */
export class DamagedRecordError extends StoreError {
  override name = 'DamagedRecordError'
  constructor({ what, reason, cause }: { what: string; reason: string; cause?: unknown }) {
    super(`The database is damaged: ${what} cannot be read, ${reason}.`, { hint: restore, cause })
  }
}

export class DatabaseInUseError extends StoreError {
  override name = 'DatabaseInUseError'
  override readonly retryable = true
  constructor({ file, cause }: DatabaseFault) {
    super(`The database ${quote(file)} is in use by another process.`, {
      hint: 'Stop the other one first, or name another file.',
      cause,
    })
  }
}

export class DatabaseNotOpenedError extends StoreError {
  override name = 'DatabaseNotOpenedError'
  constructor({ file, reason, cause }: DatabaseFault & { reason: string }) {
    super(`The database ${quote(file)} cannot be opened: ${reason}.`, {
      hint: 'Name a file in a folder that exists and may be written to.',
      cause,
    })
  }
}

export class DatabaseNotWritableError extends StoreError {
  override name = 'DatabaseNotWritableError'
  constructor({ file, reason, cause }: DatabaseFault & { reason: string }) {
    super(`The database ${quote(file)} cannot be written: ${reason}.`, {
      hint: 'Check the disk and who may write to the file and its folder.',
      cause,
    })
  }
}

/** What was being saved is undone as a whole. */
export class DiskFullError extends StoreError {
  override name = 'DiskFullError'
  override readonly retryable = true
  constructor({ file, cause }: DatabaseFault) {
    super(`The disk is full: the database ${quote(file)} cannot grow.`, {
      hint: 'Free some space; nothing is lost, what could not be saved is followed again.',
      cause,
    })
  }
}

export class NewerSchemaError extends StoreError {
  override name = 'NewerSchemaError'
  constructor({ found, known }: { found: number; known: number }) {
    super(
      `The database has the tables of version ${found} and this program knows them up to version ${known}.`,
      { hint: 'Start the newer program again, or name another database; nothing was changed.' },
    )
  }
}
