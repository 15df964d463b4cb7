import { UnbalancedLedgerError } from '#errors/case.ts'
import type { Address } from '#types/chain.ts'
import type {
  Account,
  Ledger,
  LedgerChange,
  SavedLedgerChange,
  Totals,
  Trail,
} from '#types/trail.ts'
import { policies } from './policies.ts'
import { recount } from './recount.ts'

/**
 * Puts a change into a trail. The only function that alters a trail: accounts are replaced, never altered, so what an
 * undo holds stays true.
 */
export function applyChange(trail: Trail, changes: readonly SavedLedgerChange[]): void {
  for (const { asset, accounts, fees, dropped, dust, totals } of changes) {
    const ledger = ledgerOf(trail, asset)
    putAll(ledger.accounts, accounts)
    putAll(ledger.dust, dust)
    ledger.fees = fees
    ledger.dropped = dropped
    ledger.totals = totals
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
  { totals, fees, dropped }: LedgerChange & { totals: Totals },
): void {
  for (const [index, name] of names.entries()) {
    if (!policies[name].conserves) continue
    let sum = (fees[index] ?? 0n) + (dropped[index] ?? 0n)
    let isNegative = false
    for (const parts of totals.values()) {
      const amount = parts[index]?.amount ?? 0n
      if (amount < 0n) isNegative = true
      sum += amount
    }
    if (isNegative || sum !== stolen)
      throw new UnbalancedLedgerError({ caseId, asset, policy: name })
  }
}

/** The change that brings a trail back from `changes` to where it is now. */
export function undoOf(trail: Trail, changes: readonly LedgerChange[]): SavedLedgerChange[] {
  return changes.map(({ asset, accounts, dust }) => {
    const ledger = ledgerOf(trail, asset)
    const { stolen, fees, dropped, totals } = ledger
    const before = new Map<Address, Account | undefined>()
    for (const address of accounts.keys()) before.set(address, ledger.accounts.get(address))
    const dustBefore = new Map<Address, bigint | undefined>()
    for (const address of dust.keys()) dustBefore.set(address, ledger.dust.get(address))
    return { asset, stolen, fees, dropped, totals, accounts: before, dust: dustBefore }
  })
}

function ledgerOf({ ledgers }: Trail, asset: string): Ledger {
  const ledger = ledgers.get(asset)
  if (!ledger) throw new RangeError(`The trail has no ledger for the asset "${asset}".`)
  return ledger
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
