import type { Account, Holding } from '#types/trail.ts'

/** The holding under the policy at `index` of the ledger. */
export function holdingAt(account: Account, index: number): Holding {
  const holding = account.holdings[index]
  if (!holding) throw new RangeError('An account has one holding for each policy of its ledger.')
  return holding
}
