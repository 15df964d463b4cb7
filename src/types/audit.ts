/** The last line of the audit log and its hash, which stands for all lines before it. */
export type AuditHead = { seq: number; hash: string }

/**
 * The first line of the audit log that is not as it was written, by its number:
 * `changed` says other things than were hashed, the lines from `seq` on are a `gap`, another line stands in its place
 * (`reordered`), it was never written by Posse (`added`), or it and all after it are `cut off`.
 */
export type AuditFault = {
  seq: number
  what: 'changed' | 'gap' | 'reordered' | 'added' | 'cut off'
  /** What is wrong there, as part of a sentence. */
  why: string
}

export type AuditCheck = {
  /** Lines that were read, up to the fault where there is one. */
  lines: number
  /** The last line that was found to be as it was written. */
  head: AuditHead
  fault: AuditFault | null
  /** The line that has the hash which was asked for; `null` where no good line has it. */
  noted: AuditHead | null
}
