import type { Decision, Store } from '#types/store.ts'
import { saveTold } from './alerts.ts'
import { saveAudit } from './audit.ts'
import { createReads } from './createReads.ts'
import {
  readCounts,
  readDue,
  readIsPosted,
  readNextAttempt,
  readPendingChannels,
  readPosted,
  saveFailed,
  saveSent,
  saveTellings,
  saveTried,
} from './deliveries.ts'
import { migrate } from './migrations.ts'
import { replaceCase } from './replaceCase.ts'
import { saveChange } from './saveChange.ts'
import type { Database, Dialect, Tx } from './schema.ts'
import { saveStanding, saveTimeline } from './standing.ts'

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
    ...createReads(db, transact),

    saveChanges: (changes, options) =>
      transact(async (tx) => {
        for (const change of changes) await saveChange(tx, change, options)
      }),

    appendAudit: (entry) => transact((tx) => saveAudit(tx, entry, dialect)),

    saveDecision: (decision, options) => transact((tx) => saveDecision(tx, decision, options)),

    replaceCase: (replacement, decision, options) =>
      transact(async (tx) => {
        await replaceCase(tx, replacement)
        await saveDecision(tx, decision, options)
      }),

    readPending: (options) => transact((tx) => readDue(tx, options)),
    pendingChannels: (chat) => transact((tx) => readPendingChannels(tx, chat)),
    nextAttemptAt: (channel) => transact((tx) => readNextAttempt(tx, channel)),
    markTried: (delivery) => transact((tx) => saveTried(tx, delivery)),
    markSent: (key, options) => transact((tx) => saveSent(tx, key, options)),
    markFailed: (key, options) => transact((tx) => saveFailed(tx, key, options)),
    isPosted: (alert) => transact((tx) => readIsPosted(tx, alert)),
    findPosted: (caseId) => transact((tx) => readPosted(tx, caseId)),
    countDeliveries: () => transact(readCounts),
    close: () => db.destroy(),
  }
}

async function saveDecision(
  tx: Tx,
  { standing = [], timeline = [], told = [], tellings = [], changes = [] }: Decision,
  options: { now: number },
): Promise<void> {
  for (const change of changes) await saveChange(tx, change, options)
  await saveStanding(tx, standing)
  await saveTimeline(tx, timeline)
  for (const [caseId, alerts] of Map.groupBy(told, (each) => each.caseId)) {
    await saveTold(
      tx,
      caseId,
      alerts.map(({ alert }) => alert),
    )
  }
  await saveTellings(tx, tellings, options)
}
