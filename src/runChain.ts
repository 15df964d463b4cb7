import { decideAlerts } from '#alert/decideAlerts.ts'
import { closeGroups, groupAlerts } from '#alert/groupAlerts.ts'
import { type AlertFacts, renderAlert, renderRetraction } from '#alert/renderAlert.ts'
import { watchChain } from '#chain/watchChain.ts'
import { advanceCase } from '#src/case/advanceCase.ts'
import { rewindCase, settleCase } from '#src/case/rewindCase.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import { followBlock, type PriorBalances } from '#trace/followBlock.ts'
import type { AlertGroup } from '#types/alert.ts'
import type { Address, AssetId, Block, BlockRef, ChainReader } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { TrailChange } from '#types/trail.ts'
import type { Context } from './context.ts'
import { deliver } from './deliver.ts'

/**
 * The trace loop of one chain: follows its blocks through every open case and tells what happens, until the chain
 * ends or the signal is given.
 * - block: follow it, decide what to tell, take it in, tell.
 * - reorg: take the undone blocks out of every case and retract what was told of them.
 * - finalize: forget how to undo.
 */
export async function runChain(
  context: Context,
  reader: ChainReader,
  {
    after,
    signal,
    caseIds,
  }: {
    after: number
    signal: AbortSignal
    /** A recording holds the transactions of one case alone. @default every case on the chain */
    caseIds?: readonly string[]
  },
): Promise<void> {
  for await (const event of watchChain(reader, { after, signal })) {
    for (const open of casesOn(context, reader.chain, caseIds)) {
      switch (event.type) {
        case 'block':
          await handleBlock(context, reader, open, event.block)
          break
        case 'reorg':
          await handleReorg(context, open, event.ancestor)
          break
        case 'finalize':
          settleCase(open, event)
          break
      }
    }
  }
}

/** Tells what folded alerts have not told yet, when no block will come any more. */
export async function tellRest(context: Context): Promise<void> {
  for (const open of context.cases.values()) {
    for (const group of closeGroups(open.groups)) await tell(context, open, group)
    open.groups = new Map()
  }
}

async function handleBlock(
  context: Context,
  reader: ChainReader,
  open: OpenCase,
  block: Block,
): Promise<void> {
  const change = await followWithBalances(context, reader, open, block)
  const otherCases = (address: Address) => casesHolding(context, address, open)
  const { rules } = context
  const alerts = decideAlerts(open.trail, { block, change, rules, otherCases })
  const foldSeconds = rules.foldMinutes * 60
  const grouping = groupAlerts(open.groups, { alerts, time: block.time, foldSeconds })
  advanceCase(open, { block, change, groups: grouping.groups })
  for (const group of grouping.tell) await tell(context, open, group)
}

async function handleReorg(context: Context, open: OpenCase, ancestor: BlockRef): Promise<void> {
  const before = open.groups
  rewindCase(open, { ancestor: ancestor.number })
  for (const group of before.values()) {
    if (group.head.block <= ancestor.number) continue
    await deliver(context, group, renderRetraction(group, factsOf(context, open, group)))
  }
}

/** Follows a block, reading the earlier balances of the addresses that it brings onto the trail. */
async function followWithBalances(
  context: Context,
  reader: ChainReader,
  open: OpenCase,
  block: Block,
): Promise<TrailChange> {
  const balances = new Map<AssetId, Map<Address, bigint>>()
  for (;;) {
    const change = followBlock(open.trail, block, {
      rules: rulesOf(context),
      balances: balances as PriorBalances,
    })
    if (change.missing.length === 0) return change
    for (const { asset, address } of change.missing) {
      const known = balances.get(asset) ?? new Map<Address, bigint>()
      const number = block.number - 1
      balances.set(asset, known.set(address, await reader.readBalance({ asset, address, number })))
    }
  }
}

async function tell(context: Context, open: OpenCase, group: AlertGroup): Promise<void> {
  await deliver(context, group, renderAlert(group, factsOf(context, open, group)))
}

function factsOf(context: Context, open: OpenCase, { head }: AlertGroup): AlertFacts {
  const chain = context.chains.get(open.case.chain)
  const [first] = open.trail.ledgers.values()
  const ledger = head.hop ? open.trail.ledgers.get(head.hop.asset) : first
  if (!chain || !ledger) throw new RangeError('An alert belongs to a known chain and asset.')
  return { case: open.case, chain, ledger, labels: context.labels }
}

function casesOn({ cases }: Context, chain: string, caseIds?: readonly string[]): OpenCase[] {
  return [...cases.values()].filter(
    (open) => open.case.chain === chain && (caseIds?.includes(open.case.id) ?? true),
  )
}

function casesHolding({ cases }: Context, address: Address, except: OpenCase): string[] {
  return [...cases.values()]
    .filter((open) => open !== except && isOnTrail(open, address))
    .map((open) => open.case.name)
}

function isOnTrail({ trail }: OpenCase, address: Address): boolean {
  return [...trail.ledgers.values()].some(({ accounts }) => accounts.has(address))
}
