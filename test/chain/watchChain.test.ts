import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { watchChain } from '#chain/watchChain.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { ContradictingNodeError } from '#errors/chain.ts'
import { cutBlocks, growBlocks } from '#test/support/growBlocks.ts'
import { createScriptedChain, type ScriptedBranch } from '#test/support/scriptedChain.ts'
import {
  type Block,
  type BlockRef,
  type ChainEvent,
  type ChainReader,
  maxUndoBlocks,
} from '#types/chain.ts'

const beforeFirst = { number: 0, hash: '' }
const { signal: never } = new AbortController()

/** Follows a chain to its end and says what came. */
async function watch(
  reader: ChainReader,
  {
    followed = [beforeFirst],
    signal = never,
    onEvent,
  }: {
    followed?: BlockRef[]
    signal?: AbortSignal
    onEvent?: (event: ChainEvent) => void
  } = {},
): Promise<string[]> {
  const seen: string[] = []
  for await (const event of watchChain(reader, { followed, signal })) {
    seen.push(describeEvent(event))
    onEvent?.(event)
  }
  return seen
}

function describeEvent(event: ChainEvent): string {
  if (event.type === 'block') return event.block.hash
  return event.type === 'reorg' ? `back to ${event.ancestor.hash}` : `final ${event.number}`
}

/** Branches, each by its blocks. */
function branches(...chains: Block[][]): ScriptedBranch[] {
  return chains.map((blocks) => ({ blocks }))
}

/** Hashes of one branch. */
function hashes(from: number, to: number, branch = 'a'): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => `${branch}${from + at}`)
}

/** A read that never answers. */
const hang = () => new Promise<never>(() => undefined)

