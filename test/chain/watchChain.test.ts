import { describe, expect, test } from 'vitest'
import { watchChain } from '#chain/watchChain.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import type { Block, ChainEvent, ChainReader } from '#types/chain.ts'
import { maxUndoBlocks } from '#types/chain.ts'

/** A chain that can be changed while it is watched; each wait for a head plays the next step. */
function createTestChain(steps: (() => void)[]): ChainReader & { blocks: Block[] } {
  const chain = {
    chain: ethereum.id,
    blocks: [] as Block[],
    async readBlockAfter(number: number) {
      return chain.blocks.find((block) => block.number > number)
    },
    async readRef(number: number) {
      return chain.blocks.find((block) => block.number === number)
    },
    async readFinalized() {
      return undefined
    },
    async readBalance() {
      return 0n
    },
    async waitForHead() {
      const step = steps.shift()
      step?.()
      return step !== undefined
    },
  }
  return chain
}

function grow(blocks: Block[], from: number, to: number, branch = ''): Block[] {
  const grown = blocks.filter(({ number }) => number < from)
  for (let number = from; number <= to; number++) {
    const parentHash = grown.at(-1)?.hash ?? 'start'
    const hash = `${branch}${number}`
    grown.push({ chain: ethereum.id, number, hash, parentHash, time: number, transactions: [] })
  }
  return grown
}

async function watch(
  reader: ChainReader,
  signal = new AbortController().signal,
): Promise<string[]> {
  const seen: string[] = []
  for await (const event of watchChain(reader, { after: -1, signal }))
    seen.push(describeEvent(event))
  return seen
}

function describeEvent(event: ChainEvent): string {
  if (event.type === 'block') return event.block.hash
  return event.type === 'reorg' ? `back to ${event.ancestor.hash}` : `final ${event.number}`
}

describe('watchChain', () => {
  test('default: every block once and in order, gaps in the numbers included', async () => {
    const chain = createTestChain([])
    chain.blocks = grow([], 1, 3)
    chain.blocks = grow(chain.blocks, 9, 9)
    expect(await watch(chain)).toEqual(['1', '2', '3', '9'])
  })

  test('behavior: a parent mismatch goes back to the common ancestor first', async () => {
    const chain = createTestChain([
      () => {
        chain.blocks = grow(chain.blocks, 3, 6, 'b')
      },
    ])
    chain.blocks = grow([], 1, 5)
    expect(await watch(chain)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      'back to 2',
      'b3',
      'b4',
      'b5',
      'b6',
    ])
  })

  test('behavior: finality is told when it moves, and once', async () => {
    const chain = createTestChain([])
    chain.blocks = grow([], 1, 4)
    let asked = 0
    const reader = { ...chain, readFinalized: async () => [1, 1, 3, 3][asked++] }
    expect(await watch(reader)).toEqual(['1', 'final 1', '2', '3', 'final 3', '4'])
  })

  test('behavior: stops between two blocks when the signal is given', async () => {
    const chain = createTestChain([])
    chain.blocks = grow([], 1, 4)
    const stop = new AbortController()
    const reader = {
      ...chain,
      readRef: chain.readRef,
      async readBlockAfter(number: number) {
        if (number === 2) stop.abort()
        return chain.readBlockAfter(number)
      },
    }
    expect(await watch(reader, stop.signal)).toEqual(['1', '2'])
  })

  test('error: a reorganization of what was final', async () => {
    const chain = createTestChain([
      () => {
        chain.blocks = grow(chain.blocks, 2, 6, 'b')
      },
    ])
    chain.blocks = grow([], 1, 4)
    const reader = {
      ...chain,
      readBlockAfter: async (number: number) => chain.blocks.find((block) => block.number > number),
      readRef: async (number: number) => chain.blocks.find((block) => block.number === number),
      readFinalized: async () => 3,
    }
    await expect(watch(reader)).rejects.toThrow('reorganized deeper than the 2 blocks')
  })

  test('error: a node that contradicts itself', async () => {
    const chain = createTestChain([])
    chain.blocks = grow([], 1, 3)
    const third = chain.blocks[2]
    if (third) chain.blocks[2] = { ...third, parentHash: 'elsewhere' }
    await expect(watch(chain)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[ContradictingNodeError: The node of the chain "eip155:1" says that block 3 follows "elsewhere" and that its own block before is another.]`,
    )
  })

  test('error: a reorganization deeper than the undo log stops loudly', async () => {
    const chain = createTestChain([
      () => {
        chain.blocks = grow(chain.blocks, 2, maxUndoBlocks + 10, 'b')
      },
    ])
    chain.blocks = grow([], 1, maxUndoBlocks + 5)
    await expect(watch(chain)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[DeepReorgError: The chain "eip155:1" was reorganized deeper than the 128 blocks that can be undone.]`,
    )
  })
})
