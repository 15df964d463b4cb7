import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ProviderError, WrongChainError } from '#errors/rpc.ts'
import {
  headOf,
  openChain,
  person,
  readTransactions,
  usd,
  watchOf,
} from '#test/support/evmChain.ts'
import { transferLog, zeroHash } from '#test/support/fakeBlocks.ts'
import { createFakeNode, type FakeNode, type Fault } from '#test/support/fakeNode.ts'
import type { ChainReader } from '#types/chain.ts'

const [alice, bob] = [person(1), person(2)]
const logs = [transferLog(usd, alice, bob, 1n), transferLog(usd, alice, person(3), 2n)]
const busy = {
  transactions: [
    { from: alice, to: usd, logs },
    { from: bob, to: alice, value: 3n },
    { from: alice, to: usd, logs },
  ],
}

let bad: FakeNode
let good: FakeNode

beforeEach(async () => {
  const options = { blocks: [busy, busy, busy], path: '/v2/SECRETKEY?token=SECRETTOKEN' }
  bad = await createFakeNode(options)
  good = await createFakeNode(options)
})

afterEach(async () => {
  await Promise.all([bad.close(), good.close()])
})

/** Amounts of every transfer in block 2, and in the newest block, which is read by its hash. */
async function readAmounts(reader: ChainReader): Promise<string[]> {
  const newest = good.blocks()[3]?.header
  const head = { number: 3, hash: String(newest?.hash) }
  const told: string[] = []
  for (const after of [1, 2]) {
    const block = await reader.readBlockAfter(after, head)
    if (!block) throw new Error(`There is no block after ${after}.`)
    const transactions = await readTransactions([block], watchOf([alice]))
    told.push(transactions.flatMap(({ transfers }) => transfers.map(({ amount }) => amount)).join())
  }
  return told
}

const sound = ['1,2,3,1,2', '1,2,3,1,2']

type Rows = { [field: string]: unknown; logs: Rows[] }[]
const result = (change: (result: never) => unknown): Fault => ({ type: 'result', change })
const rows = (change: (rows: Rows) => unknown) => result(change)
const block = (change: (block: { [field: string]: unknown; transactions: Rows }) => unknown) =>
  result(change)

const faults: Record<string, { fault: Fault; method?: string }> = {
  'garbage text': { fault: { type: 'text', text: 'hello' } },
  'a page of HTML': { fault: { type: 'text', text: '<html>502</html>' } },
  'half an answer': { fault: { type: 'text', text: '{"jsonrpc":"2.0","id":1,"res' } },
  'no object at all': { fault: { type: 'text', text: 'null' } },
  'a lost connection': { fault: { type: 'drop' } },
  'a server error': { fault: { type: 'status', status: 502 } },
  'too many requests': { fault: { type: 'status', status: 429 } },
  'an error': { fault: { type: 'error', code: -32000, message: 'header not found' } },
  silence: { fault: { type: 'stall' } },
  'a block that is a text': { fault: result(() => 'x'), method: 'block' },
  'a block that is a list': { fault: result(() => []), method: 'block' },
  'no block': { fault: result(() => null), method: 'block' },
  'hashes in place of transactions': {
    fault: block((told) => ({ ...told, transactions: [zeroHash] })),
    method: 'block',
  },
  'another number': { fault: block((told) => ({ ...told, number: '0x1' })), method: 'block' },
  'a broken parent': { fault: block((told) => ({ ...told, parentHash: '0x' })), method: 'block' },
  'a broken time': { fault: block((told) => ({ ...told, timestamp: null })), method: 'block' },
  'transactions in another order': {
    fault: block((told) => ({ ...told, transactions: told.transactions.toReversed() })),
    method: 'block',
  },
  'a transaction of another block': {
    fault: block((told) => ({
      ...told,
      transactions: told.transactions.map((row) => ({ ...row, blockHash: zeroHash })),
    })),
    method: 'block',
  },
  'a transaction less': {
    fault: block((told) => ({ ...told, transactions: told.transactions.slice(0, -1) })),
    method: 'block',
  },
  'no receipts': { fault: result(() => null), method: 'eth_getBlockReceipts' },
  'a receipt less': { fault: rows((told) => told.slice(1)), method: 'eth_getBlockReceipts' },
  'receipts of another block': {
    fault: rows((told) => told.map((row) => ({ ...row, blockHash: zeroHash }))),
    method: 'eth_getBlockReceipts',
  },
  'receipts in another order': {
    fault: rows((told) => told.toReversed()),
    method: 'eth_getBlockReceipts',
  },
  'the logs of a receipt missing': {
    fault: rows((told) => told.map((row, place) => (place === 0 ? { ...row, logs: [] } : row))),
    method: 'eth_getBlockReceipts',
  },
  'the first log missing': {
    fault: rows((told) => told.map((row) => ({ ...row, logs: row.logs.slice(1) }))),
    method: 'eth_getBlockReceipts',
  },
  'the very last log missing': {
    fault: rows((told) =>
      told.map((row, place) => (place === 2 ? { ...row, logs: row.logs.slice(0, 1) } : row)),
    ),
    method: 'eth_getBlockReceipts',
  },
  'a log that was removed': {
    fault: rows((told) =>
      told.map((row) => ({ ...row, logs: row.logs.map((log) => ({ ...log, removed: true })) })),
    ),
    method: 'eth_getBlockReceipts',
  },
  'other gas than the header says': {
    fault: rows((told) => told.map((row) => ({ ...row, cumulativeGasUsed: '0x1' }))),
    method: 'eth_getBlockReceipts',
  },
}