describe('watchChain', () => {
  test('default: every block once and in order, gaps in the numbers included', async () => {
    const blocks = growBlocks([], { to: 3 })
    const parentHash = blocks.at(-1)?.hash ?? ''
    const late = { chain: ethereum.id, number: 9, hash: 'a9', parentHash, time: 9 }
    blocks.push({ ...late, transactions: [] })
    const followed = [{ number: -1, hash: '' }]
    expect(await watch(createScriptedChain(branches(blocks)), { followed })).toEqual([
      ...hashes(0, 3),
      'a9',
    ])
  })

  test('default: goes on behind what was followed, to every new head', async () => {
    const blocks = growBlocks([], { to: 9 })
    const reader = createScriptedChain(branches(cutBlocks(blocks, 5), blocks))
    const followed = [2, 3].map((number) => ({ number, hash: `a${number}` }))
    expect(await watch(reader, { followed })).toEqual(hashes(4, 9))
  })

  test('behavior: a head that nobody had before is all that is asked for', async () => {
    const blocks = growBlocks([], { to: 9 })
    const known: (BlockRef | undefined)[] = []
    const scripted = createScriptedChain(branches(cutBlocks(blocks, 5), blocks))
    const waitForHead: ChainReader['waitForHead'] = (options) => {
      known.push(options.known)
      return scripted.waitForHead(options)
    }
    await watch({ ...scripted, waitForHead })
    expect(known).toEqual([undefined, { number: 5, hash: 'a5' }, { number: 9, hash: 'a9' }])
  })

  test('behavior: a parent mismatch goes back to the common ancestor first', async () => {
    const first = growBlocks([], { to: 5 })
    const second = growBlocks(cutBlocks(first, 2), { to: 6, branch: 'b' })
    expect(await watch(createScriptedChain(branches(first, second)))).toEqual([
      ...hashes(1, 5),
      'back to a2',
      ...hashes(3, 6, 'b'),
    ])
  })

  test('behavior: a shorter branch undoes as well', async () => {
    const first = growBlocks([], { to: 9 })
    const second = growBlocks(cutBlocks(first, 5), { to: 7, branch: 'b' })
    expect(await watch(createScriptedChain(branches(first, second)))).toEqual([
      ...hashes(1, 9),
      'back to a5',
      'b6',
      'b7',
    ])
  })

  test('behavior: a head of the same height on another branch undoes', async () => {
    const first = growBlocks([], { to: 4 })
    const second = growBlocks(cutBlocks(first, 3), { to: 4, branch: 'b' })
    expect(await watch(createScriptedChain(branches(first, second)))).toEqual([
      ...hashes(1, 4),
      'back to a3',
      'b4',
    ])
  })

  test('behavior: a head that is merely older undoes nothing, and what follows is no block twice', async () => {
    const blocks = growBlocks([], { to: 9 })
    const heads = [6, 3, 0, 5, 6, 9].map((number) => cutBlocks(blocks, number))
    expect(await watch(createScriptedChain(branches(...heads)))).toEqual(hashes(1, 9))
  })

  test('behavior: nor does a head older than all that is remembered', async () => {
    const blocks = growBlocks([], { to: 9 })
    const followed = [6, 7].map((number) => ({ number, hash: `a${number}` }))
    const heads = [2, 9].map((number) => cutBlocks(blocks, number))
    expect(await watch(createScriptedChain(branches(...heads)), { followed })).toEqual(['a8', 'a9'])
  })

  test('behavior: a reorganization of the very first block goes back to where the case begins', async () => {
    const first = growBlocks([], { to: 1 })
    const second = growBlocks(cutBlocks(first, 0), { to: 2, branch: 'b' })
    expect(await watch(createScriptedChain(branches(first, second)))).toEqual([
      'a1',
      'back to a0',
      'b1',
      'b2',
    ])
  })

  test('behavior: the same after a restart, when the hash of the block before is not known any more', async () => {
    const first = growBlocks([], { to: 1 })
    const second = growBlocks(cutBlocks(first, 0), { to: 2, branch: 'b' })
    const followed = [beforeFirst, { number: 1, hash: 'a1' }]
    expect(await watch(createScriptedChain(branches(first, second)), { followed })).toEqual([
      'back to ',
      'b1',
      'b2',
    ])
  })

  test('behavior: finality is told when it moves, once, and never ahead of what was followed', async () => {
    const blocks = growBlocks([], { to: 6 })
    const steps: [number, number | undefined][] = [
      [1, undefined],
      [2, 1],
      [3, 1],
      [4, 9],
      [5, undefined],
      [6, 5],
    ]
    const scripted = steps.map(([head, finalized]) => ({
      blocks: cutBlocks(blocks, head),
      ...(finalized !== undefined && { finalized }),
    }))
    expect(await watch(createScriptedChain(scripted))).toEqual([
      'a1',
      'a2',
      'final 1',
      'a3',
      'a4',
      'final 4',
      'a5',
      'a6',
      'final 5',
    ])
  })

  test('behavior: a reorganization as deep as can be undone goes through, from where the case was resumed too', async () => {
    const first = growBlocks([], { to: maxUndoBlocks + 5 })
    const second = growBlocks(cutBlocks(first, 5), { to: maxUndoBlocks + 6, branch: 'b' })
    const end = ['back to a5', ...hashes(6, maxUndoBlocks + 6, 'b')]
    const seen = await watch(createScriptedChain(branches(first, second)))
    expect(seen).toEqual([...hashes(1, maxUndoBlocks + 5), ...end])
    const followed = first.slice(5).map(({ number, hash }) => ({ number, hash }))
    expect(followed.length).toBe(maxUndoBlocks + 1)
    expect(await watch(createScriptedChain(branches(second)), { followed })).toEqual(end)
  })

  test('error: a reorganization deeper than that stops loudly', async () => {
    const first = growBlocks([], { to: maxUndoBlocks + 5 })
    const second = growBlocks(cutBlocks(first, 4), { to: maxUndoBlocks + 6, branch: 'b' })
    await expect(
      watch(createScriptedChain(branches(first, second))),
    ).rejects.toThrowErrorMatchingInlineSnapshot(
      `[DeepReorgError: The chain "eip155:1" was reorganized deeper than the 128 blocks that can be undone.]`,
    )
  })
})

