import { sql } from 'kysely'
import { hashOf } from '#utils/canonicalJson.ts'
import type { Dialect, Tx } from './schema.ts'

/** Stands before the first line. */
const noHash = '0'.repeat(64)

/** Lines that are hashed at a time. */
const pageLines = 1_000

/**
 * Version 3: each line of the audit log has a hash over itself and the hash before it, and the last one is kept apart, so
 * that a line which is changed, moved, put in or taken out is found. Lines that stand already are hashed as they are.
 */
export async function chainAudit(tx: Tx, dialect: Dialect): Promise<void> {
  if (dialect === 'postgres') await sql`lock table audit in access exclusive mode`.execute(tx)
  await sql`alter table audit add column hash text not null default ''`.execute(tx)
  await sql`create table audit_head (id integer primary key check (id = 1), seq bigint not null, hash text not null)`.execute(
    tx,
  )
  const { thaw, freeze } = dialect === 'postgres' ? postgresTriggers : sqliteTriggers
  for (const step of thaw) await step.execute(tx)
  const head = await hashLines(tx)
  for (const step of freeze) await step.execute(tx)
  await sql`insert into audit_head (id, seq, hash) values (1, ${head.seq}, ${head.hash})`.execute(
    tx,
  )
}

async function hashLines(tx: Tx): Promise<{ seq: number; hash: string }> {
  let head = { seq: 0, hash: noHash }
  for (;;) {
    const { rows } = await sql<{ seq: number | string; record: string }>`
      select seq, record from audit where seq > ${head.seq} order by seq limit ${pageLines}`.execute(
      tx,
    )
    for (const { seq: found, record } of rows) {
      const seq = Number(found)
      const hash = hashOf({ previous: head.hash, seq, record })
      await sql`update audit set hash = ${hash} where seq = ${seq}`.execute(tx)
      head = { seq, hash }
    }
    if (rows.length < pageLines) return head
  }
}

/** The same as of version 2: they let nothing be changed, and here each line is given its hash. */
const sqliteTriggers = {
  thaw: [sql`drop trigger audit_kept`, sql`drop trigger audit_unchanged`],
  freeze: [
    sql`create trigger audit_kept before delete on audit begin select raise(abort, 'the audit log is append-only'); end`,
    sql`create trigger audit_unchanged before update on audit begin select raise(abort, 'the audit log is append-only'); end`,
  ],
}
const postgresTriggers = {
  thaw: [sql`drop trigger audit_frozen on audit`],
  freeze: [
    sql`create trigger audit_frozen before update or delete on audit for each row execute function refuse_audit_change()`,
  ],
}
