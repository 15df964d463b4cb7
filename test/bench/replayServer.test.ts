import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createEvmChain } from '#adapters/chain/evm/createEvmChain.ts'
import { firstNumber } from '#bench/replay/createReplayChain.ts'
import { type Replay, startReplay } from '#bench/replay/startReplay.ts'
import { watchChain } from '#chain/watchChain.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import type { FetchedBlock, Watch } from '#types/chain.ts'

const transferTopic = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
const nobody: Watch = { isWatched: () => false, isService: () => false }

// Two rounds of the six recorded blocks.
const length = 12
const head = firstNumber + length

let replay: Replay

beforeAll(async () => {
  replay = await startReplay()
})

beforeEach(async () => {
  await replay.setHead(head)
  await replay.readCounts()
})

afterAll(() => replay.close())

async function call(method: string, ...params: unknown[]) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method, params })
  const response = await fetch(replay.url, { method: 'POST', body })
  return (await response.json()) as { id: number; result?: never; error?: { message: string } }
}

async function ask<T>(method: string, ...params: unknown[]): Promise<T> {
  const { result, error } = await call(method, ...params)
  if (result === undefined) throw new Error(error?.message)
  return result as T
}

/** Follows the replayed chain to its head as the bot does. */
async function follow(take: (block: FetchedBlock) => Promise<unknown>): Promise<void> {
  const reader = createEvmChain(ethereum, { providers: [{ url: replay.url }] })
  const stop = new AbortController()
  const followed = [{ number: firstNumber, hash: '' }]
  for await (const event of watchChain(reader, { followed, signal: stop.signal })) {
    if (event.type === 'reorg') throw new Error('The chain is broken.')
    if (event.type !== 'block') continue
    await take(event.block)
    if (event.block.number === event.head.number) stop.abort()
  }
}

type Raw = { hash: string; parentHash: string; number: string; transactions: { hash: string }[] }
type Log = { topics: string[]; blockHash: string; logIndex: string }
type Receipt = { transactionHash: string; blockHash: string; blockNumber: string; logs: Log[] }

describe('replayServer', () => {
  test('default: the chain is unbroken, and the strict checks of the adapter pass', async () => {
    const numbers: number[] = []
    const hashes = new Set<string>()
    await follow(async (block) => {
      numbers.push(block.number)
      hashes.add(block.hash)
      expect(await block.readTransactions(nobody)).toEqual([])
    })
    expect(numbers).toEqual(Array.from({ length }, (_, index) => firstNumber + 1 + index))
    expect(hashes.size).toBe(length)
    const { calls, bytes } = await replay.readCounts()
    expect(calls.eth_getBlockReceipts).toBe(length)
    expect((calls.eth_getBlockByNumber ?? 0) + (calls.eth_getBlockByHash ?? 0)).toBe(length)
    expect(calls['eth_getBlockByNumber head']).toBeGreaterThan(0)
    expect(bytes).toBeGreaterThan(length * 500_000)
    expect(await replay.readCounts()).toEqual({ calls: {}, bytes: 0 })
  })

  test('behavior: receipts and logs belong to their block', async () => {
    const block = await ask<Raw>('eth_getBlockByNumber', 'latest', true)
    expect(Number(block.number)).toBe(head)
    const before = await ask<Raw>('eth_getBlockByHash', block.parentHash, false)
    expect(before.hash).toBe(block.parentHash)
    expect(Number(before.number)).toBe(head - 1)
    expect(before.transactions[0]).toMatch(/^0x[0-9a-f]{64}$/)
    const receipts = await ask<Receipt[]>('eth_getBlockReceipts', block.hash)
    expect(receipts.map(({ transactionHash }) => transactionHash)).toEqual(
      block.transactions.map(({ hash }) => hash),
    )
    const logs = receipts.flatMap((receipt) => receipt.logs)
    expect(logs.map(({ logIndex }) => Number(logIndex))).toEqual([...logs.keys()])
    expect(new Set([...logs, ...receipts].map(({ blockHash }) => blockHash))).toEqual(
      new Set([block.hash]),
    )
    const [first] = receipts
    expect(await ask('eth_getTransactionReceipt', first?.transactionHash)).toEqual(first)
    expect(await ask('eth_getLogs', { blockHash: block.hash })).toEqual(logs)
    const transfers = logs.filter(({ topics }) => topics[0] === transferTopic)
    const filter = { blockHash: block.hash, topics: [[transferTopic]] }
    expect(await ask('eth_getLogs', filter)).toEqual(transfers)
    expect(transfers.length).toBeGreaterThan(0)
    expect(transfers.length).toBeLessThan(logs.length)
  })

  test('behavior: answers what else the bot asks', async () => {
    expect(await ask('eth_chainId')).toBe('0x1')
    expect(Number(await ask('eth_blockNumber'))).toBe(head)
    expect(BigInt(await ask('eth_getBalance', `0x${'1'.repeat(40)}`, 'latest'))).toBe(10n ** 20n)
    expect(await ask('eth_call', {}, 'latest')).toBe(`0x${'0'.repeat(64)}`)
    const final = await ask<Raw>('eth_getBlockByNumber', 'finalized', false)
    expect(Number(final.number)).toBe(firstNumber)
    expect((await call('eth_getBlockByNumber', `0x${(head + 1).toString(16)}`, true)).result).toBe(
      null,
    )
    expect((await call('eth_getBlockReceipts', `0x${'1'.repeat(64)}`)).result).toBe(null)
    expect((await call('eth_sendRawTransaction')).error?.message).toContain('not replayed')
    expect((await call('eth_chainId')).id).toBe(7)
  })

  test('behavior: a planted payment is found', async () => {
    const payer = `0x${'a1'.repeat(20)}`
    const payee = `0x${'b2'.repeat(20)}`
    const payment = { number: head - 1, from: payer, to: payee, value: 5n * 10n ** 18n }
    const hash = await replay.plant(payment)
    const found: unknown[] = []
    await follow(async (block) => {
      const watch = { ...nobody, isWatched: (address: string) => address === payer }
      for (const transaction of await block.readTransactions(watch)) {
        found.push(block.number, transaction.hash, ...transaction.transfers)
      }
    })
    const transfer = { from: payer, to: payee, amount: payment.value, asset: ethereum.native.id }
    expect(found).toEqual([head - 1, hash, { position: 'v', ...transfer }])
    expect(await ask('eth_getTransactionReceipt', hash)).toMatchObject({ transactionHash: hash })
  })

  test('behavior: live, the head advances and tells when', async () => {
    const start = Date.now()
    await replay.live(20)
    await expect.poll(() => ask('eth_blockNumber').then(Number)).toBeGreaterThan(head + 2)
    await replay.live(null)
    const heads = await replay.readHeads()
    const numbers = heads.map(({ number }) => number)
    expect(numbers).toEqual([...numbers.keys()].map((index) => head + 1 + index))
    for (const { at } of heads) expect(Math.abs(at - start)).toBeLessThan(5000)
    expect(await replay.readHeads()).toEqual([])
  })
})
