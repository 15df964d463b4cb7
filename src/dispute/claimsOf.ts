import type { AlertGroup } from '#types/alert.ts'
import type { Freeze } from '#types/freeze.ts'
import type { Claims } from './disputesOn.ts'

/** What a card says something of. */
export function claimsOf(caseId: string, { head, last }: AlertGroup): Claims {
  const both = [head, last]
  return {
    caseId,
    addresses: both.flatMap(({ address, hop }) => [address, ...(hop ? [hop.from, hop.to] : [])]),
    transactions: both.map(({ transaction }) => transaction),
  }
}

export function claimsOfFreeze({ id, caseId, address, arrivals, sweptTo }: Freeze): Claims {
  return {
    caseId,
    addresses: [address, ...(sweptTo ? [sweptTo] : [])],
    transactions: arrivals.map(({ transaction }) => transaction),
    freeze: id,
  }
}
