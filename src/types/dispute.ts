import type { Address } from './chain.ts'
import type { Signed } from './standing.ts'

/** What is disputed: what an address is called, that a payment carried stolen value, or a request to hold. */
export type DisputeSubject =
  | { kind: 'label'; address: Address }
  | { kind: 'hop'; transaction: string }
  | { kind: 'freeze'; freeze: string }

export const disputeVerdicts = ['upheld', 'rejected'] as const
export type DisputeVerdict = (typeof disputeVerdicts)[number]

/** Opinions against a claim, of several organizations side by side, and what a lead of the house made of them. */
export type Dispute = {
  /** Eight hex digits. */
  id: string
  caseId: string
  subject: DisputeSubject
  /** The oldest first; whoever disputes again puts the new words in the place of the old. */
  opinions: readonly { by: Signed; reason: string; withdrawn: boolean }[]
  /** `null` while it is open. */
  decision: { verdict: DisputeVerdict | 'withdrawn'; by: Signed; note: string } | null
}
