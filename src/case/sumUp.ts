import { holdingAt } from '#trace/draft.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Account, Ledger, Stop } from '#types/trail.ts'

/** One line of the books: everything stolen is in exactly one of them. */
export type Part = {
  name: 'on the trail' | 'parked' | Exclude<Stop, 'busy'> | 'fees' | 'too small to follow'
  amount: bigint
  /** Addresses that hold it; 0 for what nobody holds. */
  addresses: number
}

/** Splits the stolen value of a ledger, under the policy at `index`, by where it is. The parts sum to all of it. */
export function sumUp(ledger: Ledger, index = 0): Part[] {
  const parts = new Map<Part['name'], Part>()
  for (const account of ledger.accounts.values()) {
    const amount = stolenIn(holdingAt(account, index))
    if (amount === 0n) continue
    const name = placeOf(account)
    const part = parts.get(name) ?? { name, amount: 0n, addresses: 0 }
    parts.set(name, { name, amount: part.amount + amount, addresses: part.addresses + 1 })
  }
  const held = [...parts.values()].sort((a, b) => (a.amount > b.amount ? -1 : 1))
  return [
    ...held,
    { name: 'fees', amount: ledger.fees[index] ?? 0n, addresses: 0 },
    { name: 'too small to follow', amount: ledger.dropped[index] ?? 0n, addresses: 0 },
  ]
}

function placeOf({ stop }: Account): Part['name'] {
  if (stop === null) return 'on the trail'
  return stop === 'busy' ? 'parked' : stop
}