function injectInto(node: FakeNode, { fault, method }: { fault: Fault; method?: string }): void {
  const methods = method === 'block' ? ['eth_getBlockByNumber', 'eth_getBlockByHash'] : [method]
  for (const each of methods) node.inject(fault, each === undefined ? {} : { method: each })
}

describe('a node that fails', () => {
  test.each(Object.entries(faults))('%s: the next one is asked', async (_, fault) => {
    injectInto(bad, fault)
    const { reader } = openChain([bad.url, good.url])
    expect(await readAmounts(reader)).toEqual(sound)
  })

  test.each(
    Object.entries(faults),
  )('%s: alone, it is given up in a sentence', async (name, fault) => {
    injectInto(bad, fault)
    const { reader, clock, logged } = openChain([bad.url], { skipWaits: true, timeoutMs: 50 })
    if (name === 'no block') return expect(readAmounts(reader)).rejects.toThrow('no block after 1')
    const error = await readAmounts(reader).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(ProviderError)
    expect(error.retryable).toBe(true)
    expect(error.message).toContain(`"${bad.host}": `)
    expectNoSecret(error, logged)
    // It was left alone for longer each time, for a minute and more in all.
    expect(clock.waits).toHaveLength(9)
    expect(clock.waits.reduce((sum, ms) => sum + ms)).toBeGreaterThan(60_000)
    // And it answers again.
    bad.clearFaults()
    clock.now += 30_000
    expect(await readAmounts(reader)).toEqual(sound)
  })
})

const receiptsWith = (fields: object) => ({
  fault: rows((told) => told.map((row) => ({ ...row, ...fields }))),
  method: 'eth_getBlockReceipts',
})
const transactionsWith = (fields: object) => ({
  fault: block((told) => ({
    ...told,
    transactions: told.transactions.map((row) => ({ ...row, ...fields })),
  })),
  method: 'block',
})
const logsWith = (fields: object) => ({
  fault: rows((told) =>
    told.map((row) => ({ ...row, logs: row.logs.map((log) => ({ ...log, ...fields })) })),
  ),
  method: 'eth_getBlockReceipts',
})

/** What JavaScript would take for a number, or what a chat would show as an address. */
const nonsense: Record<string, { fault: Fault; method: string }> = {
  'a price below zero': receiptsWith({ effectiveGasPrice: '-5' }),
  'a price that is a word': receiptsWith({ effectiveGasPrice: 'free' }),
  'gas below zero': receiptsWith({ gasUsed: '-0x5' }),
  'a base fee that is empty': receiptsWith({ l1Fee: '' }),
  'a value below zero': transactionsWith({ value: '-1' }),
  'a value with a point': transactionsWith({ value: '0x1.5' }),
  'a payee with other characters': transactionsWith({
    to: `0x<@here>${'\u001b'}[2J${'!'.repeat(30)}`,
  }),
  'a payer with other characters': transactionsWith({ from: `0x${'g'.repeat(40)}` }),
  'a topic that is no text': logsWith({ topics: [1, 2, 3] }),
  'data that is no hexadecimal': logsWith({ data: `0x${'x'.repeat(64)}` }),
}

describe('a node that tells nonsense', () => {
  test.each(Object.entries(nonsense))('%s: the next one is asked', async (_, fault) => {
    injectInto(bad, fault)
    const { reader } = openChain([bad.url, good.url])
    expect(await readAmounts(reader)).toEqual(sound)
  })

  test.each(
    Object.entries(nonsense),
  )('%s: alone, it is given up in a sentence', async (_, fault) => {
    injectInto(bad, fault)
    const { reader, logged } = openChain([bad.url], { skipWaits: true })
    const error = await readAmounts(reader).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(ProviderError)
    expect(error.retryable).toBe(true)
    expectNoSecret(error, logged)
  })
})

