import { ethereum } from '#config/chains/ethereum.ts'
import { TransactionNotFoundError } from '#errors/case.ts'
import type { Address, AssetId, Block, BlockRef, ChainReader } from '#types/chain.ts'

/** A chain that is told what to be: each branch is the whole chain from one head to the next. */
export type ScriptedBranch = { blocks: readonly Block[]; finalized?: number }

/**
 * A chain that goes through branches, one at every new head, and ends after the last one. Nothing is filtered out of its
 * blocks.
 */
export function createScriptedChain(
  branches: readonly ScriptedBranch[],
  {
    readAhead = 1,
    balanceOf = () => 0n,
  }: {
    readAhead?: number
    balanceOf?: (
      query: { address: Address; asset: AssetId; at: BlockRef },
      blocks: readonly Block[],
    ) => bigint
  } = {},
): ChainReader {
  let place = -1
  const blocks = () => branches[place]?.blocks ?? []
  return {
    chain: ethereum.id,
    readAhead,
    async waitForHead({ signal }) {
      place += 1
      const head = blocks().at(-1)
      if (!head || signal.aborted) return undefined
      const finalized = branches[place]?.finalized
      return {
        number: head.number,
        hash: head.hash,
        ...(finalized !== undefined && { finalized }),
      }
    },
    async readBlockAfter(number, head) {
      const block = blocks().find((each) => each.number > number && each.number <= head.number)
      if (!block) return undefined
      const { transactions, ...header } = block
      return { ...header, readTransactions: async () => transactions }
    },
    async readRef(number) {
      const block = blocks().find((each) => each.number === number)
      return block && { number, hash: block.hash }
    },
    async readPlace(transaction) {
      const block = blocks().find((each) =>
        each.transactions.some(({ hash }) => hash === transaction),
      )
      if (!block) throw new TransactionNotFoundError({ transaction, chain: ethereum.id })
      return { number: block.number, hash: block.hash, time: block.time }
    },
    async readBalance(query) {
      return balanceOf(query, blocks())
    },
  }
}
