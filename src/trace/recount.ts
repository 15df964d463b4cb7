import type { Address } from '#types/chain.ts'
import type { Account, Ledger, Place, Totals } from '#types/trail.ts'
import { holdingAt } from './holdingAt.ts'
import { stolenIn } from './policies.ts'

/** The totals of a ledger once `accounts` have taken the place of today's; `undefined` is an account taken off. */
export function recount(
  { totals, policies, accounts: today }: Ledger,
  accounts: ReadonlyMap<Address, Account | undefined>,
): Totals {
  const sums = new Map(
    [...totals].map(([place, parts]) => [place, parts.map((part) => ({ ...part }))]),
  )

  function count(account: Account, sign: 1 | -1): void {
    const place = placeOf(account)
    const parts = sums.get(place) ?? policies.map(() => ({ amount: 0n, addresses: 0 }))
    sums.set(place, parts)
    for (const [index, part] of parts.entries()) {
      const amount = stolenIn(holdingAt(account, index))
      if (amount === 0n) continue
      part.amount += BigInt(sign) * amount
      part.addresses += sign
    }
  }

  for (const [address, account] of accounts) {
    const before = today.get(address)
    if (before && before !== account) count(before, -1)
    if (account && before !== account) count(account, 1)
  }
  return sums
}

function placeOf({ stop }: Account): Place {
  if (stop === null) return 'on the trail'
  return stop === 'busy' ? 'parked' : stop
}
