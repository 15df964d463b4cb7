import type { Store } from '#types/store.ts'
import type { Hop, SeenTransaction } from '#types/trail.ts'
import { readLedgerAccounts, scanLedgerAccounts } from './accounts.ts'
import { readGroups, readTold } from './alerts.ts'
import { readRecords, readUndo } from './blocks.ts'
import { readHead, readLedgerIds, readLedgers } from './cases.ts'
import {
  readCounts,
  readDue,
  readNextAttempt,
  saveFailed,
  saveSent,
  saveTellings,
} from './deliveries.ts'
import { migrate } from './migrations.ts'
import { saveChange } from './saveChange.ts'
import type { Database, Dialect, Tx } from './schema.ts'
import { readWatched } from './watched.ts'

const hopShape = { caseId: 'string', amount: 'bigint', stolen: 'object', hops: 'number' } as const
const seenShape = { transaction: 'object', time: 'number' } as const

/**
 * The system of record in a database that is opened already; makes or brings up to date its tables first.
 * `close` closes the database too.
 * @throws NewerSchemaError; DamagedRecordError from what reads
 */
export async function createStore(
  db: Database,
  { dialect = 'sqlite' }: { dialect?: Dialect } = {},
): Promise<Store> {
  await migrate(db, dialect)

  function transact<Result>(action: (tx: Tx) => Promise<Result>): Promise<Result> {
    return db.transaction().execute(action)
  }

  return {
    readCase: (caseId) =>
      transact(async (tx) => {
        const state = await readHead(tx, caseId)
        if (!state) return undefined
        return {
          opening: state.opening,
          head: state.head,
          ledgers: await readLedgers(tx, caseId),
          watched: await readWatched(tx, caseId),
          groups: await readGroups(tx, caseId),
          told: await readTold(tx, caseId),
          undo: await readUndo(tx, caseId),
        }
      }),

    readAccounts: (caseId, addresses) =>
      transact(async (tx) => {
        const saved = []
        for (const [asset, ledgerId] of await readLedgerIds(tx, caseId)) {
          saved.push({ asset, ...(await readLedgerAccounts(tx, ledgerId, addresses)) })
        }
        return saved
      }),

    async *scanAccounts(caseId, asset) {
      const ledgerIds = await transact((tx) => readLedgerIds(tx, caseId))
      const ledgerId = ledgerIds.get(asset)
      if (ledgerId !== undefined) yield* scanLedgerAccounts(db, ledgerId)
    },

    readSeen: (caseId) =>
      transact((tx) =>
        readRecords<SeenTransaction>(tx, 'seen_transaction', { caseId, shape: seenShape }),
      ),

    readHops: (caseId) =>
      transact((tx) => readRecords<Hop>(tx, 'hop', { caseId, shape: hopShape })),

    saveChanges: (changes, options) =>
      transact(async (tx) => {
        for (const change of changes) await saveChange(tx, change, options)
      }),

    saveTellings: (tellings, options) => transact((tx) => saveTellings(tx, tellings, options)),
    readPending: (options) => transact((tx) => readDue(tx, options)),
    nextAttemptAt: (channel) => transact((tx) => readNextAttempt(tx, channel)),
    markSent: (key, options) => transact((tx) => saveSent(tx, key, options)),
    markFailed: (key, options) => transact((tx) => saveFailed(tx, key, options)),
    countDeliveries: () => transact(readCounts),
    close: () => db.destroy(),
  }
}