describe('a node that contradicts itself', () => {
  /**
   * A node with a new head again and again; the block after 2 fits its block 2 only from the head at `healed` on, and
   * the block after 15 its block 15 from `healedAgain` on.
   */
  function createContradicting({ healed, healedAgain = 0 }: Record<string, number>) {
    const blocks = growBlocks([], { to: 40 })
    const heads = Array.from({ length: 30 }, (_, at) => cutBlocks(blocks, at + 4))
    const scripted = createScriptedChain(branches(...heads))
    const count = { heads: 0 }
    const reader: ChainReader = {
      ...scripted,
      waitForHead(options) {
        count.heads += 1
        return scripted.waitForHead(options)
      },
      async readBlockAfter(number, head) {
        const block = await scripted.readBlockAfter(number, head)
        const isTorn =
          (number === 2 && count.heads < (healed ?? 0)) ||
          (number === 15 && count.heads < healedAgain)
        return block && isTorn ? { ...block, parentHash: 'elsewhere' } : block
      },
    }
    return { reader, count }
  }

  test('behavior: it is given new heads to come to terms with itself', async () => {
    const { reader } = createContradicting({ healed: 10 })
    expect(await watch(reader)).toEqual(hashes(1, 33))
  })

  test('behavior: and anew when it has come to terms meanwhile', async () => {
    const { reader } = createContradicting({ healed: 10, healedAgain: 21 })
    expect(await watch(reader)).toEqual(hashes(1, 33))
  })

  test('error: at the tenth it is given up, to be tried again', async () => {
    const { reader, count } = createContradicting({ healed: 11 })
    const error = await watch(reader).catch((reason: unknown) => reason)
    expect(error).toMatchInlineSnapshot(
      `[ContradictingNodeError: The node of the chain "eip155:1" keeps saying that the block after 2 does not follow its own block 2.]`,
    )
    expect(error instanceof ContradictingNodeError && error.retryable).toBe(true)
    expect(count.heads).toBe(10)
  })
})

describe('reading ahead', () => {
  const readAhead = 6

  /** A chain whose reads take random times, and what was asked of it. */
  function createSlow(heads: number[]) {
    const blocks = growBlocks([], { to: 60 })
    const scripted = createScriptedChain(
      branches(...heads.map((head) => cutBlocks(blocks, head))),
      { readAhead },
    )
    const seen = { inFlight: 0, most: 0, beyond: 0, asked: [] as number[] }
    const reader: ChainReader = {
      ...scripted,
      async readBlockAfter(number, head) {
        seen.asked.push(number)
        seen.inFlight += 1
        seen.most = Math.max(seen.most, seen.inFlight)
        if (number > head.number) seen.beyond += 1
        await setTimeout(Math.random() * 4)
        seen.inFlight -= 1
        return scripted.readBlockAfter(number, head)
      },
    }
    return { reader, seen }
  }

  test('default: order without gaps, as many reads in flight as allowed and no more, none beyond the head', async () => {
    const { reader, seen } = createSlow([40, 41, 43, 60])
    expect(await watch(reader)).toEqual(hashes(1, 60))
    expect(seen.most).toBe(readAhead)
    expect(seen.beyond).toBe(0)
    // Each once, and at every head once more to learn that there is none behind it.
    const often = seen.asked.filter((number, at) => seen.asked.indexOf(number) !== at)
    expect(often).toEqual([40, 41, 43])
  })

  test('behavior: nothing is read ahead where only one may be asked for', async () => {
    const { reader, seen } = createSlow([20])
    expect(await watch({ ...reader, readAhead: 1 })).toEqual(hashes(1, 20))
    expect(seen.most).toBe(1)
  })

  test('behavior: a reorganization while blocks are read ahead loses none and mixes none', async () => {
    const first = growBlocks([], { to: 20 })
    const second = growBlocks(cutBlocks(first, 9), { to: 30, branch: 'b' })
    const reader = createScriptedChain(branches(first, second), { readAhead })
    expect(await watch(reader)).toEqual([...hashes(1, 20), 'back to a9', ...hashes(10, 30, 'b')])
  })

  test('behavior: blocks read ahead of a branch that is left in the middle are thrown away', async () => {
    const first = growBlocks([], { to: 20 })
    const second = growBlocks(cutBlocks(first, 9), { to: 30, branch: 'b' })
    const after = createScriptedChain(branches(second), { readAhead })
    let isNew = false
    const before = createScriptedChain(branches(first), { readAhead })
    await after.waitForHead({ signal: never })
    const reader: ChainReader = {
      ...before,
      readBlockAfter: (number, head) => (isNew ? after : before).readBlockAfter(number, head),
      readRef: (number) => (isNew ? after : before).readRef(number),
    }
    // Up to 18 is in hand by then, and is given out: its parents fit. After that the other branch shows.
    const onEvent = (event: ChainEvent) => {
      if (event.type === 'block' && event.block.number === 12) isNew = true
    }
    const seen = await watch(reader, { onEvent })
    const gone = seen.indexOf('back to a9')
    expect(seen.slice(0, gone)).toEqual(hashes(1, gone))
    expect(gone).toBeGreaterThan(12)
    expect(seen.slice(gone + 1)).toEqual(hashes(10, 20, 'b'))
  })

  test('error: a read that failed shows when its turn comes and only then', async () => {
    const scripted = createScriptedChain(branches(growBlocks([], { to: 20 })), { readAhead })
    const reader: ChainReader = {
      ...scripted,
      readBlockAfter: (number, head) =>
        number === 5 ? Promise.reject(new Error('down')) : scripted.readBlockAfter(number, head),
    }
    const seen: string[] = []
    const onEvent = (event: ChainEvent) => seen.push(describeEvent(event))
    await expect(watch(reader, { onEvent })).rejects.toThrow('down')
    expect(seen).toEqual(hashes(1, 5))
  })

  test('error: one that nobody waits for any more is no error', async () => {
    const scripted = createScriptedChain(branches(growBlocks([], { to: 20 })), { readAhead })
    const stop = new AbortController()
    const reader: ChainReader = {
      ...scripted,
      readBlockAfter: (number, head) =>
        number >= 3 ? Promise.reject(new Error('down')) : scripted.readBlockAfter(number, head),
    }
    const onEvent = ({ type }: ChainEvent) => {
      if (type === 'block') stop.abort()
    }
    // What is rejected unheard would fail the run.
    expect(await watch(reader, { signal: stop.signal, onEvent })).toEqual(['a1'])
    await setTimeout(5)
  })
})