const logFaults: Record<string, { fault: Fault; method: string }> = {
  'logs of another block': {
    fault: rows((told) => told.map((row) => ({ ...row, blockHash: zeroHash }))),
    method: 'eth_getLogs',
  },
  'a log of another transaction': {
    fault: rows((told) => told.map((row) => ({ ...row, transactionIndex: '0x1' }))),
    method: 'eth_getLogs',
  },
  'logs in another order': { fault: rows((told) => told.toReversed()), method: 'eth_getLogs' },
  'logs that are no list': { fault: result(() => null), method: 'eth_getLogs' },
  'all transfers missing': { fault: result(() => []), method: 'eth_getLogs' },
  'a receipt of another transaction': {
    fault: result((told: object) => ({ ...told, transactionHash: zeroHash })),
    method: 'eth_getTransactionReceipt',
  },
  'a receipt with a log less': {
    fault: result((told: { logs: unknown[] }) => ({ ...told, logs: told.logs.slice(0, 1) })),
    method: 'eth_getTransactionReceipt',
  },
  'no receipt': { fault: result(() => null), method: 'eth_getTransactionReceipt' },
}

describe('a node asked for logs that fails', () => {
  test.each(Object.entries(logFaults))('%s: the next one is asked', async (_, fault) => {
    injectInto(bad, fault)
    const providers = [bad, good].map(({ url }) => ({ url, receipts: 'logs' as const }))
    const { reader } = openChain(providers)
    expect(await readAmounts(reader)).toEqual(sound)
  })

  test('a bloom that all nodes contradict is given in to, and told', async () => {
    for (const node of [bad, good])
      node.inject(
        result(() => []),
        { method: 'eth_getLogs' },
      )
    const providers = [bad, good].map(({ url }) => ({ url, receipts: 'logs' as const }))
    const { reader, logged } = openChain(providers)
    expect(await readAmounts(reader)).toHaveLength(2)
    expect(logged.map(({ text }) => text)).toContain(
      'A block may hold transfers that no node tells of',
    )
  })

  test.each([
    ['receipts', 'eth_getBlockReceipts', -32601, 'the method does not exist/is not available'],
    ['receipts', 'eth_getBlockReceipts', -32000, 'Method eth_getBlockReceipts is not supported'],
    ['logs', 'eth_getLogs', -32601, 'method not found'],
  ] as const)('asked for %s it knows no %s: it is asked the other way', async (receipts, method, code, message) => {
    bad.inject({ type: 'error', code, message }, { method })
    const { reader, logged } = openChain([{ url: bad.url, receipts }])
    expect(await readAmounts(reader)).toEqual(sound)
    expect(await readAmounts(reader)).toEqual(sound)
    // The head asks for both at once.
    expect(bad.calls.get(method)).toBe(1)
    expect(logged.map(({ text }) => text)).toEqual([
      'A node does not know one call and is asked by another',
    ])
  })
})

describe('too many requests', () => {
  test('a node is left alone as long as it asks', async () => {
    bad.inject({ type: 'status', status: 429, headers: { 'retry-after': '60' } }, { answers: 1 })
    const { reader, clock } = openChain([bad.url], { skipWaits: true })
    expect(await readAmounts(reader)).toEqual(sound)
    expect(clock.waits).toEqual([60_000])
  })

  test('a date to come back at is obeyed, and an error with a status too', async () => {
    const { reader, clock } = openChain([bad.url], { skipWaits: true })
    const headers = { 'retry-after': new Date(clock.now + 7000).toUTCString() }
    const text = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32005, message: 'limit' },
    })
    const json = { ...headers, 'content-type': 'application/json' }
    bad.inject({ type: 'status', status: 429, headers: json, text }, { answers: 1 })
    expect(await readAmounts(reader)).toEqual(sound)
    expect(clock.waits).toEqual([7000])
  })

  test('no call comes meanwhile where another node answers', async () => {
    bad.inject({ type: 'status', status: 429, headers: { 'retry-after': '60' } })
    const { reader } = openChain([bad.url, good.url], { skipWaits: true })
    for (let round = 0; round < 5; round++) expect(await readAmounts(reader)).toEqual(sound)
    expect(bad.countCalls()).toBe(1)
  })

  test('a wait beyond all patience is given up', async () => {
    bad.inject({ type: 'status', status: 429, headers: { 'retry-after': '86400' } })
    const { reader, clock } = openChain([bad.url], { skipWaits: true })
    await expect(readAmounts(reader)).rejects.toThrow('HTTP status 429')
    expect(clock.waits).toEqual([])
  })

  test('a budget of calls is kept to', async () => {
    const times: number[] = []
    const { reader, clock } = openChain([{ url: bad.url, requestsPerSecond: 3 }], {
      skipWaits: true,
      onCall: () => void times.push(clock.now),
    })
    for (let round = 0; round < 3; round++) await readAmounts(reader)
    expect(times).toHaveLength(13)
    for (const [place, time] of times.entries()) {
      expect((times[place + 3] ?? Number.POSITIVE_INFINITY) - time).toBeGreaterThanOrEqual(1000)
    }
  })
})

