import { maxUndoBlocks } from '#types/chain.ts'
import type { FollowedBlock, Undo } from '#types/openCase.ts'
import { upsertRows } from './bulk.ts'
import { decode, decodeInt, encode, type Shape } from './codec.ts'
import type { Tx } from './schema.ts'

/** Tables that hold what followed blocks brought, in their order. */
type RecordTable = 'hop' | 'seen_transaction'

/** Block numbers are those of the change that brought the records. */
export async function saveRecords(
  tx: Tx,
  table: RecordTable,
  { caseId, block, records }: { caseId: string; block: number; records: readonly unknown[] },
): Promise<void> {
  await upsertRows(
    tx,
    table,
    records.map((record, place) => ({ case_id: caseId, block, place, record: encode(record) })),
  )
}

/** In the order in which they were followed. */
export async function readRecords<Item>(
  tx: Tx,
  table: RecordTable,
  { caseId, shape }: { caseId: string; shape: Shape },
): Promise<Item[]> {
  const rows = await tx
    .selectFrom(table)
    .select(['block', 'place', 'record'])
    .where('case_id', '=', caseId)
    .orderBy('block')
    .orderBy('place')
    .execute()
  return rows.map(({ block, place, record }) =>
    decode<Item>(record, `${table} ${place} of block ${block} of the case "${caseId}"`, shape),
  )
}

/** Takes out what blocks above `block` brought. */
export async function deleteAbove(tx: Tx, caseId: string, block: number): Promise<void> {
  for (const table of ['hop', 'seen_transaction', 'undo', 'watched'] as const) {
    await tx.deleteFrom(table).where('case_id', '=', caseId).where('block', '>', block).execute()
  }
}

/** Saves how a block is undone, and forgets those too old to be. */
export async function saveUndo(tx: Tx, caseId: string, undo: Undo): Promise<void> {
  const { number, hash, time, ledgers, groups } = undo
  const record = encode({ ledgers, groups })
  await upsertRows(tx, 'undo', [{ case_id: caseId, block: number, hash, time, record }])
  const oldest = await tx
    .selectFrom('undo')
    .select('block')
    .where('case_id', '=', caseId)
    .orderBy('block', 'desc')
    // One more is kept: the block before the first that can be undone.
    .offset(maxUndoBlocks + 1)
    .limit(1)
    .executeTakeFirst()
  if (oldest) await forgetUndo(tx, caseId, Number(oldest.block) + 1)
}

/** Forgets how blocks up to this one are undone; the newest entry among them stays as a reference. */
export async function settleUndo(tx: Tx, caseId: string, block: number): Promise<void> {
  const reference = await tx
    .selectFrom('undo')
    .select(({ fn }) => fn.max('block').as('block'))
    .where('case_id', '=', caseId)
    .where('block', '<=', block)
    .executeTakeFirst()
  if (reference?.block != null) await forgetUndo(tx, caseId, Number(reference.block))
}

/** Forgets how blocks below this one are undone. */
async function forgetUndo(tx: Tx, caseId: string, block: number): Promise<void> {
  await tx.deleteFrom('undo').where('case_id', '=', caseId).where('block', '<', block).execute()
}

/** Oldest first. */
export async function readUndo(tx: Tx, caseId: string): Promise<Undo[]> {
  const rows = await tx
    .selectFrom('undo')
    .selectAll()
    .where('case_id', '=', caseId)
    .orderBy('block')
    .execute()
  return rows.map(({ block, hash, time, record }) => {
    const what = `how block ${block} of the case "${caseId}" is undone`
    const ref: FollowedBlock = {
      number: decodeInt(block, what),
      hash,
      time: decodeInt(time, what),
    }
    const shape = { ledgers: 'object', groups: 'object' } as const
    return { ...ref, ...decode<Pick<Undo, 'ledgers' | 'groups'>>(record, what, shape) }
  })
}
