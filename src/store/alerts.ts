import { sql } from 'kysely'
import type { AlertGroup, ToldAlert } from '#types/alert.ts'
import { handleOf } from '#utils/handleOf.ts'
import { chunksOf, upsertRows } from './bulk.ts'
import { decode, decodeInt, encode } from './codec.ts'
import type { Tx } from './schema.ts'

/** Ids named by one statement. */
const maxIds = 500

const groupShape = {
  head: 'object',
  severity: 'string',
  count: 'number',
  told: 'number',
  amount: 'bigint',
  stolen: 'object',
  last: 'object',
} as const
const toldShape = {
  id: 'string',
  revision: 'number',
  state: 'string',
  block: 'number',
  tellings: 'object',
  channels: 'object',
} as const

/** `undefined` closes a group. One that is open already keeps its place in the order. */
export async function saveGroups(
  tx: Tx,
  caseId: string,
  groups: ReadonlyMap<string, AlertGroup | undefined>,
): Promise<void> {
  const closed: string[] = []
  const open: [string, AlertGroup][] = []
  for (const [key, group] of groups) {
    if (group) open.push([key, group])
    else closed.push(key)
  }
  for (const keys of chunksOf(closed, maxIds)) {
    await tx
      .deleteFrom('alert_group')
      .where('case_id', '=', caseId)
      .where('group_key', 'in', keys)
      .execute()
  }
  if (open.length === 0) return
  const last = await lastSeq(tx, 'alert_group', caseId)
  const rows = open.map(([key, group], index) => ({
    case_id: caseId,
    group_key: key,
    seq: last + 1 + index,
    record: encode(group),
  }))
  await upsertRows(tx, 'alert_group', rows, ['seq'])
}

/** In the order in which they were opened. */
export async function readGroups(tx: Tx, caseId: string): Promise<Map<string, AlertGroup>> {
  const rows = await tx
    .selectFrom('alert_group')
    .select(['group_key', 'record'])
    .where('case_id', '=', caseId)
    .orderBy('seq')
    .execute()
  return new Map(
    rows.map(({ group_key, record }) => [
      group_key,
      decode<AlertGroup>(record, `the open group "${group_key}"`, groupShape),
    ]),
  )
}

/** The last one counts where an alert is given twice. One that was told before keeps its place in the order. */
export async function saveTold(tx: Tx, caseId: string, told: readonly ToldAlert[]): Promise<void> {
  if (told.length === 0) return
  await forgetSettled(tx, told)
  const last = await lastSeq(tx, 'told_alert', caseId)
  const rows = [...new Map(told.map((alert) => [alert.id, alert])).values()].map(
    (alert, index) => ({
      alert: alert.id,
      case_id: caseId,
      seq: last + 1 + index,
      is_settled: 0,
      record: encode(alert),
      ...factsOf(alert),
    }),
  )
  await upsertRows(tx, 'told_alert', rows, ['seq'])
}

/** What alerts are found by. What was retracted is no alarm any more. */
function factsOf({ id, tellings }: ToldAlert): { handle: string; severity: string } {
  return { handle: handleOf(id), severity: tellings.at(-1)?.group.severity ?? 'info' }
}

/** What changes after all is told anew. */
async function forgetSettled(tx: Tx, told: readonly ToldAlert[]): Promise<void> {
  for (const alerts of chunksOf(told, maxIds)) {
    await tx
      .deleteFrom('told_alert')
      .where('is_settled', '=', 1)
      .where(
        'alert',
        'in',
        alerts.map(({ id }) => id),
      )
      .execute()
  }
}

/** What cannot change any more stays as history, and is not read again. */
export async function settleTold(tx: Tx, alerts: readonly string[]): Promise<void> {
  for (const ids of chunksOf(alerts, maxIds)) {
    await tx.updateTable('told_alert').set({ is_settled: 1 }).where('alert', 'in', ids).execute()
  }
}

/** Those that may still change, in the order in which they were first told. */
export async function readTold(tx: Tx, caseId: string): Promise<ToldAlert[]> {
  const rows = await tx
    .selectFrom('told_alert')
    .select(['alert', 'record'])
    .where('case_id', '=', caseId)
    .where('is_settled', '=', sql.lit(0))
    .orderBy('seq')
    .execute()
  return rows.map(({ alert, record }) =>
    decode<ToldAlert>(record, `the told alert "${alert}"`, toldShape),
  )
}

/** Settled ones too, the newest first. */
export async function findTold(
  tx: Tx,
  by: { handle: string } | { caseId: string },
  { limit }: { limit: number },
): Promise<ToldAlert[]> {
  const rows = await tx
    .selectFrom('told_alert')
    .select(['alert', 'record'])
    .where(({ eb, and }) =>
      'caseId' in by
        ? eb('case_id', '=', by.caseId)
        : and([eb('handle', '>=', by.handle), eb('handle', '<', `${by.handle}g`)]),
    )
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ alert, record }) =>
    decode<ToldAlert>(record, `the told alert "${alert}"`, toldShape),
  )
}

/** Red alerts that some channel was to be told of since, each with when that was decided first. */
export async function readRed(
  tx: Tx,
  since: number,
): Promise<{ alert: ToldAlert; toldAt: number }[]> {
  const rows = await tx
    .selectFrom('told_alert')
    .innerJoin('delivery', 'delivery.alert', 'told_alert.alert')
    .select(['told_alert.alert', 'told_alert.record'])
    .select(({ fn }) => fn.min('delivery.decided_at').as('told_at'))
    .where('told_alert.severity', '=', sql.lit('red'))
    .groupBy(['told_alert.alert', 'told_alert.record'])
    .having(({ eb, fn }) => eb(fn.min('delivery.decided_at'), '>=', since))
    .execute()
  return rows.map(({ alert, record, told_at }) => {
    const what = `the told alert "${alert}"`
    return {
      alert: decode<ToldAlert>(record, what, toldShape),
      toldAt: decodeInt(told_at ?? 0, what),
    }
  })
}

async function lastSeq(
  tx: Tx,
  table: 'alert_group' | 'told_alert',
  caseId: string,
): Promise<number> {
  const { last } = await tx
    .selectFrom(table)
    .select(({ fn }) => fn.max('seq').as('last'))
    .where('case_id', '=', caseId)
    .executeTakeFirstOrThrow()
  return Number(last ?? 0)
}
