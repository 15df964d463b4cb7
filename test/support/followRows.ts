import type { RecordedTransaction } from '#adapters/chain/recorded/readRecording.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import type { Case } from '#types/case.ts'
import type { Block } from '#types/chain.ts'
import type { HouseRules } from '#types/houseRules.ts'
import { services } from './arbitraryRows.ts'

/** No dust floor and no parking, as `posse trace` works. */
export const bareRules: HouseRules = {
  dustPerMillion: 0n,
  busyStrangers: null,
  dormantDays: 10,
  foldMinutes: 60,
  largePerMillion: 10_000n,
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