describe('stopping', () => {
  test('behavior: ends between two blocks when the signal is given', async () => {
    const stop = new AbortController()
    const onEvent = (event: ChainEvent) => {
      if (describeEvent(event) === 'a2') stop.abort()
    }
    const reader = createScriptedChain(branches(growBlocks([], { to: 4 })))
    expect(await watch(reader, { signal: stop.signal, onEvent })).toEqual(['a1', 'a2'])
  })

  test('behavior: a signal given while finality is taken in ends it too, whatever fails then', async () => {
    const stop = new AbortController()
    const scripted = createScriptedChain([{ blocks: growBlocks([], { to: 9 }), finalized: 9 }])
    const reader: ChainReader = {
      ...scripted,
      readBlockAfter: (number, head) =>
        stop.signal.aborted
          ? Promise.reject(new Error('down'))
          : scripted.readBlockAfter(number, head),
    }
    const onEvent = (event: ChainEvent) => {
      if (event.type === 'finalize' && event.number === 2) stop.abort()
    }
    const seen = await watch(reader, { signal: stop.signal, onEvent })
    expect(seen).toEqual(['a1', 'final 1', 'a2', 'final 2'])
    // What is rejected unheard would fail the run.
    await setTimeout(5)
  })

  test('behavior: the wait for a head is told of the signal', async () => {
    const stop = new AbortController()
    const reader: ChainReader = {
      ...createScriptedChain([]),
      waitForHead: ({ signal }) => setTimeout(60_000, undefined, { signal }).catch(() => undefined),
    }
    const watched = watch(reader, { signal: stop.signal })
    await setTimeout(5)
    stop.abort()
    expect(await watched).toEqual([])
  })

  test.each<[string, Partial<ChainReader>, string[]]>([
    ['a block', { readBlockAfter: hang }, []],
    ['what the chain has now', { readRef: hang }, hashes(1, 4)],
  ])('behavior: a read of %s that hangs holds nothing up', async (_name, reads, expected) => {
    const first = growBlocks([], { to: 4 })
    const second = growBlocks(cutBlocks(first, 3), { to: 5, branch: 'b' })
    const stop = new AbortController()
    const reader = { ...createScriptedChain(branches(first, second)), ...reads }
    const watched = watch(reader, { signal: stop.signal })
    await setTimeout(10)
    const before = performance.now()
    stop.abort()
    expect(await watched).toEqual(expected)
    expect(performance.now() - before).toBeLessThan(1_000)
  })
})
