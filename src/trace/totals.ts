import type { Ledger } from '#types/trail.ts'
import { holdingAt } from './holdingAt.ts'
import { stolenIn } from './policies.ts'

/** A ledger under one policy, in base units. */
export type Sums = {
  held: bigint
  fees: bigint
  dropped: bigint
  swappedIn: bigint
  swappedOut: bigint
  stolen: bigint
}

/**
 * Adds up a ledger under its policy at `index`. Under every policy but poison
 * `held + fees + dropped + swappedOut = stolen + swappedIn`.
 */
export function totalsOf(ledger: Ledger, index = 0): Sums {
  let held = 0n
  for (const account of ledger.accounts.values()) held += stolenIn(holdingAt(account, index))
  return {
    held,
    fees: ledger.fees[index] ?? 0n,
    dropped: ledger.dropped[index] ?? 0n,
    swappedIn: ledger.swappedIn[index] ?? 0n,
    swappedOut: ledger.swappedOut[index] ?? 0n,
    stolen: ledger.stolen,
  }
}
