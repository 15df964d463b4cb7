import { createBalanceHistory } from '#adapters/chain/recorded/createBalanceHistory.ts'
import type { RecordedTransaction } from '#adapters/chain/recorded/readRecording.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { rules } from '#config/rules.ts'
import { applyCaseChange } from '#src/case/applyCaseChange.ts'
import { noChange } from '#src/case/decideBlock.ts'
import { decideReorg } from '#src/case/decideReorg.ts'
import { openCase } from '#src/case/openCase.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import type { Context } from '#src/context.ts'
import { countChange, undoOf } from '#trace/applyChange.ts'
import { followBlock } from '#trace/followBlock.ts'
import type { AddressSet } from '#types/addressSet.ts'
import type { Case } from '#types/case.ts'
import type { Address, Block } from '#types/chain.ts'
import type { HouseRules } from '#types/houseRules.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Standing } from '#types/standing.ts'
import type { Hop, Ledger, SeenTransaction } from '#types/trail.ts'
import { layerLabels } from '#utils/layerLabels.ts'
import { parties, services } from './arbitraryRows.ts'

const asset = ethereum.native.id

/** No dust floor and no parking, as `posse trace` works. */
export const bareRules: HouseRules = {
  dustPerMillion: 0n,
  busyStrangers: null,
  dormantDays: 10,
  foldMinutes: 60,
  retellMinutes: 60,
  delay: 'shown',
  largePerMillion: 10_000n,
  fastSeconds: 60,
  openCards: 10,
  burstHops: 30,
  ackMinutes: 60,
  stepUp: 'second person',
  escalation: [],
  headLagSeconds: 60,
  tlp: 'GREEN',
  freeze: rules.freeze,
}

/** Labels of the made-up chain. */
export const serviceLabels = new Map(
  [...services].map((address) => [
    address,
    [
      {
        address,
        name: 'An exchange',
        kind: 'exchange',
        source: 'test',
        date: '',
        confidence: 1,
        isStale: false,
      },
    ],
  ]),
)

const layered = layerLabels(serviceLabels, { flags: [], feeds: [] })

/** Nobody has marked or opened anything. */
export const noMarks = {
  mark: new Map(),
  case: new Map(),
  tie: new Map(),
  crossing: new Map(),
  passage: new Map(),
} as unknown as Standing

/** A made-up theft. */
export function caseOf(seeds: readonly { address: string; amount: bigint }[]): Case {
  return {
    id: 'test',
    name: 'Test theft',
    chain: ethereum.id,
    stolenAt: 1_700_000_000,
    assets: [ethereum.native],
    sources: seeds.map((seed) => ({ ...seed, asset: ethereum.native.id })),
    published: [],
  }
}

/** Rows as blocks chained by `branch`, so that two branches never share a hash. */
export function toBlocks(
  rows: readonly RecordedTransaction[],
  { branch = 'a', parentHash = 'start' }: { branch?: string; parentHash?: string } = {},
): Block[] {
  const blocks: Block[] = []
  for (const { block: number, time, transaction } of rows) {
    const last = blocks.at(-1)
    if (last?.number === number) last.transactions.push(transaction)
    else {
      blocks.push({
        chain: ethereum.id,
        number,
        hash: `${branch}${number}`,
        parentHash: last?.hash ?? parentHash,
        time,
        transactions: [transaction],
      })
    }
  }
  return blocks
}

/** An open case with all that its blocks brought, which otherwise is in the store alone. */
export type FollowedCase = OpenCase & {
  hops: Hop[]
  seen: SeenTransaction[]
  parked: Address[]
  /** How much of that there was before each block. */
  before: { number: number; hops: number; seen: number; parked: number }[]
}

/** Follows one block with balances from the blocks before it, as the loop does with a node. */
export function follow(
  open: FollowedCase,
  block: Block,
  before: readonly Block[],
  rules: HouseRules,
): void {
  const history = createBalanceHistory(before)
  const balances = new Map([[asset, new Map<string, bigint>()]])
  const traceRules = rulesOf(
    { rules, labels: layered, standing: noMarks, chains: new Map() },
    open.case,
  )
  let change = followBlock(open.trail, block, { rules: traceRules, balances })
  while (change.missing.length > 0) {
    for (const { address } of change.missing) {
      const balance = history.balanceAfter(asset, address, block.number - 1)
      balances.get(asset)?.set(address, balance)
    }
    change = followBlock(open.trail, block, { rules: traceRules, balances })
  }
  const { hops, seen, parked } = open
  const counts = { hops: hops.length, seen: seen.length, parked: parked.length }
  open.before.push({ number: block.number, ...counts })
  const head = { number: block.number, hash: block.hash, time: block.time }
  applyCaseChange(open, {
    ...noChange(open),
    head,
    ledgers: countChange(open.trail, change.ledgers),
    undo: { ...head, ledgers: undoOf(open.trail, change.ledgers), groups: new Map() },
  })
  open.hops.push(...change.hops)
  open.seen.push(...change.seen)
  open.parked.push(...change.parked.map(({ address }) => address))
}

/** Takes every block above `ancestor` out again, as the loop does after a reorganization. */
export function rewind(context: Context, open: FollowedCase, ancestor: number): void {
  applyCaseChange(open, decideReorg(context, open, { number: ancestor, hash: '' }))
  const first = open.before.find(({ number }) => number > ancestor)
  if (!first) return
  open.hops.length = first.hops
  open.seen.length = first.seen
  open.parked.length = first.parked
  open.before = open.before.filter(({ number }) => number <= ancestor)
}

/** All of a case that a reorganization must bring back. */
export function stateOf<Open extends OpenCase>(open: Open) {
  return { ...open, watched: addressesIn(open.watched), undo: [] }
}

/** The addresses of a set, in ascending order. */
export function addressesIn(set: AddressSet): Address[] {
  const { packed, others } = set.keys()
  const addresses = Buffer.from(packed).toString('hex').match(/.{40}/g) ?? []
  return [...addresses.map((address) => `0x${address}`), ...others].sort()
}

/** Follows rows from the first block to the last. */
export function followAll(
  open: FollowedCase,
  rows: readonly RecordedTransaction[],
  rules: HouseRules,
): void {
  const blocks = toBlocks(rows)
  for (const [place, block] of blocks.entries()) follow(open, block, blocks.slice(0, place), rules)
}

/** A case in which the seeds hold what was stolen. */
export function openTest(seeds: { address: string; amount: bigint }[]): FollowedCase {
  const serviceOf = (address: string) => (services.has(address) ? ('exchange' as const) : null)
  return { ...openCase(caseOf(seeds), { serviceOf }), hops: [], seen: [], parked: [], before: [] }
}

/** The only ledger of a test case. */
export function ledgerOf(open: OpenCase): Ledger {
  const ledger = open.trail.ledgers.get(asset)
  if (!ledger) throw new Error('The test case has one asset.')
  return ledger
}

/** A payment between two of the `parties`, in a block of its own place in time. */
export function payment(block: number, from: number, to: number, amount: bigint) {
  return transfer(block, parties[from] ?? '', parties[to] ?? '', amount)
}

let transfers = 0

/** A payment of ether with a transaction of its own. */
export function transfer(block: number, from: string, to: string, amount: bigint) {
  transfers += 1
  const time = 1_700_000_000 + block * 12
  const moved = { position: 'v', from, to, asset, amount }
  return {
    block,
    index: transfers,
    time,
    transaction: { hash: `0x${transfers}`, transfers: [moved] },
  }
}
