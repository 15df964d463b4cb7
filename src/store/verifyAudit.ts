import { sql } from 'kysely'
import type { AuditCheck, AuditFault, AuditHead } from '#types/audit.ts'
import type { AuditEntry } from '#types/standing.ts'
import { type AuditLine, hashLine, pageLines, readLines, startOfChain } from './auditLine.ts'
import { decode } from './codec.ts'
import { explainBreak } from './explainBreak.ts'
import type { Tx } from './schema.ts'

type Transact = <Result>(action: (tx: Tx) => Promise<Result>) => Promise<Result>

/**
 * Checks the audit log from its first line to its head. Lines that are written meanwhile are checked too.
 * Reading says the same every time: nothing is mended.
 */
export async function verifyAudit(
  transact: Transact,
  { noted: wanted }: { noted?: string } = {},
): Promise<AuditCheck> {
  const found: AuditCheck = { lines: 0, head: startOfChain, fault: null, noted: null }
  note(found, startOfChain, wanted)
  /** The head as it was read once all lines had been. */
  let end: AuditHead | null = null
  for (;;) {
    const page = await transact((tx) => readLines(tx, found.lines > 0 ? found.head.seq : null))
    for (const line of page) {
      const fault = await checkLine(transact, line, found.head)
      if (fault) return { ...found, fault }
      found.lines += 1
      found.head = { seq: Number(line.seq), hash: String(line.hash) }
      note(found, found.head, wanted)
    }
    if (page.length === pageLines) continue
    if (end !== null && page.length === 0) {
      return { ...found, fault: await checkEnd(transact, found.head, end) }
    }
    end = await transact(readEnd)
    if (end === null) return { ...found, fault: headless(found.head) }
  }
}

function note(found: AuditCheck, head: AuditHead, wanted: string | undefined): void {
  if (wanted !== undefined && head.hash.startsWith(wanted)) found.noted ??= head
}

/** Every line in pages, in order. */
async function* scanLines(transact: Transact): AsyncGenerator<AuditLine[]> {
  let after: string | null = null
  for (;;) {
    const page: AuditLine[] = await transact((tx) => readLines(tx, after))
    if (page.length > 0) yield page
    if (page.length < pageLines) return
    after = page.at(-1)?.seq ?? null
  }
}

async function readEnd(tx: Tx): Promise<AuditHead | null> {
  const { rows } = await sql<{ seq: string; hash: unknown }>`
    select cast(seq as text) as seq, hash from audit_head where id = 1`.execute(tx)
  const [row] = rows
  return row ? { seq: Number(row.seq), hash: String(row.hash) } : null
}

async function checkLine(
  transact: Transact,
  line: AuditLine,
  last: AuditHead,
): Promise<AuditFault | null> {
  const seq = Number(line.seq)
  const isNext = Number.isSafeInteger(seq) && seq > last.seq
  if (!isNext || hashLine(line, last.hash, seq) !== line.hash) {
    const end = (await transact(readEnd))?.seq ?? 0
    return await explainBreak(scanLines(transact), line, { last, end })
  }
  const column = wrongColumn(line)
  return column === null
    ? null
    : { seq, what: 'changed', why: `its column ${column} is not what its record says` }
}

/** The hash is over the record; the columns beside it say the same for those who look a line up. */
function wrongColumn(line: AuditLine): string | null {
  try {
    const entry = decode<AuditEntry>(String(line.record), 'a line of the audit log')
    const columns = ['at', 'reference', 'account', 'outcome'] as const
    return columns.find((name) => line[name] !== String(entry[name])) ?? null
  } catch {
    return 'record'
  }
}

/** @param end the head, which was written together with its line, so that it is no older than the lines read before it */
async function checkEnd(
  transact: Transact,
  last: AuditHead,
  end: AuditHead,
): Promise<AuditFault | null> {
  if (!Number.isSafeInteger(end.seq)) return headless(last)
  if (end.seq > last.seq) {
    const why = `the head of the log is line ${end.seq}`
    return { seq: last.seq + 1, what: 'cut off', why }
  }
  if (end.seq < last.seq) {
    for await (const page of scanLines(transact)) {
      const first = page.find(({ seq }) => Number(seq) > end.seq)
      const why = `the head of the log is line ${end.seq}`
      if (first) return { seq: Number(first.seq), what: 'added', why }
    }
  }
  if (end.hash === last.hash) return null
  const why = 'the head of the log has another hash, so it or a line before it was written anew'
  return { seq: last.seq, what: 'changed', why }
}

function headless({ seq }: AuditHead): AuditFault {
  return { seq: seq + 1, what: 'cut off', why: 'the head of the log is gone' }
}
