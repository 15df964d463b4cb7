import type { AssetId } from '#types/chain.ts'
import type { CaseChange } from '#types/openCase.ts'
import type { SavedCase, SavedLedger } from '#types/store.ts'
import type { Totals } from '#types/trail.ts'
import { upsertRows } from './bulk.ts'
import { decode, decodeAmount, decodeAmounts, decodeInt, encode, encodeAmounts } from './codec.ts'
import type { Tx } from './schema.ts'

export async function saveHead(
  tx: Tx,
  { caseId, head, opening = '' }: Pick<CaseChange, 'caseId' | 'head' | 'opening'>,
): Promise<void> {
  const [head_number, head_hash, head_time] = head
    ? [head.number, head.hash, head.time]
    : [null, null, null]
  const row = { case_id: caseId, head_number, head_hash, head_time, opening }
  await upsertRows(tx, 'case_state', [row], ['opening'])
}

/** `undefined` where the case was never saved. */
export async function readHead(
  tx: Tx,
  caseId: string,
): Promise<Pick<SavedCase, 'head' | 'opening'> | undefined> {
  const row = await tx
    .selectFrom('case_state')
    .selectAll()
    .where('case_id', '=', caseId)
    .executeTakeFirst()
  if (!row) return undefined
  const { head_number: number, head_hash: hash, head_time: time, opening } = row
  if (number === null || hash === null || time === null) return { head: null, opening }
  const what = `the head of the case "${caseId}"`
  return { head: { number: decodeInt(number, what), hash, time: decodeInt(time, what) }, opening }
}

/** Saves all of a ledger but its accounts. Answers its id. */
export async function saveLedger(
  tx: Tx,
  caseId: string,
  { asset, stolen, fees, dropped, swappedIn, swappedOut, totals }: SavedLedger,
): Promise<number> {
  const known = await readLedgerIds(tx, caseId)
  const ledgerId = known.get(asset) ?? (await nextLedgerId(tx))
  await upsertRows(tx, 'ledger', [
    {
      ledger_id: ledgerId,
      case_id: caseId,
      asset,
      stolen: String(stolen),
      fees: encodeAmounts(fees),
      dropped: encodeAmounts(dropped),
      swapped_in: encodeAmounts(swappedIn),
      swapped_out: encodeAmounts(swappedOut),
      totals: encode(totals),
    },
  ])
  return ledgerId
}

/** Ids of the ledgers of a case, in the order in which they were first saved. */
export async function readLedgerIds(tx: Tx, caseId: string): Promise<Map<AssetId, number>> {
  const rows = await tx
    .selectFrom('ledger')
    .select(['ledger_id', 'asset'])
    .where('case_id', '=', caseId)
    .orderBy('ledger_id')
    .execute()
  return new Map(rows.map((row) => [row.asset, Number(row.ledger_id)]))
}

async function nextLedgerId(tx: Tx): Promise<number> {
  const { last } = await tx
    .selectFrom('ledger')
    .select(({ fn }) => fn.max('ledger_id').as('last'))
    .executeTakeFirstOrThrow()
  return Number(last ?? 0) + 1
}

export async function readLedgers(tx: Tx, caseId: string): Promise<SavedLedger[]> {
  const rows = await tx
    .selectFrom('ledger')
    .selectAll()
    .where('case_id', '=', caseId)
    .orderBy('ledger_id')
    .execute()
  return rows.map(({ asset, stolen, fees, dropped, swapped_in, swapped_out, totals }) => {
    const what = `the ledger of the case "${caseId}" in "${asset}"`
    return {
      asset,
      stolen: decodeAmount(stolen, what),
      fees: decodeAmounts(fees, what),
      dropped: decodeAmounts(dropped, what),
      swappedIn: decodeAmounts(swapped_in, what),
      swappedOut: decodeAmounts(swapped_out, what),
      totals: decode<Totals>(totals, what, { entries: 'function' }),
    }
  })
}
