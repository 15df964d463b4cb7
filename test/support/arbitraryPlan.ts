import fc from 'fast-check'
import { createBalanceHistory } from '#adapters/chain/recorded/createBalanceHistory.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import type { Case } from '#types/case.ts'
import {
  type Asset,
  type Block,
  type ChainReader,
  maxUndoBlocks,
  type Transaction,
} from '#types/chain.ts'
import type { HouseRules } from '#types/houseRules.ts'
import { arbitraryRows, arbitrarySeeds, manyRows, toRecording } from './arbitraryRows.ts'
import { bareRules, caseOf } from './followRows.ts'
import { cutBlocks, growBlocks } from './growBlocks.ts'
import { createScriptedChain, type ScriptedBranch } from './scriptedChain.ts'
import type { OracleRow } from './traceOracle.ts'

/** A made-up theft and the branches that its chain goes through; the last one wins. */
export type Plan = {
  theft: Case
  rules: HouseRules
  branches: ScriptedBranch[]
  readAhead: number
}

const token: Asset = { id: `eip155:1/erc20:0x${'7'.repeat(40)}`, symbol: 'TST', decimals: 6 }

/** One change of the chain's mind. */
const arbitrarySwitch = fc.record({
  depth: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 8 }) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 40 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 128 }) },
  ),
  /** How much longer than what it replaces, or shorter. */
  growth: fc.integer({ min: -6, max: 14 }),
  /** Mined in the new branch only. */
  rows: fc.oneof(arbitraryRows, manyRows),
  /** Which of the undone transactions are mined again. */
  returns: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
  /** Blocks by which the node lags before; 0 for not at all. */
  lag: fc.constantFrom(0, 0, 0, 1, 5, 20),
})

export const arbitraryPlan: fc.Arbitrary<Plan> = fc
  .record({
    seeds: arbitrarySeeds,
    tokenSeeds: fc.oneof(fc.constant<Seeds>([]), arbitrarySeeds),
    rows: manyRows,
    stretch: fc.constantFrom(1, 1, 1, 2, 5),
    switches: fc.array(arbitrarySwitch, { minLength: 1, maxLength: 4 }),
    /** How much of what may be final is. */
    finality: fc.constantFrom(null, 0, 0.5, 1),
    readAhead: fc.constantFrom(1, 5),
    rules: fc.constantFrom(bareRules, {
      ...bareRules,
      dustPerMillion: 50_000n,
      busyStrangers: 0,
    }),
    foldMinutes: fc.constantFrom(0.2, 1, 5, 60),
    dormantDays: fc.constantFrom(0.0005, 10),
  })
  .map(({ seeds, tokenSeeds, rows, stretch, switches, finality, ...options }) => {
    const theft = caseWithToken(seeds, tokenSeeds)
    const mined = transactionsOf(rows, 0, tokenSeeds.length > 0)
    const first = placeAt(mined, (number) => number * stretch)
    const to = Math.max(0, ...first.keys()) + 1
    let chain = growBlocks([], { to, transactionsOf: (number) => first.get(number) ?? [] })
    const steps = [{ chain, ancestor: 0 }]
    let highest = 0
    for (const [place, change] of switches.entries()) {
      const top = chain.at(-1)?.number ?? 0
      // What is too deep for the highest block so far stays so in a shorter branch.
      highest = Math.max(highest, top)
      const ancestor = Math.max(0, top - change.depth, highest - maxUndoBlocks)
      if (change.lag > 0) {
        const old = cutBlocks(chain, Math.max(0, top - change.lag))
        steps.push({ chain: old, ancestor: top })
      }
      const fresh = transactionsOf(change.rows, place + 1, tokenSeeds.length > 0)
      chain = branchOff(chain, { ...change, ancestor, fresh, branch: `fork${place}-` })
      steps.push({ chain, ancestor })
    }
    const rules = {
      ...options.rules,
      foldMinutes: options.foldMinutes,
      dormantDays: options.dormantDays,
    }
    return { theft, rules, branches: finalize(steps, finality), readAhead: options.readAhead }
  })

