import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { headOf, openChain } from '#test/support/evmChain.ts'
import { createFakeNode, type FakeNode } from '#test/support/fakeNode.ts'
import type { BlockRef, ChainReader } from '#types/chain.ts'

let node: FakeNode
let other: FakeNode

beforeEach(async () => {
  const options = { blocks: [{}, {}, {}], path: '/SECRETKEY' }
  node = await createFakeNode(options)
  other = await createFakeNode(options)
})

afterEach(async () => {
  await Promise.all([node.close(), other.close()])
})

const soon = () => AbortSignal.timeout(3000)

/** The next head, or nothing within so many milliseconds. */
async function headWithin(ms: number, reader: ChainReader, known: BlockRef) {
  return reader.waitForHead({ known, signal: AbortSignal.timeout(ms) })
}

describe('polling', () => {
  test('gives another head at once, and the next when it comes', async () => {
    const { reader } = openChain([node.url])
    const head = await headOf(reader)
    expect(head).toEqual({ number: 3, hash: node.blocks()[3]?.header.hash })
    const next = reader.waitForHead({ known: head, signal: soon() })
    setTimeout(() => node.addBlocks({}), 150)
    expect(await next).toMatchObject({ number: 4 })
  })

  test('another block at the same height is another head', async () => {
    const { reader } = openChain([node.url])
    const known = await headOf(reader)
    node.reorganize(1, [{}])
    expect(await reader.waitForHead({ known, signal: soon() })).toMatchObject({ number: 3 })
  })

  test('polls count as heads, and come no more often than asked', async () => {
    const kinds: string[] = []
    const { reader } = openChain([node.url], { onCall: (_, kind) => void kinds.push(kind) })
    const known = await headOf(reader)
    const before = kinds.length
    expect(await headWithin(550, reader, known)).toBeUndefined()
    expect(kinds.length - before).toBeGreaterThanOrEqual(4)
    expect(kinds.length - before).toBeLessThanOrEqual(6)
    expect(new Set(kinds)).toEqual(new Set(['head']))
  })

  test('an abort ends it promptly, whatever it waits for', async () => {
    node.inject({ type: 'stall' })
    for (const urls of [[node.url], [other.url]]) {
      const { reader } = openChain(urls, { timeoutMs: 10_000, pollMs: 10_000 })
      const known = { number: 3, hash: String(other.blocks()[3]?.header.hash) }
      const began = performance.now()
      expect(await headWithin(100, reader, known)).toBeUndefined()
      expect(performance.now() - began).toBeLessThan(300)
      expect(await reader.waitForHead({ signal: AbortSignal.abort() })).toBeUndefined()
    }
  })

  test('a node that fails for long is outlasted', async () => {
    node.inject({ type: 'status', status: 503 }, { answers: 3 })
    const { reader } = openChain([node.url], { skipWaits: true })
    expect(await headOf(reader)).toMatchObject({ number: 3 })
  })

  test('a stalled node is passed over', async () => {
    node.inject({ type: 'stall' })
    const { reader } = openChain([node.url, other.url], { timeoutMs: 200 })
    expect(await headOf(reader)).toMatchObject({ number: 3 })
  })

  test('the finalized block, where there is one', async () => {
    const final = await createFakeNode({ blocks: [{}, {}, {}], finalizedDepth: 2 })
    const { reader } = openChain([final.url])
    expect(await headOf(reader)).toMatchObject({ number: 3, finalized: 1 })
    await final.close()
    node.inject({ type: 'error', code: -39001, message: 'unknown block' }, { method: 'none' })
    expect(await headOf(openChain([node.url]).reader)).not.toHaveProperty('finalized')
  })
})

describe('a node that goes back in time', () => {
  test('is not followed while another does not', async () => {
    const { reader } = openChain([node.url, other.url])
    const known = await headOf(reader)
    node.setHead(1)
    expect(await headWithin(1200, reader, known)).toBeUndefined()
    other.addBlocks({})
    expect(await reader.waitForHead({ known, signal: soon() })).toMatchObject({ number: 4 })
  })

  test('for a moment is not followed', async () => {
    const { reader } = openChain([node.url])
    const known = await headOf(reader)
    node.setHead(2)
    setTimeout(() => node.setHead(3), 250)
    expect(await headWithin(1000, reader, known)).toBeUndefined()
  })

  test.each([
    ['a shorter branch', () => node.reorganize(2, [{}])],
    ['a rollback', () => node.setHead(2)],
  ])('alone and for good is followed: %s', async (_, change) => {
    const { reader } = openChain([node.url])
    const known = await headOf(reader)
    change()
    const head = await reader.waitForHead({ known, signal: soon() })
    expect(head).toEqual({ number: 2, hash: node.blocks()[2]?.header.hash })
    expect(await reader.readRef(2)).toEqual(head)
    if (node.blocks().length === 3) expect(await reader.readRef(3)).toBeUndefined()
    expect(await reader.readBlockAfter(2, { number: 2, hash: '' })).toBeUndefined()
  })

  test('with all others is followed', async () => {
    const { reader } = openChain([node.url, other.url])
    const known = await headOf(reader)
    node.setHead(1)
    other.setHead(2)
    expect(await reader.waitForHead({ known, signal: soon() })).toMatchObject({ number: 2 })
  })

  test('a block that comes late is waited for', async () => {
    const { reader } = openChain([node.url])
    const head = { number: 4, hash: other.addBlocks({})[0]?.header.hash ?? '' }
    setTimeout(() => node.addBlocks({}), 300)
    expect(await reader.readBlockAfter(3, head)).toMatchObject(head)
  })
})

