import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { MemoryChat } from '#adapters/chat/memory.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { ContradictingNodeError } from '#errors/chain.ts'
import { DiskFullError } from '#errors/store.ts'
import { UserError } from '#errors/userError.ts'
import { followChain } from '#src/followChain.ts'
import { parties } from '#test/support/arbitraryRows.ts'
import { caseOf } from '#test/support/followRows.ts'
import { cutBlocks, growBlocks } from '#test/support/growBlocks.ts'
import { createScriptedChain } from '#test/support/scriptedChain.ts'
import { createTestContext } from '#test/support/testContext.ts'
import { type Block, type ChainReader, maxUndoBlocks, type Transaction } from '#types/chain.ts'
import type { Store } from '#types/store.ts'

const [thief = '', first = ''] = parties
const theft = { ...caseOf([{ address: thief, amount: 1_000n }]), followAfter: 0 }

/** The thief pays in every block. */
function pay(number: number): Transaction[] {
  const transfer = { position: 'v', from: thief, to: first, asset: ethereum.native.id, amount: 1n }
  return [{ hash: `0x${number}`, transfers: [transfer] }]
}

const blocks = growBlocks([], { to: 9, transactionsOf: pay })
const down = () => new ContradictingNodeError({ chain: ethereum.id, number: 1 })

// Fake timers leave the promises of Node alone.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number, value: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms, value)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(new Error('aborted'))
      })
    }),
}))

let stop: AbortController
let begin: number

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  begin = Date.now()
  stop = new AbortController()
})

afterEach(() => {
  stop.abort()
  vi.useRealTimers()
})

/** A node that fails at some of the requests for a block, counted from 1, and when it did, in seconds. */
function createFailing(all: readonly Block[], fails: (request: number) => Error | undefined) {
  const failedAt: number[] = []
  let requests = 0
  const last = all.at(-1)
  const reader: ChainReader = {
    ...createScriptedChain([]),
    waitForHead: async ({ known }) => (known || !last ? undefined : last),
    async readBlockAfter(number) {
      requests += 1
      const error = fails(requests)
      if (error) {
        failedAt.push((Date.now() - begin) / 1000)
        throw error
      }
      const block = all.find((each) => each.number > number)
      return block && { ...block, readTransactions: async () => block.transactions }
    },
  }
  return { reader, failedAt }
}

const differences = (times: readonly number[]) =>
  times.slice(1).map((time, at) => Math.round(time - (times[at] ?? 0)))

