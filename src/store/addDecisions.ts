import { sql } from 'kysely'
import type { Dialect, Tx } from './schema.ts'

/**
 * Version 2: what people decide, timelines, the audit log, paths, and hops that are found by their parties. A database
 * of version 1 has the hops it has; those are found again once the case is worked out anew.
 */
export async function addDecisions(tx: Tx, dialect: Dialect): Promise<void> {
  const serial = dialect === 'postgres' ? 'bigserial' : 'integer'
  for (const step of [
    sql`alter table account add column first_payer text`,
    sql`alter table account add column path text not null default ''`,
    sql`alter table hop add column time bigint not null default 0`,
    sql`alter table hop add column transaction_hash text not null default ''`,
    sql`alter table hop add column payer text not null default ''`,
    sql`alter table hop add column payee text not null default ''`,
    sql`alter table told_alert add column handle text not null default ''`,
    sql`alter table told_alert add column severity text not null default 'info'`,
    sql`alter table telling add column topic text not null default 'moved'`,
    sql`alter table telling add column parent text`,
    sql`create table standing (kind text not null, entry text not null, record text not null, primary key (kind, entry))`,
    sql`create table timeline (case_id text not null, entry text not null, at bigint not null, record text not null, primary key (case_id, entry))`,
    sql`create table audit (seq ${sql.raw(serial)} primary key, at bigint not null, reference text not null, account text not null, outcome text not null, record text not null)`,
    sql`create index timeline_at on timeline (case_id, at)`,
    sql`create index hop_time on hop (case_id, time)`,
    sql`create index hop_transaction on hop (case_id, transaction_hash)`,
    sql`create index hop_payer on hop (case_id, payer)`,
    sql`create index hop_payee on hop (case_id, payee)`,
    sql`create index told_alert_handle on told_alert (handle)`,
    sql`create index told_alert_case on told_alert (case_id, seq)`,
    sql`create index told_alert_red on told_alert (severity, alert) where severity = 'red'`,
    sql`create index delivery_of_alert on delivery (alert, decided_at)`,
  ]) {
    await step.execute(tx)
  }
  for (const step of dialect === 'postgres' ? frozenInPostgres : frozenInSqlite) {
    await step.execute(tx)
  }
}

/** No line of the audit log is ever changed or taken out, not even by a fault of ours. */
const frozenInSqlite = [
  sql`create trigger audit_kept before delete on audit begin select raise(abort, 'the audit log is append-only'); end`,
  sql`create trigger audit_unchanged before update on audit begin select raise(abort, 'the audit log is append-only'); end`,
]
const frozenInPostgres = [
  sql`create function refuse_audit_change() returns trigger as $$ begin raise exception 'the audit log is append-only'; end $$ language plpgsql`,
  sql`create trigger audit_frozen before update or delete on audit for each row execute function refuse_audit_change()`,
]
