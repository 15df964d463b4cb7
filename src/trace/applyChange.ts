import type { Account, LedgerChange, Trail } from '#types/trail.ts'

/**
 * Puts a change into a trail and answers the change that undoes it. The only function that alters a trail:
 * accounts are replaced, never altered, so what the undo holds stays true.
 */
export function applyChange(trail: Trail, changes: readonly LedgerChange[]): LedgerChange[] {
  const undo: LedgerChange[] = []
  for (const { asset, accounts, fees, dropped, dust } of changes) {
    const ledger = trail.ledgers.get(asset)
    if (!ledger) throw new RangeError(`The trail has no ledger for the asset "${asset}".`)
    const before = new Map<string, Account | undefined>()
    for (const [address, account] of accounts) {
      before.set(address, ledger.accounts.get(address))
      if (account) ledger.accounts.set(address, account)
      else ledger.accounts.delete(address)
    }
    const dustBefore = new Map<string, bigint | undefined>()
    for (const [address, amount] of dust) {
      dustBefore.set(address, ledger.dust.get(address))
      if (amount === undefined) ledger.dust.delete(address)
      else ledger.dust.set(address, amount)
    }
    const { fees: feesBefore, dropped: droppedBefore } = ledger
    undo.push({
      asset,
      accounts: before,
      fees: feesBefore,
      dropped: droppedBefore,
      dust: dustBefore,
    })
    ledger.fees = fees
    ledger.dropped = dropped
  }
  return undo
}
