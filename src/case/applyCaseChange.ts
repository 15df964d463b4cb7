import { applyChange } from '#trace/applyChange.ts'
import { maxUndoBlocks } from '#types/chain.ts'
import type { CaseChange, OpenCase } from '#types/openCase.ts'
import type { Account } from '#types/trail.ts'

/** Takes a change into a case once it is saved. The only function that alters an open case. */
export function applyCaseChange(open: OpenCase, change: CaseChange): void {
  watch(open, change)
  applyChange(open.trail, change.ledgers)
  for (const [key, group] of change.groups) {
    if (group === undefined) open.groups.delete(key)
    else open.groups.set(key, group)
  }
  for (const alert of change.told) open.told.set(alert.id, alert)
  for (const id of change.forgotten) open.told.delete(id)
  const { rewindTo, settledTo, undo } = change
  if (rewindTo !== undefined) open.undo = open.undo.filter(({ number }) => number <= rewindTo)
  if (settledTo !== undefined) {
    const reference = open.undo.findLastIndex(({ number }) => number <= settledTo)
    open.undo = open.undo.slice(Math.max(reference, 0))
  }
  if (undo) open.undo.push(undo)
  if (open.undo.length > maxUndoBlocks + 1) open.undo.shift()
  open.head = change.head
}

/** Keeps the watched addresses, and the coins at them, in step with the accounts that a change opens or takes off. */
function watch({ trail, watched }: OpenCase, { ledgers }: CaseChange): void {
  for (const { asset, accounts } of ledgers) {
    for (const [address, account] of accounts) {
      const before = trail.ledgers.get(asset)?.accounts.get(address)?.coins ?? []
      for (const { id } of before) watched.delete(id)
      for (const { id } of account?.coins ?? []) watched.add(id)
      if (isFollowed(account)) watched.add(address)
      else if (account === undefined && !isElsewhere(address)) watched.delete(address)
    }
  }

  /** On the trail in another asset of the case still, after the change. */
  function isElsewhere(address: string): boolean {
    return [...trail.ledgers.values()].some((ledger) => {
      const change = ledgers.find(({ asset }) => asset === ledger.asset)
      if (change?.accounts.has(address)) return isFollowed(change.accounts.get(address))
      return isFollowed(ledger.accounts.get(address))
    })
  }
}

/** On the trail and no service; parked ones too, since a person may judge otherwise. */
function isFollowed(account: Account | undefined): boolean {
  return account?.stop === null || account?.stop === 'busy'
}
