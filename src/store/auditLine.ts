import { sql } from 'kysely'
import type { AuditHead } from '#types/audit.ts'
import { hashOf } from '#utils/canonicalJson.ts'
import type { Tx } from './schema.ts'

/** Stands before the first line. */
export const startOfChain: AuditHead = { seq: 0, hash: '0'.repeat(64) }

/** Lines that are read at a time. */
export const pageLines = 1_000

/**
 * A line as the database has it: whoever tampered with it may have put anything there. Numbers are read as text, since
 * they may be too large to be numbers.
 */
export type AuditLine = Record<'seq' | 'at', string> &
  Record<'reference' | 'account' | 'outcome' | 'record' | 'hash', unknown>

/** The hash that a line would have behind another one; `null` where its record is no text. */
export function hashLine({ record }: AuditLine, previous: string, seq: number): string | null {
  if (typeof record !== 'string' || !record.isWellFormed()) return null
  return hashOf({ previous, seq, record })
}

/** A page of lines in order; `after` is the number of the line before, `null` for the first page. */
export async function readLines(tx: Tx, after: number | string | null): Promise<AuditLine[]> {
  const where = after === null ? sql`` : sql`where seq > cast(${String(after)} as bigint)`
  const { rows } = await sql<AuditLine>`
    select cast(seq as text) as seq, cast(at as text) as at, reference, account, outcome, record, hash
    from audit ${where} order by audit.seq limit ${sql.lit(pageLines)}`.execute(tx)
  return rows
}