/** What a chain that plays a plan gives; balances are those of the branch that is there at the time. */
export function createPlannedChain(
  { readAhead }: Pick<Plan, 'readAhead'>,
  branches: readonly ScriptedBranch[],
): ChainReader {
  const histories = new WeakMap<object, ReturnType<typeof createBalanceHistory>>()
  return createScriptedChain(branches, {
    readAhead,
    balanceOf({ asset, address, at }, blocks) {
      const history = histories.get(blocks) ?? createBalanceHistory(blocks)
      histories.set(blocks, history)
      return history.balanceAfter(asset, address, at.number)
    },
  })
}

type Seeds = { address: string; amount: bigint }[]

function caseWithToken(seeds: Seeds, tokenSeeds: Seeds): Case {
  const theft = caseOf(seeds)
  const more = tokenSeeds.map((seed) => ({ ...seed, asset: token.id }))
  return {
    ...theft,
    followAfter: 0,
    assets: more.length > 0 ? [ethereum.native, token] : [ethereum.native],
    sources: [...theft.sources, ...more],
  }
}

/** Transactions of rows by block; each branch has its own hashes, and some move a token. */
function transactionsOf(
  rows: readonly OracleRow[],
  branch: number,
  withToken: boolean,
): Map<number, Transaction[]> {
  const byBlock = new Map<number, Transaction[]>()
  for (const [place, { block, transaction }] of toRecording(rows).entries()) {
    const hash = `0x${branch.toString(16)}${transaction.hash.slice(3)}`
    const isToken = withToken && place % 2 === 0
    const transfers = transaction.transfers.map((transfer) => ({
      ...transfer,
      to: transfer.to.startsWith('contract') ? `contract-creation:${hash}` : transfer.to,
      ...(isToken && { asset: token.id, position: 'l0' }),
    }))
    byBlock.set(block, [...(byBlock.get(block) ?? []), { ...transaction, hash, transfers }])
  }
  return byBlock
}

function placeAt(
  mined: Map<number, Transaction[]>,
  place: (number: number) => number,
): Map<number, Transaction[]> {
  const placed = new Map<number, Transaction[]>()
  for (const [number, transactions] of mined) {
    const at = place(number)
    placed.set(at, [...(placed.get(at) ?? []), ...transactions])
  }
  return placed
}

/** Another branch from `ancestor` on: some of what is undone is mined again, elsewhere and between other things. */
function branchOff(
  chain: readonly Block[],
  {
    ancestor,
    growth,
    fresh,
    returns,
    branch,
  }: {
    ancestor: number
    growth: number
    fresh: Map<number, Transaction[]>
    returns: boolean[]
    branch: string
  },
): Block[] {
  const undone = chain.filter(({ number }) => number > ancestor)
  const length = Math.max(1, undone.length + growth)
  const placed = placeAt(fresh, (number) => ancestor + 1 + (number % length))
  const back = undone
    .flatMap(({ transactions }) => transactions)
    .filter((_, place) => returns[place % returns.length])
  for (const [place, transaction] of back.entries()) {
    const number = ancestor + 1 + Math.floor((place * length) / back.length)
    placed.set(number, [transaction, ...(placed.get(number) ?? [])])
  }
  return growBlocks(cutBlocks(chain, ancestor), {
    to: ancestor + length,
    branch,
    transactionsOf: (number) => placed.get(number) ?? [],
  })
}

/** Says with each head how much of it no later branch undoes. */
function finalize(
  steps: readonly { chain: Block[]; ancestor: number }[],
  share: number | null,
): ScriptedBranch[] {
  return steps.map(({ chain: blocks }, place) => {
    if (share === null) return { blocks }
    const later = steps.slice(place + 1).map(({ ancestor }) => ancestor)
    const most = Math.min(blocks.at(-1)?.number ?? 0, ...later)
    return { blocks, finalized: Math.floor(most * share) }
  })
}
