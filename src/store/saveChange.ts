import type { CaseChange } from '#types/openCase.ts'
import { saveAccounts, saveDust } from './accounts.ts'
import { saveGroups, saveTold, settleTold } from './alerts.ts'
import { deleteAbove, saveSeen, saveUndo, settleUndo } from './blocks.ts'
import { saveHead, saveLedger } from './cases.ts'
import { saveTellings } from './deliveries.ts'
import { saveHops } from './hops.ts'
import type { Tx } from './schema.ts'
import { saveStanding, saveTimeline } from './standing.ts'
import { newlyWatched, saveWatched } from './watched.ts'

/** Stands for the block of what a case has when it is opened: no reorganization takes it out. */
const opening = -1

/** Saves all that a change brings. */
export async function saveChange(
  tx: Tx,
  change: CaseChange,
  { now }: { now: number },
): Promise<void> {
  const { caseId, head, rewindTo, settledTo, undo } = change
  const block = undo?.number ?? head?.number ?? opening
  await saveHead(tx, change)
  if (rewindTo !== undefined) await deleteAbove(tx, caseId, rewindTo)
  for (const ledger of change.ledgers) {
    const ledgerId = await saveLedger(tx, caseId, ledger)
    await saveAccounts(tx, ledgerId, ledger.accounts)
    await saveDust(tx, ledgerId, ledger.dust)
  }
  await saveHops(tx, { caseId, block, hops: change.hops })
  await saveSeen(tx, { caseId, block, seen: change.seen })
  if (undo) await saveUndo(tx, caseId, undo)
  if (settledTo !== undefined) await settleUndo(tx, caseId, settledTo)
  await saveWatched(tx, { caseId, block, addresses: newlyWatched(change) })
  await saveGroups(tx, caseId, change.groups)
  await saveTold(tx, caseId, change.told)
  await settleTold(tx, change.forgotten)
  await saveTellings(tx, change.tellings, { now })
  await saveTimeline(tx, change.timeline)
  await saveStanding(tx, change.standing ?? [])
}
