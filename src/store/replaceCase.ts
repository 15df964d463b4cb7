import type { CaseReplacement } from '#types/store.ts'
import { saveAccounts, saveDust } from './accounts.ts'
import { saveGroups } from './alerts.ts'
import { saveSeen, saveUndo } from './blocks.ts'
import { readLedgerIds, saveHead, saveLedger } from './cases.ts'
import { saveHops } from './hops.ts'
import type { Tx } from './schema.ts'
import { saveWatched } from './watched.ts'

/** Stands for the block of what a case has when it is opened. */
const opening = -1

/** Puts what a case became in the place of what it was; told alerts, timeline and deliveries are not touched. */
export async function replaceCase(tx: Tx, replacement: CaseReplacement): Promise<void> {
  const { caseId, head, ledgers, watched, groups, hops, seen, undo } = replacement
  await forget(tx, caseId)
  await saveHead(tx, { caseId, head })
  for (const ledger of ledgers) {
    const ledgerId = await saveLedger(tx, caseId, ledger)
    await saveAccounts(tx, ledgerId, ledger.accounts)
    await saveDust(tx, ledgerId, ledger.dust)
  }
  for (const [block, list] of Map.groupBy(hops, (hop) => hop.block)) {
    await saveHops(tx, { caseId, block, hops: list })
  }
  for (const [block, list] of Map.groupBy(seen, (one) => one.block.number)) {
    await saveSeen(tx, { caseId, block, seen: list })
  }
  for (const entry of undo) await saveUndo(tx, caseId, entry)
  // Those that the last blocks brought go with the oldest that can be undone: watching too many changes nothing.
  const block = undo[0]?.number ?? opening
  await saveWatched(tx, { caseId, block, addresses: watched })
  await saveGroups(tx, caseId, groups)
}

async function forget(tx: Tx, caseId: string): Promise<void> {
  for (const table of ['hop', 'seen_transaction', 'undo', 'watched', 'alert_group'] as const) {
    await tx.deleteFrom(table).where('case_id', '=', caseId).execute()
  }
  for (const ledgerId of (await readLedgerIds(tx, caseId)).values()) {
    await tx.deleteFrom('account').where('ledger_id', '=', ledgerId).execute()
    await tx.deleteFrom('dust').where('ledger_id', '=', ledgerId).execute()
  }
}
