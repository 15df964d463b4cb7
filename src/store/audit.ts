import { sql } from 'kysely'
import { DamagedRecordError } from '#errors/store.ts'
import type { AuditHead } from '#types/audit.ts'
import type { AuditEntry } from '#types/standing.ts'
import { hashOf } from '#utils/canonicalJson.ts'
import { decode, decodeInt, encode } from './codec.ts'
import type { Dialect, Tx } from './schema.ts'

/** Puts a line behind the last one, and its hash over both in the place of the last hash. */
export async function saveAudit(tx: Tx, entry: AuditEntry, dialect: Dialect): Promise<void> {
  const head = await readAuditHead(tx, { isLocked: dialect === 'postgres' })
  const { at, reference, account, outcome } = entry
  const record = encode(entry)
  const seq = head.seq + 1
  const ahead = await tx
    .selectFrom('audit')
    .select('seq')
    .where('seq', '>', head.seq)
    .executeTakeFirst()
  // It would look as if that line had always been there.
  if (ahead)
    throw new DamagedRecordError({ what: 'the audit log', reason: 'it goes on behind its head' })
  const hash = hashOf({ previous: head.hash, seq, record })
  await tx
    .insertInto('audit')
    .values({ seq, at, reference, account, outcome, record, hash })
    .execute()
  await tx.updateTable('audit_head').set({ seq, hash }).where('id', '=', 1).execute()
}

/**
 * The last line. `isLocked` lets no other transaction read it so before this one has ended: two writers that put their
 * lines behind the same one would fork the chain.
 * @throws DamagedRecordError where it is gone
 */
export async function readAuditHead(
  tx: Tx,
  { isLocked = false }: { isLocked?: boolean } = {},
): Promise<AuditHead> {
  const query = tx.selectFrom('audit_head').select(['seq', 'hash']).where('id', '=', 1)
  const row = await (isLocked ? query.forUpdate() : query).executeTakeFirst()
  const what = 'the head of the audit log'
  if (!row) throw new DamagedRecordError({ what, reason: 'it is gone' })
  return { seq: decodeInt(row.seq, what), hash: row.hash }
}

/** The newest first; with `organization` the lines of its people alone, its admins left out. */
export async function readAudit(
  tx: Tx,
  { limit, organization }: { limit: number; organization?: string },
): Promise<AuditEntry[]> {
  const all = tx.selectFrom('audit').select('record')
  // No text in a line can look like these: its quotes are escaped.
  const some =
    organization === undefined
      ? all
      : all
          .where('record', 'like', `%"organization":${encode(organization)}%`)
          .where('record', 'not like', '%"role":"admin"%')
  const rows = await some.orderBy(sql.ref('seq'), 'desc').limit(limit).execute()
  const shape = { text: 'string', outcome: 'string' } as const
  return rows
    .map(({ record }) => decode<AuditEntry>(record, 'a line of the audit log', shape))
    .filter((entry) => organization === undefined || entry.organization === organization)
}
