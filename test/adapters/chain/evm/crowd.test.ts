import { execFile } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { headOf, openChain } from '#test/support/evmChain.ts'
import { createFakeNode, type FakeNode } from '#test/support/fakeNode.ts'
import type { BlockRef } from '#types/chain.ts'

let node: FakeNode
let other: FakeNode

beforeEach(async () => {
  const options = { blocks: [{}, {}, {}], finalizedDepth: 2 }
  node = await createFakeNode(options)
  other = await createFakeNode(options)
})

afterEach(async () => {
  await Promise.all([node.close(), other.close()])
})

function refOf(number: number): BlockRef {
  return { number, hash: String(node.blocks()[number]?.header.hash) }
}

describe.each(['polling', 'the socket'])('several who wait, with %s', (way) => {
  const isSocket = way === 'the socket'

  function open(pollMs = 100) {
    const methods: string[] = []
    const { reader } = openChain([node.url], {
      pollMs,
      onCall: (method) => void methods.push(method),
      ...(isSocket && { websocket: node.websocket }),
    })
    const polls = () => methods.filter((method) => method === 'eth_getBlockByNumber').length
    return { reader, polls }
  }

  test('all hear of a head, each of one that it does not know', async () => {
    const { reader } = open(isSocket ? 5000 : 100)
    const stop = new AbortController()
    const { signal } = stop
    const known = await reader.waitForHead({ signal })
    const late = reader.waitForHead({ known: refOf(2), signal })
    const waits = [1, 2].map(() => reader.waitForHead({ ...(known && { known }), signal }))
    expect(await late).toMatchObject({ number: 3 })
    if (isSocket) await expect.poll(() => node.subscribers()).toBe(1)
    const began = performance.now()
    node.addBlocks({})
    expect(await Promise.all(waits)).toMatchObject([{ number: 4 }, { number: 4 }])
    expect(performance.now() - began).toBeLessThan(400)
    stop.abort()
  })

  test('what one of them polls is told to all at once', async () => {
    const { reader } = open(isSocket ? 5000 : 600)
    const signal = AbortSignal.timeout(4000)
    const known = refOf(3)
    const first = reader.waitForHead({ known, signal })
    if (isSocket) await expect.poll(() => node.subscribers()).toBe(1)
    await setTimeout(300)
    const second = reader.waitForHead({ known, signal })
    await setTimeout(50)
    node.addBlocks({})
    const times = [first, second].map((head) => head.then(() => performance.now()))
    const [one = 0, two = 0] = await Promise.all(times)
    expect(Math.abs(one - two)).toBeLessThan(200)
  })

  test('nothing is asked any more once all are stopped', async () => {
    const { reader, polls } = open(100)
    const known = await headOf(reader)
    node.inject({ type: 'status', status: 503 })
    const stop = new AbortController()
    const waits = [1, 2].map(() => reader.waitForHead({ known, signal: stop.signal }))
    const before = polls()
    if (!isSocket) await expect.poll(polls).toBeGreaterThan(before + 1)
    stop.abort()
    expect(await Promise.all(waits)).toEqual([undefined, undefined])
    const after = polls()
    await setTimeout(1200)
    expect(polls()).toBe(after)
  })

  test('they poll no more often than one', async () => {
    const { reader, polls } = open(100)
    await headOf(reader)
    const before = polls()
    const signal = AbortSignal.timeout(1050)
    const waits = [1, 2, 3].map(async (late) => {
      await setTimeout(late * 30)
      return reader.waitForHead({ known: refOf(3), signal })
    })
    expect(await Promise.all(waits)).toEqual([undefined, undefined, undefined])
    expect(polls() - before).toBeGreaterThanOrEqual(isSocket ? 1 : 7)
    expect(polls() - before).toBeLessThanOrEqual(isSocket ? 5 : 11)
  })

  test('one poll under way is enough, and outlives who asked for it', async () => {
    const { reader, polls } = open(1000)
    const first = new AbortController()
    const slow = { type: 'stall' } as const
    node.inject(slow, { method: 'eth_getBlockByNumber', answers: 1 })
    const one = reader.waitForHead({ signal: first.signal })
    await expect.poll(polls).toBe(1)
    const two = reader.waitForHead({ signal: AbortSignal.timeout(3000) })
    await setTimeout(50)
    first.abort()
    expect(await one).toBeUndefined()
    expect(polls()).toBe(1)
    const head = await two
    expect(head).toMatchObject({ number: 3 })
  })

  test('when one is stopped, the others go on', async () => {
    const { reader } = open(isSocket ? 5000 : 100)
    const stops = [new AbortController(), new AbortController()] as const
    const [one, two] = stops.map(({ signal }) => reader.waitForHead({ known: refOf(3), signal }))
    if (isSocket) await expect.poll(() => node.subscribers()).toBe(1)
    stops[0].abort()
    expect(await one).toBeUndefined()
    await setTimeout(100)
    expect(node.subscribers()).toBe(isSocket ? 1 : 0)
    const began = performance.now()
    node.addBlocks({})
    expect(await two).toMatchObject({ number: 4 })
    expect(performance.now() - began).toBeLessThan(400)
    // Nobody waits now; who is stopped between two waits needs no socket either.
    stops[1].abort()
    await expect.poll(() => node.subscribers()).toBe(0)
    const signal = AbortSignal.timeout(3000)
    const next = reader.waitForHead({ known: refOf(4), signal })
    if (isSocket) await expect.poll(() => node.subscribers(), { timeout: 500 }).toBe(1)
    node.addBlocks({})
    expect(await next).toMatchObject({ number: 5 })
  })

  test('nothing keeps a process that is stopped', async () => {
    const script = `
      import { openChain } from '#test/support/evmChain.ts'
      const options = { pollMs: 60_000, timeoutMs: 30_000 }
      const websocket = ${isSocket ? JSON.stringify(node.websocket) : 'undefined'}
      const { reader } = openChain(['${node.url}'], { ...options, websocket })
      const stop = new AbortController()
      const known = await reader.waitForHead({ signal: stop.signal })
      const waits = [1, 2].map(() => reader.waitForHead({ known, signal: stop.signal }))
      setTimeout(() => stop.abort(), 300)
      await Promise.all(waits)
      process.on('exit', () => console.log('done'))
    `
    const args = ['--input-type=module', '--eval', script]
    const told = await new Promise((resolve, reject) => {
      execFile(process.execPath, args, { timeout: 6000 }, (error, out) =>
        error ? reject(error) : resolve(out),
      )
    })
    expect(told).toBe('done\n')
  }, 10_000)
})

