import { maxUndoBlocks } from '#types/chain.ts'
import type { FollowedBlock, Undo } from '#types/openCase.ts'
import type { SeenTransaction } from '#types/trail.ts'
import { upsertRows } from './bulk.ts'
import { decode, decodeInt, encode } from './codec.ts'
import type { Database, Tx } from './schema.ts'

const noSwaps = { swappedIn: [], swappedOut: [] }

const seenShape = { transaction: 'object', time: 'number' } as const

/** Transactions in memory at once while they are scanned, but for what else is in the block of the last. */
const pageSize = 1_000

/** Block numbers are those of the change that brought the transactions. */
export async function saveSeen(
  tx: Tx,
  { caseId, block, seen }: { caseId: string; block: number; seen: readonly SeenTransaction[] },
): Promise<void> {
  const rows = seen.map((one, place) => ({ case_id: caseId, block, place, record: encode(one) }))
  await upsertRows(tx, 'seen_transaction', rows)
}

/** In the order in which they were followed, in pages of whole blocks; each page is a transaction of its own. */
export async function* scanSeen(
  db: Database,
  caseId: string,
  fromBlock: number,
): AsyncGenerator<SeenTransaction[]> {
  let from = fromBlock
  while (true) {
    const first = await readSeenFrom(db, { caseId, from, limit: pageSize })
    const last = first.at(-1)
    if (!last) return
    // A block that the page has cut goes into the next one, unless it is all of this one.
    const whole = first.length < pageSize ? first : first.filter(({ at }) => at < last.at)
    const page = whole.length > 0 ? whole : await readSeenFrom(db, { caseId, from, to: last.at })
    yield page.map(({ seen }) => seen)
    from = (page.at(-1)?.at ?? from) + 1
  }
}

async function readSeenFrom(
  db: Database,
  {
    caseId,
    from,
    to = Number.MAX_SAFE_INTEGER,
    limit = Number.MAX_SAFE_INTEGER,
  }: { caseId: string; from: number; to?: number; limit?: number },
): Promise<{ at: number; seen: SeenTransaction }[]> {
  const rows = await db
    .selectFrom('seen_transaction')
    .select(['block', 'record'])
    .where('case_id', '=', caseId)
    .where('block', '>=', from)
    .where('block', '<=', to)
    .orderBy('block')
    .orderBy('place')
    .limit(limit)
    .execute()
  const what = `a transaction of the case "${caseId}"`
  return rows.map(({ block, record }) => ({
    at: decodeInt(block, what),
    seen: decode<SeenTransaction>(record, what, seenShape),
  }))
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
    const { ledgers, groups } = decode<Pick<Undo, 'ledgers' | 'groups'>>(record, what, shape)
    // Before swaps were followed nothing was said of them.
    const whole = ledgers.map((ledger) => ({ ...noSwaps, ...ledger }))
    return { ...ref, ledgers: whole, groups }
  })
}
