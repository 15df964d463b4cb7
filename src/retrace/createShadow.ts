import { applyCaseChange } from '#src/case/applyCaseChange.ts'
import { findCandidates } from '#src/case/candidates.ts'
import { findContracts, findGap } from '#src/case/contracts.ts'
import { decideBlock } from '#src/case/decideBlock.ts'
import { decideReorg } from '#src/case/decideReorg.ts'
import { openCase } from '#src/case/openCase.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import type { Context } from '#src/context.ts'
import { followBlock, type PriorBalances } from '#trace/followBlock.ts'
import type { ToldAlert } from '#types/alert.ts'
import type { Case } from '#types/case.ts'
import type { Address, AssetId, Block, BlockRef, ChainReader } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { StandingChange } from '#types/standing.ts'
import type { Hop, SeenTransaction, TrailChange } from '#types/trail.ts'
import { carryBalances, type KnownBalances, learnBalances } from './knownBalances.ts'

/** A case as it would be had everything that is decided now stood from the theft on. All of it is in memory. */
export type Shadow = {
  open: OpenCase
  hops: Hop[]
  seen: SeenTransaction[]
  /** Every alert, settled ones too. */
  told: Map<string, ToldAlert>
  known: KnownBalances
  /** What was learned of addresses where blocks were read again. */
  standing: StandingChange[]
}

/** Opens the shadow of a case at its theft. */
export function createShadow(context: Context, theft: Case): Shadow {
  const open = openCase(theft, rulesOf(context, theft))
  return { open, hops: [], seen: [], told: new Map(), known: new Map(), standing: [] }
}

/**
 * Follows a block of which the transactions that the case has seen are known. Answers whether that was enough; where an
 * address is reached that nobody watched, nothing has changed: that block and those after it must be read again.
 */
export function followSeen(
  context: Context,
  shadow: Shadow,
  { block, seen }: { block: Block; seen: readonly SeenTransaction[] },
): boolean {
  const { open, known } = shadow
  const rules = rulesOf(context, open.case)
  const { serviceOf } = rules
  const watchedFrom = learnBalances(known, seen, { trail: open.trail, serviceOf })
  const change = followBlock(open.trail, block, { rules, balances: known })
  const isEarlier = change.seen.some(({ transaction, opened = [] }) => {
    const place = seen.findIndex((each) => each.transaction.hash === transaction.hash)
    return opened.some(
      ({ asset, address }) => place < (watchedFrom.get(`${asset} ${address}`) ?? 0),
    )
  })
  if (change.missing.length > 0 || isEarlier) return false
  take(context, shadow, { block, change })
  carryBalances(known, block, open.trail)
  return true
}

/** Follows a block that was read again, with balances from the chain. */
export async function followRead(
  context: Context,
  shadow: Shadow,
  { block, reader }: { block: Block; reader: ChainReader },
): Promise<void> {
  const { trail } = shadow.open
  const balances = new Map<AssetId, Map<Address, bigint>>()
  const at = { number: block.number - 1, hash: block.parentHash }
  for (;;) {
    const change = followBlock(trail, block, {
      rules: rulesOf(context, shadow.open.case),
      balances: balances as PriorBalances,
    })
    if (change.missing.length === 0) {
      shadow.standing.push(
        ...(await findContracts(context, reader, { open: shadow.open, block, change })),
        ...findGap(context, shadow.open, change),
        ...findCandidates(withFound(context, shadow), shadow.open, block).standing,
      )
      return take(context, shadow, { block, change })
    }
    for (const { asset, address } of change.missing) {
      const known = balances.get(asset) ?? new Map<Address, bigint>()
      balances.set(asset, known)
      known.set(address, await reader.readBalance({ asset, address, at }))
    }
  }
}

/** What stands, and what this retrace has found that bridges may have paid out. */
function withFound(
  { standing: { passage, candidate: before } }: Context,
  shadow: Shadow,
): { standing: Pick<Context['standing'], 'passage' | 'candidate'> } {
  const candidate = new Map(before)
  for (const { kind, key, value } of shadow.standing) {
    if (kind !== 'candidate') continue
    if (value) candidate.set(key, value)
    else candidate.delete(key)
  }
  return { standing: { passage, candidate } }
}

function take(
  context: Context,
  shadow: Shadow,
  { block, change }: { block: Block; change: TrailChange },
): void {
  // What other cases hold today says nothing about then: meetings are judged by the hops behind them.
  const alone = { ...context, cases: new Map([[shadow.open.case.id, shadow.open]]) }
  const decided = decideBlock(alone, shadow.open, { block, change })
  applyCaseChange(shadow.open, decided)
  for (const alert of decided.told) shadow.told.set(alert.id, alert)
  shadow.hops.push(...decided.hops)
  shadow.seen.push(...decided.seen)
}

/** Takes the blocks above `ancestor` out again. */
export function rewind(context: Context, shadow: Shadow, ancestor: BlockRef): void {
  const change = decideReorg(context, shadow.open, ancestor)
  applyCaseChange(shadow.open, change)
  for (const alert of change.told) shadow.told.set(alert.id, alert)
  shadow.hops = shadow.hops.filter(({ block }) => block <= ancestor.number)
  shadow.seen = shadow.seen.filter(({ block }) => block.number <= ancestor.number)
}
