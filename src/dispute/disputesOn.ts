import type { Address } from '#types/chain.ts'
import type { Dispute } from '#types/dispute.ts'
import { formatTime } from '#utils/formatTime.ts'
import { showAddress } from '#utils/parseAddress.ts'

/** What a card says something of. */
export type Claims = {
  caseId: string
  addresses: readonly Address[]
  transactions: readonly string[]
  freeze?: string
}

/** Disputes that are open or upheld on what a card says: pure. */
export function disputesOn(disputes: Iterable<Dispute>, claims: Claims): Dispute[] {
  return [...disputes].filter(
    (dispute) =>
      isStanding(dispute) && dispute.caseId === claims.caseId && isAbout(dispute, claims),
  )
}

/** Whether a card says what is disputed. */
export function isAbout({ subject }: Dispute, claims: Claims): boolean {
  switch (subject.kind) {
    case 'label':
      return claims.addresses.includes(subject.address)
    case 'hop':
      return claims.transactions.includes(subject.transaction)
    case 'freeze':
      return claims.freeze === subject.freeze
  }
}

function isStanding({ decision }: Dispute): boolean {
  return decision === null || decision.verdict === 'upheld'
}

/** A line for each opinion, and for what was decided. */
export function describeDispute({ id, opinions, decision, subject }: Dispute): string[] {
  const lines = opinions
    .filter(({ withdrawn }) => !withdrawn)
    .map(({ by, reason }) => {
      const whose = by.organization ? `${by.name} (${by.organization})` : by.name
      return `${nameSubject(subject)}: ${reason}, says ${whose}, ${formatTime(by.at)}; dispute ${id}`
    })
  if (!decision) return lines
  const why = decision.note ? `: ${decision.note}` : ''
  return [...lines, `${decision.verdict} by ${decision.by.name}${why}`]
}

/** What is disputed, as people say it. */
export function nameSubject(subject: Dispute['subject']): string {
  switch (subject.kind) {
    case 'label':
      return `the label of ${showAddress(subject.address)}`
    case 'hop':
      return `the payment ${subject.transaction}`
    case 'freeze':
      return `the freeze ${subject.freeze}`
  }
}
