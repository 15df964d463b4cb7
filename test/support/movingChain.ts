import { TransactionNotFoundError } from '#errors/case.ts'
import type { Block, ChainId, ChainReader, Transaction } from '#types/chain.ts'
import { createBell } from '#utils/createBell.ts'

/** A chain that grows and is undone while it is read. Nothing is filtered out of its blocks. */
export function createMovingChain(
  chain: ChainId,
  { start, every }: { start: number; every: number },
) {
  const bell = createBell()
  let made = 0
  const blocks: Block[] = [blockOf(0, [])]

  /** Never the same hash twice: whatever is built anew is another block. */
  function blockOf(number: number, transactions: Transaction[]): Block {
    made += 1
    return {
      chain,
      number,
      hash: `${chain.slice(0, 6)}-${number}-${made}`,
      parentHash: number === 0 ? '' : (blocks?.at(-1)?.hash ?? ''),
      time: start + number * every,
      transactions,
    }
  }

  const reader: ChainReader = {
    chain,
    readAhead: 1,
    async waitForHead({ known, signal }) {
      const ear = bell.listen()
      for (;;) {
        const head = blocks.at(-1)
        if (signal.aborted || !head) return undefined
        if (head.hash !== known?.hash) return { number: head.number, hash: head.hash }
        await ear.wait({ signal })
      }
    },
    async readBlockAfter(number, head) {
      const block = blocks[number + 1]
      if (!block || block.number > head.number) return undefined
      const { transactions, ...header } = block
      return { ...header, readTransactions: async () => transactions }
    },
    async readRef(number) {
      const block = blocks[number]
      return block && { number, hash: block.hash }
    },
    async readPlace(transaction) {
      throw new TransactionNotFoundError({ transaction, chain })
    },
    readBalance: async () => 0n,
  }

  return {
    reader,
    tip: () => blocks.at(-1)?.hash ?? '',
    blocks: () => blocks.map(({ transactions }) => transactions),
    add(transactions: Transaction[]): void {
      blocks.push(blockOf(blocks.length, transactions))
      bell.ring()
    },
    /** Undoes the newest blocks and builds them anew, and one more, of what `keeps` lets stand. */
    rebuild(depth: number, keeps: (hash: string) => boolean): void {
      const undone = blocks.splice(Math.max(1, blocks.length - depth))
      for (const { transactions } of undone) {
        blocks.push(
          blockOf(
            blocks.length,
            transactions.filter(({ hash }) => keeps(hash)),
          ),
        )
      }
      blocks.push(blockOf(blocks.length, []))
      bell.ring()
    },
  }
}
