import { Keyv } from 'keyv'
import { afterEach, expect, test } from 'vitest'
import { probeEvmProvider } from '#adapters/chain/evm/probeEvmProvider.ts'
import { openChain, person, testChain, usd, usdAsset, weth } from '#test/support/evmChain.ts'
import { type BalanceOf, createFakeNode, type FakeNode } from '#test/support/fakeNode.ts'

const alice = person(1)
const native = testChain.native.id
const nodes: FakeNode[] = []

afterEach(async () => {
  for (const node of nodes.splice(0)) await node.close()
})

/** Ether times the block, and tokens beside it. */
const balanceOf: BalanceOf = ({ token, block }) => {
  if (token === weth) return 1000n
  if (token === usd) return 55n
  return 10n ** 20n + BigInt(block)
}

async function start() {
  const options = { blocks: [{}, {}, {}], balanceOf, path: '/SECRETKEY' }
  const node = await createFakeNode(options)
  nodes.push(node)
  const at = { number: 2, hash: String(node.blocks()[2]?.header.hash) }
  return { node, at }
}

test('native and wrapped are one pot, a token is its own, all at the block', async () => {
  const { node, at } = await start()
  const { reader } = openChain([node.url])
  expect(await reader.readBalance({ address: alice, asset: native, at })).toBe(
    10n ** 20n + 2n + 1000n,
  )
  expect(await reader.readBalance({ address: alice, asset: usdAsset.id, at })).toBe(55n)
  expect(node.calls.get('eth_getBlockByNumber')).toBeUndefined()
})

test('nobody and nothing have nothing; an unknown asset is a fault', async () => {
  const { node, at } = await start()
  const { reader } = openChain([node.url])
  const unborn = { address: 'contract-creation:0x1', asset: native, at }
  expect(await reader.readBalance(unborn)).toBe(0n)
  const early = { address: alice, asset: native, at: { number: -1, hash: '' } }
  expect(await reader.readBalance(early)).toBe(0n)
  await expect(reader.readBalance({ address: alice, asset: 'x', at })).rejects.toThrow(RangeError)
  expect(node.countCalls()).toBe(0)
  node.inject({ type: 'result', change: () => '0x' }, { method: 'eth_call' })
  expect(await reader.readBalance({ address: alice, asset: usdAsset.id, at })).toBe(0n)
})

test('a node that knows no block by its hash is asked by number, the hash checked', async () => {
  const { node, at } = await start()
  const fault = { type: 'error', code: -32602, message: 'invalid argument 1: hex string' } as const
  node.inject(fault, { method: 'eth_call', answers: 1 })
  const { reader, clock } = openChain([node.url], { skipWaits: true })
  expect(await reader.readBalance({ address: alice, asset: usdAsset.id, at })).toBe(55n)
  expect(await reader.readBalance({ address: alice, asset: usdAsset.id, at })).toBe(55n)
  expect(node.calls.get('eth_call')).toBe(3)
  expect(clock.waits).toEqual([])
  const gone = { number: 2, hash: String(node.blocks()[1]?.header.hash) }
  await expect(
    reader.readBalance({ address: alice, asset: usdAsset.id, at: gone }),
  ).rejects.toThrow('no such block')
})

test('a node without old balances passes the question on and is not left alone', async () => {
  const { node, at } = await start()
  const archive = await start()
  node.inject(
    { type: 'error', code: -32000, message: 'missing trie node' },
    { method: 'eth_getBalance' },
  )
  const { reader, logged } = openChain([node.url, archive.node.url])
  const query = { address: alice, asset: native, at }
  expect(await reader.readBalance(query)).toBe(10n ** 20n + 1002n)
  expect(logged).toEqual([])
  expect(archive.node.calls.get('eth_call')).toBeUndefined()
  const alone = openChain([node.url], { skipWaits: true })
  await expect(alone.reader.readBalance(query)).rejects.toThrow('missing trie node')
})

test.each([null, '', '0x', '0xzz', 5, {}])('%j is no balance', async (answer) => {
  const { node, at } = await start()
  const sound = await start()
  node.inject({ type: 'result', change: () => answer }, { method: 'eth_getBalance' })
  const { reader } = openChain([node.url, sound.node.url])
  const query = { address: alice, asset: native, at }
  expect(await reader.readBalance(query)).toBe(10n ** 20n + 1002n)
})

test('a cache spares calls, by block hash', async () => {
  const { node, at } = await start()
  const cache = new Keyv()
  const query = { address: alice, asset: native, at }
  for (let round = 0; round < 2; round++) {
    const { reader } = openChain([node.url], { cache })
    expect(await reader.readBalance(query)).toBe(10n ** 20n + 1002n)
  }
  expect(node.countCalls('eth_getBalance', 'eth_call')).toBe(2)
  const [replaced] = node.reorganize(2, [{}])
  const { reader } = openChain([node.url], { cache })
  const other = { number: 2, hash: String(replaced?.header.hash) }
  await reader.readBalance({ ...query, at: other })
  expect(node.countCalls('eth_getBalance', 'eth_call')).toBe(4)
})

test('a probe says what a node can do, and what not in sentences', async () => {
  const { node } = await start()
  node.addBlocks(...Array.from({ length: 200 }, () => ({})))
  const probe = await probeEvmProvider(node.url)
  expect(probe).toEqual({
    host: node.host,
    chain: 'eip155:1',
    head: { number: 203, hash: node.blocks()[203]?.header.hash, time: 1_700_002_436 },
    receipts: true,
    logs: true,
    balanceDepth: 128,
    latencyMs: expect.any(Number),
    failures: [],
  })
  const message = `no SECRETKEY at ${node.url}`
  node.inject({ type: 'error', code: -32601, message }, { method: 'eth_getBlockReceipts' })
  node.inject({ type: 'text', text: '<html>' }, { method: 'eth_getLogs' })
  node.inject({ type: 'status', status: 403 }, { method: 'eth_getBalance' })
  const poor = await probeEvmProvider(node.url)
  expect(poor).toMatchObject({ receipts: false, logs: false })
  expect(poor.failures).toEqual([
    `${node.host} does not tell the receipts of a block (eth_getBlockReceipts): error -32601, "no … at …".`,
    `${node.host} does not tell the logs of a block (eth_getLogs): an answer that is not JSON.`,
    `${node.host} does not tell balances of 128 blocks ago (eth_getBalance): HTTP status 403.`,
  ])
  await node.close()
  const { failures } = await probeEvmProvider(node.url)
  expect(failures).toHaveLength(2)
  expect(failures[1]).toBe(
    `${node.host} does not tell its head (eth_getBlockByNumber): no connection, ECONNREFUSED.`,
  )
})