describe('calls under way together', () => {
  test('fail as one: the node is not left alone for longer', async () => {
    const { reader, clock } = openChain([bad.url], { skipWaits: true })
    await readAmounts(reader)
    bad.inject({ type: 'status', status: 503 }, { answers: 8 })
    const head = { number: 3, hash: '' }
    const reads = Array.from({ length: 8 }, () => reader.readBlockAfter(1, head))
    expect((await Promise.all(reads)).map((block) => block?.number)).toEqual(Array(8).fill(2))
    expect(Math.max(...clock.waits)).toBeLessThanOrEqual(500)
  })
})

describe('a node of another chain', () => {
  test('is refused for ever, said once', async () => {
    const other = await createFakeNode({ chainId: 10, blocks: [busy, busy, busy] })
    try {
      const { reader, logged } = openChain([other.url, good.url])
      for (let round = 0; round < 3; round++) expect(await readAmounts(reader)).toEqual(sound)
      expect([...other.calls]).toEqual([['eth_chainId', 1]])
      expect(logged.map(({ text }) => text)).toEqual([
        'A node belongs to another chain and is not used',
      ])
      const alone = openChain([other.url])
      await expect(headOf(alone.reader)).rejects.toThrow(WrongChainError)
      await expect(readAmounts(alone.reader)).rejects.toThrow('belongs to the chain eip155:10')
    } finally {
      await other.close()
    }
  })
})

describe('a node that dies and comes back', () => {
  test('is used again once it answers', async () => {
    const { reader, clock } = openChain([bad.url, good.url], { skipWaits: true })
    expect(await readAmounts(reader)).toEqual(sound)
    bad.inject({ type: 'drop' })
    expect(await readAmounts(reader)).toEqual(sound)
    bad.clearFaults()
    good.clearCalls()
    clock.now += 60_000
    // The first call after the wait goes to the other node still, and asks after the first beside it.
    expect(await readAmounts(reader)).toEqual(sound)
    await expect.poll(() => bad.calls.get('eth_blockNumber')).toBe(1)
    good.clearCalls()
    expect(await readAmounts(reader)).toEqual(sound)
    expect(good.countCalls()).toBe(0)
  })
})

describe('a key', () => {
  test.each([
    'error',
    'status',
    'text',
    'other',
  ] as const)('never leaks, though a server repeats it (%s)', async (type) => {
    const text = `no such path /v2/SECRETKEY?token=SECRETTOKEN at ${bad.url}, secretkey`
    const echo: Record<typeof type, Fault> = {
      error: { type: 'error', code: -32000, message: text },
      status: { type: 'status', status: 401, text },
      text: { type: 'text', text },
      other: { type: 'drop' },
    }
    bad.inject(echo[type])
    const { reader, logged } = openChain([bad.url], { skipWaits: true })
    const error = await readAmounts(reader).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(ProviderError)
    expectNoSecret(error, logged)
    const at = { number: 1, hash: zeroHash }
    const balance = reader.readBalance({ address: alice, asset: 'eip155:1/slip44:60', at })
    expectNoSecret(await balance.catch((thrown) => thrown), logged)
  })

  test('never leaks from a URL that is not one', () => {
    for (const options of [{ providers: [{ url: 'SECRET KEY' }] }, { websocket: 'SECRET' }]) {
      let error: unknown
      try {
        openChain([good.url], options)
      } catch (thrown) {
        error = thrown
      }
      expect(error).toBeInstanceOf(Error)
      expectNoSecret(error, [])
    }
  })

  test('in credentials is sent and never leaks', async () => {
    const url = bad.url.replace('http://', 'http://SECRETUSER:SECRETWORD@')
    bad.inject({ type: 'error', code: 1, message: 'SECRETUSER U0VDUkVUVVNFUjpTRUNSRVRXT1JE' })
    const { reader, logged } = openChain([url], { skipWaits: true })
    const error = await readAmounts(reader).catch((thrown) => thrown)
    expectNoSecret(error, logged)
    expect(JSON.stringify(logged)).not.toContain('U0VDUkVU')
  })
})

function expectNoSecret(error: unknown, logged: unknown[]): void {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const shown = [cause.message, cause.stack, cause.name, { ...cause }]
    expect(JSON.stringify(shown)).not.toMatch(/secret(?!s)/i)
  }
  expect(JSON.stringify(logged)).not.toMatch(/secret/i)
}