describe('a finalized block', () => {
  const lie = (number: string) => ({
    type: 'result' as const,
    change: (block: object, [tag]: [string]) =>
      tag === 'finalized' ? { ...block, number } : block,
  })
  const method = 'eth_getBlockByNumber'

  test.each([
    ['above the head', lie('0x4')],
    ['far above', lie('0xfffffffffffff')],
    ['that is none', lie('soon')],
  ])('%s is not believed: the next node is asked', async (_, fault) => {
    node.inject(fault, { method })
    const { reader } = openChain([node.url, other.url])
    expect(await headOf(reader)).toMatchObject({ number: 3, finalized: 1 })
    expect(await headOf(openChain([node.url]).reader)).not.toHaveProperty('finalized')
  })

  test('as high as the head is believed', async () => {
    node.inject(lie('0x3'), { method })
    expect(await headOf(openChain([node.url]).reader)).toMatchObject({ finalized: 3 })
  })

  test('is asked of the next node where the first does not answer', async () => {
    const answers = { type: 'result', change: (block: object) => block } as const
    node.inject(answers, { method, answers: 1 })
    node.inject({ type: 'status', status: 500 }, { method })
    expect(await headOf(openChain([node.url, other.url]).reader)).toMatchObject({ finalized: 1 })
  })

  test('is forgotten once the head is below it', async () => {
    node.inject(lie('0x3'), { method })
    const { reader } = openChain([node.url])
    const known = await headOf(reader)
    expect(known.finalized).toBe(3)
    node.reorganize(2, [{}])
    const head = await reader.waitForHead({ known, signal: AbortSignal.timeout(3000) })
    expect(head).toEqual({ number: 2, hash: refOf(2).hash })
    node.addBlocks({})
    const next = await reader.waitForHead({ known: refOf(2), signal: AbortSignal.timeout(3000) })
    expect(next).toEqual(refOf(3))
  })
})
