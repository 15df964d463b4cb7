import type { Ledger } from '#types/trail.ts'

/** All that ever was stolen value in a ledger, by the rule that says most: what shares and floors are measured by. */
export function wholeOf(ledger: Pick<Ledger, 'stolen' | 'swappedIn'> | undefined): bigint {
  if (!ledger) return 0n
  const most = ledger.swappedIn.reduce((top, amount) => (amount > top ? amount : top), 0n)
  return ledger.stolen + most
}
