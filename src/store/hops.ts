import type { Hop } from '#types/trail.ts'
import { upsertRows } from './bulk.ts'
import { decode, encode } from './codec.ts'
import type { Database, Tx } from './schema.ts'

const shape = { caseId: 'string', amount: 'bigint', stolen: 'object', hops: 'number' } as const

/** Hops in memory at once while they are scanned. */
const pageSize = 1_000

export async function saveHops(
  tx: Tx,
  { caseId, block, hops }: { caseId: string; block: number; hops: readonly Hop[] },
): Promise<void> {
  const rows = hops.map((hop, place) => ({
    case_id: caseId,
    block,
    place,
    record: encode(hop),
    time: hop.time,
    transaction_hash: hop.transaction,
    payer: hop.from,
    payee: hop.to,
  }))
  await upsertRows(tx, 'hop', rows)
}

/** In the order in which they were followed. */
export async function readHops(tx: Tx, caseId: string): Promise<Hop[]> {
  const rows = await tx
    .selectFrom('hop')
    .select('record')
    .where('case_id', '=', caseId)
    .orderBy('block')
    .orderBy('place')
    .execute()
  return rows.map(({ record }) => hopOf(record, caseId))
}

/** Hops with one of these facts, the newest first. */
export async function findHops(
  tx: Tx,
  caseId: string,
  by: { transaction: string } | { payer: string } | { payee: string },
  { limit }: { limit: number },
): Promise<Hop[]> {
  const [column, value] =
    'transaction' in by
      ? (['transaction_hash', by.transaction] as const)
      : 'payer' in by
        ? (['payer', by.payer] as const)
        : (['payee', by.payee] as const)
  const rows = await tx
    .selectFrom('hop')
    .select('record')
    .where('case_id', '=', caseId)
    .where(column, '=', value)
    .orderBy('block', 'desc')
    .orderBy('place', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ record }) => hopOf(record, caseId))
}

/** In order, each page a transaction of its own. */
export async function* scanHops(
  db: Database,
  caseId: string,
  { since, until }: { since: number; until: number },
): AsyncGenerator<Hop[]> {
  let after = { block: -2, place: -1 }
  while (true) {
    const rows = await db
      .selectFrom('hop')
      .select(['block', 'place', 'record'])
      .where('case_id', '=', caseId)
      .where('time', '>=', since)
      .where('time', '<', until)
      .where(({ eb, or, and }) =>
        or([
          eb('block', '>', after.block),
          and([eb('block', '=', after.block), eb('place', '>', after.place)]),
        ]),
      )
      .orderBy('block')
      .orderBy('place')
      .limit(pageSize)
      .execute()
    const last = rows.at(-1)
    if (!last) return
    yield rows.map(({ record }) => hopOf(record, caseId))
    after = { block: Number(last.block), place: Number(last.place) }
  }
}

function hopOf(record: string, caseId: string): Hop {
  return decode<Hop>(record, `a hop of the case "${caseId}"`, shape)
}
