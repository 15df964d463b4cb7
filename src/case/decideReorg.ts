import { retellAlerts } from '#alert/tellAlerts.ts'
import { DeepReorgError } from '#errors/chain.ts'
import type { Context } from '#src/context.ts'
import type { AlertGroup } from '#types/alert.ts'
import type { Address, AssetId, BlockRef } from '#types/chain.ts'
import type { CaseChange, OpenCase, Undo } from '#types/openCase.ts'
import type { Account, SavedLedgerChange } from '#types/trail.ts'
import { noChange } from './decideBlock.ts'
import { renderTellings, timelineOf } from './renderTellings.ts'

/**
 * What takes every block above `ancestor` out of a case again. Nothing is changed until `applyCaseChange`.
 * @throws DeepReorgError where that block is final already or too far back
 */
export function decideReorg(context: Context, open: OpenCase, ancestor: BlockRef): CaseChange {
  const undone = open.undo.filter(({ number }) => number > ancestor.number).reverse()
  const [oldest] = open.undo
  const last =
    open.undo.findLast(({ number }) => number <= ancestor.number) ??
    // Nothing was followed before the first block, so that all of it can be undone.
    (oldest?.hash === '' ? oldest : undefined)
  if (!last) throw new DeepReorgError({ chain: open.case.chain, blocks: open.undo.length - 1 })
  const told = retellAlerts(open.told, ancestor.number)
  const { number, hash, time } = last
  return {
    ...noChange(open),
    // The one before the first was not followed.
    head: hash === '' ? null : { number, hash, time },
    rewindTo: ancestor.number,
    ledgers: mergeLedgers(undone),
    groups: new Map(undone.flatMap(({ groups }) => [...groups])) as ReadonlyMap<
      string,
      AlertGroup | undefined
    >,
    told,
    tellings: renderTellings(context, open, told),
    timeline: timelineOf(context, open, told),
  }
}

/** The ledgers before a run of blocks, given the newest first: what an older one says replaces what a newer one said. */
function mergeLedgers(undone: readonly Undo[]): SavedLedgerChange[] {
  const merged = new Map<AssetId, SavedLedgerChange>()
  for (const change of undone.flatMap(({ ledgers }) => ledgers)) {
    const newer = merged.get(change.asset)
    const accounts = new Map<Address, Account | undefined>([
      ...(newer?.accounts ?? []),
      ...change.accounts,
    ])
    const dust = new Map<Address, bigint | undefined>([...(newer?.dust ?? []), ...change.dust])
    merged.set(change.asset, { ...change, accounts, dust })
  }
  return [...merged.values()]
}
