import type { Ledger, Place } from '#types/trail.ts'

/** One line of the books: everything stolen is in exactly one of them. */
export type Part = {
  name: Place | 'fees' | 'too small to follow' | 'swapped for another asset'
  amount: bigint
  /** Addresses that hold it; 0 for what nobody holds. */
  addresses: number
}

/** Splits the stolen value of a ledger, under the policy at `index`, by where it is. The parts sum to all of it. */
export function sumUp({ totals, fees, dropped, swappedOut }: Ledger, index = 0): Part[] {
  const swapped = swappedOut[index] ?? 0n
  const held = [...totals].flatMap(([name, parts]) => {
    const part = parts[index]
    return part && part.addresses > 0 ? [{ name, ...part }] : []
  })
  held.sort((a, b) => (a.amount > b.amount ? -1 : 1))
  return [
    ...held,
    { name: 'fees', amount: fees[index] ?? 0n, addresses: 0 },
    { name: 'too small to follow', amount: dropped[index] ?? 0n, addresses: 0 },
    ...(swapped > 0n
      ? [{ name: 'swapped for another asset' as const, amount: swapped, addresses: 0 }]
      : []),
  ]
}
