import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEvmChain } from '#adapters/chain/evm/createEvmChain.ts'
import { probeEvmProvider } from '#adapters/chain/evm/probeEvmProvider.ts'
import { headOf, readAll, readTransactions, testChain, watchOf } from '#test/support/evmChain.ts'
import { toHex } from '#test/support/fakeBlocks.ts'
import type { ChainReader } from '#types/chain.ts'

const nodeModules = '../../../../node_modules'
const program = fileURLToPath(
  new URL(`${nodeModules}/@foundry-rs/anvil-linux-amd64/bin/anvil`, import.meta.url),
)
const native = testChain.native.id
const ether = 10n ** 18n
const thief = `0x${'a1'.repeat(20)}`
const mule = `0x${'b2'.repeat(20)}`
const shop = `0x${'c3'.repeat(20)}`
const other = `0x${'d4'.repeat(20)}`

let anvil: ChildProcess
let url: string

async function call(method: string, ...params: unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const { result, error } = (await response.json()) as { result: unknown; error?: object }
  if (error) throw new Error(JSON.stringify(error))
  return result
}

async function send(from: string, to: string, value: bigint): Promise<void> {
  await call('eth_sendTransaction', { from, to, value: toHex(value) })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

function open(receipts: 'receipts' | 'logs' = 'receipts'): ChainReader {
  return createEvmChain(testChain, { providers: [{ url, receipts }], pollMs: 100 })
}

async function ownBalance(reader: ChainReader, address: string, number: number) {
  const at = await reader.readRef(number)
  if (!at) throw new Error(`There is no block ${number}.`)
  return reader.readBalance({ address, asset: native, at })
}

// The package of the node holds its x64 program alone.
describe.runIf(process.platform === 'linux' && process.arch === 'x64')('a real node', () => {
  beforeEach(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const options = ['--port', `${port}`, '--chain-id', '1', '--no-mining', '--silent']
    anvil = spawn(program, options, { stdio: 'ignore' })
    await expect.poll(() => call('eth_chainId').catch(() => null), { timeout: 10_000 }).toBe('0x1')
    await call('anvil_autoImpersonateAccount', true)
    for (const address of [thief, mule])
      await call('anvil_setBalance', address, toHex(100n * ether))
    await call('evm_mine')
  })

  afterEach(async () => {
    const ended = once(anvil, 'exit')
    anvil.kill('SIGKILL')
    await ended
  })

  test.each([
    'receipts',
    'logs',
  ] as const)('transfers, fees and balances agree to the wei, by %s', async (mode) => {
    await send(thief, mule, 7n * ether)
    await call('evm_mine')
    await send(mule, other, 3n)
    await send(thief, shop, 5n)
    await call('evm_mine')
    const reader = open(mode)
    const blocks = await readAll(reader)
    expect(blocks.map(({ number }) => number)).toEqual([1, 2, 3])
    expect(blocks[2]?.parentHash).toBe(blocks[1]?.hash)
    const told = await readTransactions(blocks, watchOf([thief]))
    expect(told.flatMap(({ transfers }) => transfers)).toMatchObject([
      { position: 'v', from: thief, to: mule, asset: native, amount: 7n * ether },
      { position: 'v', from: thief, to: shop, asset: native, amount: 5n },
    ])
    for (const [place, number] of [2, 3].entries()) {
      const before = await ownBalance(reader, thief, number - 1)
      const after = await ownBalance(reader, thief, number)
      const { transfers, fee } = told[place] ?? { transfers: [] }
      expect(fee?.amount).toBeGreaterThan(0n)
      expect(before - after).toBe((transfers[0]?.amount ?? 0n) + (fee?.amount ?? 0n))
    }
    expect(await ownBalance(reader, shop, 3)).toBe(5n)
    expect(await ownBalance(reader, shop, 2)).toBe(0n)
    expect(await readTransactions(blocks, watchOf([`0x${'e5'.repeat(20)}`]))).toEqual([])
  })

  test('a reorganization and a rollback are seen', async () => {
    await send(thief, mule, 1n)
    await call('evm_mine')
    const reader = open()
    const known = await headOf(reader)
    const before = await readAll(reader)
    await call('anvil_reorg', 1, [])
    const signal = AbortSignal.timeout(5000)
    const head = await reader.waitForHead({ known, signal })
    expect(head?.hash).not.toBe(known.hash)
    expect((await reader.readRef(2))?.hash).toBe(head?.hash)
    expect((await reader.readRef(1))?.hash).toBe(before[0]?.hash)
    await call('anvil_rollback', 1)
    const rolled = await reader.waitForHead({ ...(head && { known: head }), signal })
    expect(rolled).toMatchObject({ number: 1, hash: before[0]?.hash })
    expect(await reader.readRef(2)).toBeUndefined()
  })

  test('heads come over its socket, and a probe finds nothing amiss', async () => {
    const websocket = url.replace('http', 'ws')
    const reader = createEvmChain(testChain, { providers: [{ url }], websocket, pollMs: 5000 })
    const stop = new AbortController()
    const known = await reader.waitForHead({ signal: stop.signal })
    const next = reader.waitForHead({ ...(known && { known }), signal: stop.signal })
    await new Promise((resolve) => setTimeout(resolve, 500))
    const began = performance.now()
    await call('evm_mine')
    expect(await next).toMatchObject({ number: 2 })
    expect(performance.now() - began).toBeLessThan(1500)
    stop.abort()
    expect(await probeEvmProvider(url)).toMatchObject({ receipts: true, logs: true, failures: [] })
  })
})
