import type { AuditFault, AuditHead } from '#types/audit.ts'
import { type AuditLine, hashLine, startOfChain } from './auditLine.ts'

/**
 * What became of a line whose hash does not follow from the line before: looked up in all others, since a line that was
 * moved still has the hash of its own place, and one that was put in has none behind it.
 * @param last the line before it, up to which all is well
 * @param end the number of the last line that Posse wrote
 */
export async function explainBreak(
  pages: AsyncIterable<AuditLine[]>,
  line: AuditLine,
  { last, end }: { last: AuditHead; end: number },
): Promise<AuditFault> {
  const seq = Number(line.seq)
  if (seq <= last.seq) return added(seq, 'the log begins with line 1')
  /** Where a line is missing, its own place is the first that is wrong. */
  const place = last.seq + 1
  const found: Found = { isMoved: false }
  let before = startOfChain
  for await (const page of pages) {
    for (const other of page) {
      const at = { seq: Number(other.seq), hash: String(other.hash) }
      if (at.seq <= last.seq) {
        if (at.hash === line.hash) found.original ??= at.seq
        if (found.branch === undefined && follows(line, before)) found.branch = at.seq
        before = at
        continue
      }
      found.isMoved ||= other.seq !== line.seq && follows(line, at)
      const hashes = [place, seq].map((each) => hashLine(other, last.hash, each))
      if (hashes.includes(line.hash as string)) found.isMoved = true
      else if (!hashes.includes(at.hash)) continue
      found.owner ??= { seq: other.seq, hash: at.hash }
    }
  }
  const { owner } = found
  // Three that went round: it was written right behind the one that belongs here.
  if (owner && hashLine(line, owner.hash, place + 1) === line.hash) found.isMoved = true
  return nameBreak(found, { seq, place, end })
}

type Found = {
  /** The line that it is a copy of. */
  original?: number
  /** The first line that was put in. */
  branch?: number
  /** Where the line stands that belongs here. */
  owner?: { seq: string; hash: string }
  /** Whether the line has a place of its own elsewhere. */
  isMoved: boolean
}

function nameBreak(
  { original, branch, owner, isMoved }: Found,
  { seq, place, end }: { seq: number; place: number; end: number },
): AuditFault {
  if (original === undefined && branch !== undefined) {
    return added(branch, `line ${seq} was written without it`)
  }
  if (original === undefined && owner !== undefined) {
    const why = `what belongs there stands in line ${owner.seq}`
    return isMoved || seq > place ? { seq: place, what: 'reordered', why } : added(seq, why)
  }
  // Only up to the head can lines be missing.
  if (seq > place && place <= end) {
    return { seq: place, what: 'gap', why: `the next line that is there is ${seq}` }
  }
  if (original !== undefined) return added(seq, `it is a copy of line ${original}`)
  if (seq > end) return added(seq, `the head of the log is line ${end}`)
  const why = 'its hash does not follow from what it says and from the hash before it'
  return { seq, what: 'changed', why }
}

/** Whether a line was written behind another one, also where either was moved since. */
function follows(line: AuditLine, { seq, hash }: AuditHead): boolean {
  return [seq, seq + 1, Number(line.seq)].some((at) => hashLine(line, hash, at) === line.hash)
}

function added(seq: number, why: string): AuditFault {
  return { seq, what: 'added', why }
}
