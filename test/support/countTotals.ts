import type { Account, Ledger, Totals } from '#types/trail.ts'

type Part = { amount: bigint; addresses: number }

/** The totals of a ledger, counted from its accounts alone; a deliberately naive reference. */
export function countTotals(
  { policies }: Pick<Ledger, 'policies'>,
  accounts: Iterable<Account>,
): Record<string, Part[]> {
  const totals: Record<string, Part[]> = {}
  for (const { stop, holdings } of accounts) {
    const place = stop === null ? 'on the trail' : stop === 'busy' ? 'parked' : stop
    const parts = totals[place] ?? policies.map(() => ({ amount: 0n, addresses: 0 }))
    totals[place] = parts
    for (const [index, { amount, lots, first }] of holdings.entries()) {
      const held = lots.slice(first).reduce((sum, { start, end }) => sum + end - start, amount)
      const part = parts[index]
      if (!part || held === 0n) continue
      part.amount += held
      part.addresses += 1
    }
  }
  return withoutEmpty(Object.entries(totals))
}

/** Totals without the places where nothing is held. */
export function heldTotals(totals: Totals): Record<string, Part[]> {
  return withoutEmpty([...totals].map(([place, parts]) => [place, [...parts]]))
}

function withoutEmpty(totals: [string, Part[]][]): Record<string, Part[]> {
  return Object.fromEntries(
    totals.filter(([, parts]) =>
      parts.some(({ amount, addresses }) => amount !== 0n || addresses !== 0),
    ),
  )
}