describe('followChain', () => {
  test('default: ends when there is nothing more to follow', async () => {
    const { context, opened, log } = await createTestContext({ cases: [theft] })
    const reader = createScriptedChain([{ blocks }])
    const { signal } = stop
    expect(await followChain(context, reader, { cases: opened, signal })).toBe('stopped')
    expect((await context.store.readHops('test')).length).toBe(9)
    expect(log).toEqual([])
  })

  test('behavior: where a node fails it waits, and goes on where it was', async () => {
    const { context, opened, log } = await createTestContext({ cases: [theft] })
    const { reader } = createFailing(blocks, (request) => (request % 3 === 0 ? down() : undefined))
    const followed = followChain(context, reader, { cases: opened, signal: stop.signal })
    await vi.advanceTimersByTimeAsync(600_000)
    expect(await followed).toBe('stopped')
    const hops = await context.store.readHops('test')
    expect(hops.map(({ block }) => block)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(log.length).toBeGreaterThan(2)
    expect(log.join()).toContain('Trying again')
  })

  test('behavior: waits grow to a minute, and begin anew once a block was followed', async () => {
    const { context, opened } = await createTestContext({ cases: [theft] })
    const { reader, failedAt } = createFailing(blocks, (request) =>
      request <= 9 || (request > 10 && request <= 13) ? down() : undefined,
    )
    const followed = followChain(context, reader, { cases: opened, signal: stop.signal })
    await vi.advanceTimersByTimeAsync(600_000)
    expect(await followed).toBe('stopped')
    expect(differences(failedAt)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 1, 2])
  })

  test('behavior: a wait ends at once when the signal is given', async () => {
    const { context, opened } = await createTestContext({ cases: [theft] })
    const { reader, failedAt } = createFailing(blocks, down)
    const followed = followChain(context, reader, { cases: opened, signal: stop.signal })
    await vi.advanceTimersByTimeAsync(40_000)
    const tries = failedAt.length
    stop.abort()
    expect(await followed).toBe('stopped')
    expect(failedAt.length).toBe(tries)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('behavior: a reorganization that is too deep is said in every chat, loudly, and ends it', async () => {
    const { context, opened, chat, log, deliver } = await createTestContext({ cases: [theft] })
    const long = growBlocks([], { to: maxUndoBlocks + 5, transactionsOf: pay })
    const other = growBlocks(cutBlocks(long, 3), { to: maxUndoBlocks + 6, branch: 'b' })
    const reader = createScriptedChain([{ blocks: long }, { blocks: other }])
    const end = await followChain(context, reader, { cases: opened, signal: stop.signal })
    expect(end).toBe('needs a person')
    // By the outbox, so that a chat that is down hears it later.
    await deliver()
    await deliver()
    expect(chat.messages.at(-1)).toMatchObject({
      message: { title: 'Following has stopped: nobody is watching', severity: 'red' },
    })
    expect(chat.messages.filter(({ message }) => message.severity === 'red').length).toBe(1)
    expect(JSON.stringify(chat.messages)).toContain('reorganized deeper than the 128 blocks')
    expect(log.join()).toContain('"level":60')
    // What was followed stays as it was.
    expect(opened[0]?.head?.number).toBe(maxUndoBlocks + 5)
    expect((await context.store.readHops('test')).length).toBe(maxUndoBlocks + 5)
  })

  test.each<[string, Error, string]>([
    ['a fault of ours', new TypeError('x is undefined'), 'A fault of Posse itself'],
    [
      'what trying again does not help',
      new UserError('No node belongs to the chain.', { hint: 'Correct it.' }),
      'No node belongs to the chain. Correct it.',
    ],
  ])('error: %s is said and ends this loop alone', async (_name, error, text) => {
    const { context, opened, chat, deliver, log } = await createTestContext({ cases: [theft] })
    const { reader } = createFailing(blocks, () => error)
    const { signal } = stop
    expect(await followChain(context, reader, { cases: opened, signal })).toBe('needs a person')
    await deliver()
    expect(JSON.stringify(chat.messages)).toContain(text)
    expect(JSON.stringify(chat.messages)).not.toContain('x is undefined')
    expect(log.join()).toContain(error.message)
  })

  test('error: without the store nothing goes on', async () => {
    const { context, opened } = await createTestContext({ cases: [theft] })
    const error = new DiskFullError({ file: 'posse.sqlite' })
    const store: Store = { ...context.store, saveChanges: () => Promise.reject(error) }
    const reader = createScriptedChain([{ blocks }])
    const { signal } = stop
    const followed = followChain({ ...context, store }, reader, { cases: opened, signal })
    await expect(followed).rejects.toBe(error)
  })

  test('behavior: a chain that falls silent is told of once, and again when it goes on', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] })
    const { context, opened, chat, deliver } = await createTestContext({ cases: [theft] })
    const waits: (() => void)[] = []
    const first = cutBlocks(blocks, 5)
    const inner = createScriptedChain([{ blocks: first }, { blocks }])
    const reader: ChainReader = {
      ...inner,
      async waitForHead(options) {
        if (options.known) await new Promise<void>((resolve) => waits.push(resolve))
        return inner.waitForHead(options)
      },
    }
    const followed = followChain(context, reader, { cases: opened, signal: stop.signal })
    await vi.waitFor(() => expect(waits.length).toBe(1))
    await vi.advanceTimersByTimeAsync(290_000)
    await deliver()
    expect(titlesOf(chat)).not.toContain('nobody is watching')
    await vi.advanceTimersByTimeAsync(600_000)
    await deliver()
    expect(titlesOf(chat).match(/No block of Ethereum for 5 min/g)?.length).toBe(1)
    waits.pop()?.()
    await vi.waitFor(() => expect(waits.length).toBe(1))
    await deliver()
    expect(titlesOf(chat)).not.toContain('nobody is watching')
    expect(titlesOf(chat)).toContain('Ethereum is watched again, after 14 min')
    waits.pop()?.()
    expect(await followed).toBe('stopped')
  })
})

function titlesOf({ messages }: MemoryChat): string {
  return messages.map(({ message }) => [message.title].flat().join('')).join('\n')
}