describe('the socket', () => {
  test('tells of heads sooner than polling', async () => {
    const { reader } = openChain([node.url], { websocket: node.websocket, pollMs: 2000 })
    const stop = new AbortController()
    const known = await reader.waitForHead({ signal: stop.signal })
    const next = reader.waitForHead({ ...(known && { known }), signal: stop.signal })
    await expect.poll(() => node.subscribers()).toBe(1)
    const began = performance.now()
    node.addBlocks({})
    expect(await next).toMatchObject({ number: 4 })
    expect(performance.now() - began).toBeLessThan(200)
    stop.abort()
    expect(await reader.waitForHead({ signal: stop.signal })).toBeUndefined()
  })

  test('closes when the wait is ended', async () => {
    const { reader } = openChain([node.url], { websocket: node.websocket })
    const known = await headOf(reader)
    const wait = headWithin(500, reader, known)
    await expect.poll(() => node.subscribers()).toBe(1)
    await wait
    await expect.poll(() => node.subscribers()).toBe(0)
  })

  test('that falls silent stops no heads, and is opened again', async () => {
    const { reader } = openChain([node.url], { websocket: node.websocket })
    const signal = soon()
    const known = await reader.waitForHead({ signal })
    const next = reader.waitForHead({ ...(known && { known }), signal })
    await expect.poll(() => node.subscribers()).toBe(1)
    node.silenceSockets()
    node.addBlocks({})
    const head = await next
    expect(head).toMatchObject({ number: 4 })
    node.silenceSockets(false)
    const later = reader.waitForHead({ ...(head && { known: head }), signal })
    await expect.poll(() => node.subscribers(), { timeout: 2500 }).toBe(0)
    await expect.poll(() => node.subscribers(), { timeout: 2500 }).toBe(1)
    node.addBlocks({})
    expect(await later).toMatchObject({ number: 5 })
  })

  test.each(['never speaks', 'is not there'])('that %s stops no heads', async (fault) => {
    node.silenceSockets()
    const websocket = fault === 'never speaks' ? node.websocket : 'ws://127.0.0.1:9/SECRETKEY'
    const { reader, logged } = openChain([node.url], { websocket })
    const signal = soon()
    const known = await reader.waitForHead({ signal })
    setTimeout(() => node.addBlocks({}), 400)
    const next = await reader.waitForHead({ ...(known && { known }), signal })
    expect(next).toMatchObject({ number: 4 })
    expect(JSON.stringify(logged)).not.toContain('SECRET')
  })

  test('that breaks is opened again', async () => {
    const { reader, logged } = openChain([node.url], { websocket: node.websocket })
    const signal = AbortSignal.timeout(4000)
    const known = await reader.waitForHead({ signal })
    const next = reader.waitForHead({ ...(known && { known }), signal })
    await expect.poll(() => node.subscribers()).toBe(1)
    node.dropSockets()
    await expect
      .poll(() => logged.map(({ text }) => text))
      .toContain('The socket for heads broke; polling instead')
    await expect.poll(() => node.subscribers(), { timeout: 3000 }).toBe(1)
    node.addBlocks({})
    expect(await next).toMatchObject({ number: 4 })
    expect(JSON.stringify(logged)).not.toContain('SECRET')
  })

  test('of another chain is not used', async () => {
    const foreign = await createFakeNode({ chainId: 10 })
    const { reader, logged } = openChain([node.url], { websocket: foreign.websocket })
    const known = await headOf(reader)
    const wait = headWithin(500, reader, known)
    await expect
      .poll(() => logged.map(({ text }) => text))
      .toContain('A node belongs to another chain and is not used')
    foreign.addBlocks({}, {}, {}, {}, {})
    expect(await wait).toBeUndefined()
    await foreign.close()
  })
})

describe('several that wait', () => {
  test.each([
    'polling',
    'socket',
  ] as const)('each gets the next head, by %s, and one that stops stops no other', async (how) => {
    const websocket = how === 'socket' ? { websocket: node.websocket } : {}
    const { reader } = openChain([node.url], websocket)
    const known = await headOf(reader)
    const leaving = new AbortController()
    const waits = [1, 2].map(() => reader.waitForHead({ known, signal: soon() }))
    const gone = reader.waitForHead({ known, signal: leaving.signal })
    leaving.abort()
    expect(await gone).toBeUndefined()
    setTimeout(() => node.addBlocks({}), 150)
    for (const wait of waits) expect(await wait).toMatchObject({ number: 4 })
  })

  test('their polls do not add up', async () => {
    const kinds: string[] = []
    const { reader } = openChain([node.url], { onCall: (_, kind) => void kinds.push(kind) })
    const known = await headOf(reader)
    const before = kinds.length
    await Promise.all([1, 2, 3].map(() => headWithin(550, reader, known)))
    expect(kinds.length - before).toBeLessThanOrEqual(6)
  })
})

test('a finalized block above the head is not believed', async () => {
  node.inject(
    {
      type: 'result',
      change: (told: object, [tag]: [string]) =>
        tag === 'finalized' ? { ...told, number: '0xffff' } : told,
    },
    { method: 'eth_getBlockByNumber' },
  )
  expect(await headOf(openChain([node.url]).reader)).not.toHaveProperty('finalized')
  const sure = await createFakeNode({ blocks: [{}, {}, {}], finalizedDepth: 2 })
  expect(await headOf(openChain([node.url, sure.url]).reader)).toMatchObject({ finalized: 1 })
  await sure.close()
})
