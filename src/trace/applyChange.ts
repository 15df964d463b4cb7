import { UnbalancedLedgerError } from '#errors/case.ts'
import type { Address } from '#types/chain.ts'
import {
  type Account,
  type Ledger,
  type LedgerChange,
  type SavedLedgerChange,
  type Totals,
  type Trail,
  trailPolicies,
} from '#types/trail.ts'
import { openLedger } from './draft.ts'
import { policies } from './policies.ts'
import { recount } from './recount.ts'

/**
 * Puts a change into a trail. The only function that alters a trail: accounts are replaced, never altered, so what an
 * undo holds stays true.
 */
export function applyChange(trail: Trail, changes: readonly SavedLedgerChange[]): void {
  for (const { accounts, dust, ...books } of changes) {
    const ledger = ledgerOf(trail, books.asset)
    trail.ledgers.set(books.asset, ledger)
    putAll(ledger.accounts, accounts)
    putAll(ledger.dust, dust)
    Object.assign(ledger, books)
  }
}

/**
 * A change with the totals that it leads to.
 * @throws UnbalancedLedgerError
 */
export function countChange(trail: Trail, changes: readonly LedgerChange[]): SavedLedgerChange[] {
  return changes.map((change) => {
    const ledger = ledgerOf(trail, change.asset)
    const totals: Totals = recount(ledger, change.accounts)
    checkBooks(trail.caseId, ledger, { ...change, totals })
    return { ...change, stolen: ledger.stolen, totals }
  })
}

/** Everything stolen is in exactly one place, before anything is saved: what a node told may have been made up. */
function checkBooks(
  caseId: string,
  { asset, policies: names, stolen }: Ledger,
  { totals, fees, dropped, swappedIn, swappedOut }: LedgerChange & { totals: Totals },
): void {
  for (const [index, name] of names.entries()) {
    if (!policies[name].conserves) continue
    const came = stolen + (swappedIn[index] ?? 0n)
    let sum = (fees[index] ?? 0n) + (dropped[index] ?? 0n) + (swappedOut[index] ?? 0n)
    let isNegative = false
    for (const parts of totals.values()) {
      const amount = parts[index]?.amount ?? 0n
      if (amount < 0n) isNegative = true
      sum += amount
    }
    if (isNegative || sum !== came) throw new UnbalancedLedgerError({ caseId, asset, policy: name })
  }
}

/** The change that brings a trail back from `changes` to where it is now. */
export function undoOf(trail: Trail, changes: readonly LedgerChange[]): SavedLedgerChange[] {
  return changes.map(({ asset, accounts, dust }) => {
    const ledger = ledgerOf(trail, asset)
    const { stolen, fees, dropped, swappedIn, swappedOut, totals } = ledger
    const before = new Map<Address, Account | undefined>()
    for (const address of accounts.keys()) before.set(address, ledger.accounts.get(address))
    const dustBefore = new Map<Address, bigint | undefined>()
    for (const address of dust.keys()) dustBefore.set(address, ledger.dust.get(address))
    const books = { stolen, fees, dropped, swappedIn, swappedOut, totals }
    return { asset, ...books, accounts: before, dust: dustBefore }
  })
}

function ledgerOf({ ledgers }: Trail, asset: string): Ledger {
  // What was stolen has one from the start, what it is swapped into from then on.
  return ledgers.get(asset) ?? openLedger({ asset, policies: trailPolicies })
}

function putAll<Value>(
  into: Map<Address, Value>,
  values: ReadonlyMap<Address, Value | undefined>,
): void {
  for (const [address, value] of values) {
    if (value === undefined) into.delete(address)
    else into.set(address, value)
  }
}
