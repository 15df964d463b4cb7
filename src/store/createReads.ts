import type { Store } from '#types/store.ts'
import type { SeenTransaction } from '#types/trail.ts'
import { findAccountAddresses, readLedgerAccounts, scanLedgerAccounts } from './accounts.ts'
import { findTold, readGroups, readRed, readTold } from './alerts.ts'
import { readAudit, readAuditHead } from './audit.ts'
import { readUndo, scanSeen } from './blocks.ts'
import { readHead, readLedgerIds, readLedgers } from './cases.ts'
import { findHops, readHops, scanHops } from './hops.ts'
import type { Database, Tx } from './schema.ts'
import { readStanding, readTimeline } from './standing.ts'
import { verifyAudit } from './verifyAudit.ts'
import { readWatched } from './watched.ts'

/** Below the block of what a case has when it is opened. */
const first = -1

/** What reads cases, people's decisions and history; what is to be delivered is read elsewhere. */
export function createReads(
  db: Database,
  transact: <Result>(action: (tx: Tx) => Promise<Result>) => Promise<Result>,
): Pick<
  Store,
  | `read${'Case' | 'Accounts' | 'Seen' | 'Hops' | 'RedAlerts' | 'Standing' | 'Timeline' | 'Audit' | 'AuditHead'}`
  | `scan${'Accounts' | 'Seen' | 'Hops'}`
  | 'verifyAudit'
  | `find${'Hops' | 'Addresses' | 'Alerts'}`
> {
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

    async readSeen(caseId) {
      const seen: SeenTransaction[] = []
      for await (const page of scanSeen(db, caseId, first)) seen.push(...page)
      return seen
    },
    scanSeen: (caseId, fromBlock = first) => scanSeen(db, caseId, fromBlock),
    readHops: (caseId) => transact((tx) => readHops(tx, caseId)),
    findHops: (caseId, by, options) => transact((tx) => findHops(tx, caseId, by, options)),
    scanHops: (caseId, span) => scanHops(db, caseId, span),

    findAddresses: (caseId, prefix, { limit }) =>
      transact(async (tx) => {
        const found = new Set<string>()
        for (const ledgerId of (await readLedgerIds(tx, caseId)).values()) {
          for (const address of await findAccountAddresses(tx, ledgerId, { prefix, limit })) {
            found.add(address)
          }
        }
        return [...found].sort().slice(0, limit)
      }),

    findAlerts: (by, options) => transact((tx) => findTold(tx, by, options)),
    readRedAlerts: (since) => transact((tx) => readRed(tx, since)),

    readStanding: () => transact(readStanding),
    readTimeline: (caseId, options) => transact((tx) => readTimeline(tx, caseId, options)),
    readAudit: (options) => transact((tx) => readAudit(tx, options)),
    readAuditHead: () => transact((tx) => readAuditHead(tx)),
    verifyAudit: (options) => verifyAudit(transact, options),
  }
}
