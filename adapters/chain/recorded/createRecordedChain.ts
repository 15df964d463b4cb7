import { createHash } from 'node:crypto'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { TransactionNotFoundError } from '#errors/case.ts'
import type { Block, BlockRef, ChainId, ChainReader, FetchedBlock } from '#types/chain.ts'
import { createBalanceHistory } from './createBalanceHistory.ts'
import type { RecordedTransaction } from './readRecording.ts'

/** How a replay is paced: real gaps are shortened to this scale, and no wait is longer than the longest. */
const secondsPerWaitedMs = 10
const longestWaitMs = 72

/** Blocks between two pauses that let the prompt breathe in a replay at full speed. */
const blocksPerBreath = 20

/**
 * Plays recorded transactions as a chain: one block for each block number that has rows, chained by synthetic
 * hashes. Balances are sums of earlier rows, 0 before the file.
 */
export function createRecordedChain(
  rows: readonly RecordedTransaction[],
  {
    chain,
    speed = 'max',
    onTime,
    signal,
  }: {
    chain: ChainId
    /** 1 is the pace of a demonstration, `max` waits for nothing. @default 'max' */
    speed?: number | 'max'
    /** Told the time of each block as it is played, in Unix seconds. */
    onTime?: (seconds: number) => void
    /** Ends a wait at once. */
    signal?: AbortSignal
  },
): ChainReader {
  const blocks = chainBlocks(rows, chain)
  const places = new Map(blocks.map(({ number }, place) => [number, place]))
  const history = createBalanceHistory(blocks)
  const last = blocks.at(-1)

  async function pause(block: Block, before: Block | undefined, place: number): Promise<void> {
    if (speed === 'max') {
      if (place % blocksPerBreath === 0) await setImmediate()
      return
    }
    const gap = block.time - (before?.time ?? block.time)
    const wait = Math.min(Math.max(gap, 0) / secondsPerWaitedMs, longestWaitMs) / speed
    // Cut short it is no fault: who asked for a block looks at the signal next.
    await setTimeout(wait, undefined, signal ? { signal } : {}).catch(() => undefined)
  }

  return {
    chain,
    // One at a time: every block waits for its moment.
    readAhead: 1,
    async waitForHead({ known }) {
      if (!last || known?.hash === last.hash) return undefined
      // A recording never changes, so all of it is final.
      return { number: last.number, hash: last.hash, finalized: last.number }
    },
    async readBlockAfter(number) {
      const place = places.has(number)
        ? (places.get(number) ?? 0) + 1
        : blocks.findIndex((block) => block.number > number)
      const block = blocks[place]
      if (!block) return undefined
      await pause(block, blocks[place - 1], place)
      onTime?.(block.time)
      return toFetched(block)
    },
    async readRef(number): Promise<BlockRef | undefined> {
      const block = blocks[places.get(number) ?? -1]
      return block && { number, hash: block.hash }
    },
    async readPlace(transaction) {
      const block = blocks.find((each) =>
        each.transactions.some(({ hash }) => hash === transaction),
      )
      if (!block) throw new TransactionNotFoundError({ transaction, chain })
      return { number: block.number, hash: block.hash, time: block.time }
    },
    async readBalance({ address, asset, at }) {
      return history.balanceAfter(asset, address, at.number)
    },
  }
}

/** A recording holds what matters and little else, so all of it is read. */
function toFetched({ transactions, ...header }: Block): FetchedBlock {
  return { ...header, readTransactions: async () => transactions }
}

/** Parent of the first recorded block. */
const genesisHash = `0x${'0'.repeat(64)}`

function chainBlocks(rows: readonly RecordedTransaction[], chain: ChainId): Block[] {
  const blocks: Block[] = []
  for (const { block: number, time, transaction } of rows) {
    const last = blocks.at(-1)
    if (last?.number === number) last.transactions.push(transaction)
    else blocks.push({ chain, number, hash: '', parentHash: '', time, transactions: [transaction] })
  }
  let parentHash = genesisHash
  for (const block of blocks) {
    const content = [parentHash, block.number, ...block.transactions.map(({ hash }) => hash)].join()
    block.parentHash = parentHash
    block.hash = `0x${createHash('sha256').update(content).digest('hex')}`
    parentHash = block.hash
  }
  return blocks
}
