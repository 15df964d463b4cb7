import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ProviderError } from '#errors/rpc.ts'
import { openChain, person, readTransactions, usd, watchOf } from '#test/support/evmChain.ts'
import { type LogSpec, toWord, transferLog } from '#test/support/fakeBlocks.ts'
import { createFakeNode, type FakeNode } from '#test/support/fakeNode.ts'
import type { ChainReader, Watch } from '#types/chain.ts'

const [alice, bob] = [person(1), person(2)]
const other: LogSpec = { address: person(9), topics: [toWord(8n)], data: toWord(1n) }
const logs = [transferLog(usd, alice, bob, 1n), other]
const busy = {
  transactions: [
    { from: alice, to: usd, logs },
    { from: alice, value: 3n },
    { from: bob, to: alice, value: 5n, logs: [other] },
  ],
}
const watch = watchOf([alice])

let bad: FakeNode
let good: FakeNode

beforeEach(async () => {
  bad = await createFakeNode({ blocks: [busy] })
  good = await createFakeNode({ blocks: [busy] })
})

afterEach(async () => {
  await Promise.all([bad.close(), good.close()])
})

type Row = { [field: string]: unknown; logs: Row[] }
type Change = (row: Row) => Row

const inHeader = ['eth_getBlockByNumber', 'eth_getBlockByHash']

/** One field of every row that a node tells is another; of logs either those of the token or the others. */
function spoil(node: FakeNode, { where, field, value }: Spoilt): void {
  const put: Change = (row) => ({ ...row, [field]: value })
  const isLog = where === 'log' || where === 'other log'
  const putLog: Change = (row) => ((row.address === usd) === (where === 'log') ? put(row) : row)
  const changeLogs: Change = (row) => ({ ...row, logs: row.logs.map(putLog) })
  const change = isLog ? changeLogs : put
  const inBlock = (block: Row & { transactions: Row[] }) =>
    where === 'header' ? put(block) : { ...block, transactions: block.transactions.map(put) }
  if (where === 'header' || where === 'transaction') {
    for (const method of inHeader) node.inject({ type: 'result', change: inBlock }, { method })
    return
  }
  const rows = (told: Row[]) => told.map(change)
  node.inject({ type: 'result', change: rows }, { method: 'eth_getBlockReceipts' })
  node.inject({ type: 'result', change }, { method: 'eth_getTransactionReceipt' })
  const logRows = (told: Row[]) => told.map(putLog)
  if (isLog) node.inject({ type: 'result', change: logRows }, { method: 'eth_getLogs' })
}

type Spoilt = {
  where: 'header' | 'transaction' | 'receipt' | 'log' | 'other log'
  field: string
  value: unknown
}

const nonsense = ['-5', '0x-5', '5', '', '0x', '0X5', 'free', '0xg', '0x1 ', ` 0x1`, 5, {}]
const amounts = (where: Spoilt['where'], fields: string[], values: unknown[] = nonsense) =>
  fields.flatMap((field) =>
    [...values, `0x${'1'.repeat(65)}`].map((value) => ({ where, field, value })),
  )
const noAddresses = [`0x${'g'.repeat(40)}`, `0x${'1'.repeat(39)}`, `-x${'1'.repeat(40)}`, '', 7]
const noWords = [`0x${'g'.repeat(64)}`, `0x${'1'.repeat(63)}`, `0x-${'1'.repeat(63)}`, '', null]
const each = (where: Spoilt['where'], field: string, values: unknown[]) =>
  values.map((value) => ({ where, field, value }))

const spoilt: Spoilt[] = [
  ...amounts('transaction', ['value', 'nonce'], [...nonsense, null]),
  ...amounts('transaction', ['gasPrice']),
  ...amounts('receipt', ['gasUsed', 'cumulativeGasUsed'], [...nonsense, null]),
  ...amounts('receipt', ['effectiveGasPrice', 'blobGasUsed', 'blobGasPrice', 'l1Fee', 'status']),
  ...amounts('receipt', ['operatorFeeScalar', 'operatorFeeConstant']),
  ...each('receipt', 'cumulativeGasUsed', [undefined]),
  ...each('receipt', 'status', ['0x00', '0x2']),
  ...each('transaction', 'from', [...noAddresses, null]),
  ...each('transaction', 'to', noAddresses),
  ...each('receipt', 'contractAddress', noAddresses),
  ...each('transaction', 'hash', noWords),
  ...each('header', 'timestamp', ['-5', '0x200000000', 'now', '0x', `0x${'1'.repeat(14)}`]),
]
const spoiltLogs: Spoilt[] = (['log', 'other log'] as const).flatMap((where) => [
  ...each(where, 'address', [...noAddresses, null]),
  ...each(
    where,
    'topics',
    noWords.map((word) => [transferLog(usd, alice, bob, 1n).topics[0], word, toWord(alice)]),
  ),
  ...each(where, 'data', [`0x${'g'.repeat(64)}`, `-0x${'1'.repeat(63)}`, 'no', null]),
])

async function readBlock(reader: ChainReader, by: Watch = watch) {
  const header = good.blocks()[1]?.header
  const block = await reader.readBlockAfter(0, { number: 1, hash: String(header?.hash) })
  if (!block) throw new Error('There is no block.')
  return readTransactions([block], by)
}

const show = ({ where, field, value }: Spoilt) =>
  `${where} ${field} ${String(JSON.stringify(value)).slice(0, 80)}`
const named = (list: Spoilt[]) => list.map((one) => [show(one), one] as const)

describe('a field that cannot be', () => {
  test.each(named([...spoilt, ...spoiltLogs]))('%s: the next node is asked', async (_, one) => {
    const sound = await readBlock(openChain([good.url]).reader)
    spoil(bad, one)
    const { reader, logged } = openChain([bad.url, good.url])
    expect(await readBlock(reader)).toEqual(sound)
    expect(sound).toHaveLength(3)
    expect(logged.map(({ text }) => text)).toContain('A node failed')
  })

  test.each(named(spoiltLogs))('%s: the next node is asked for logs', async (_, one) => {
    const sound = await readBlock(openChain([good.url]).reader)
    spoil(bad, one)
    const providers = [bad, good].map(({ url }) => ({ url, receipts: 'logs' as const }))
    const { reader, logged } = openChain(providers)
    expect(await readBlock(reader)).toEqual(sound)
    expect(logged.map(({ text }) => text)).toContain('A node failed')
  })

  test.each(named([...spoilt, ...spoiltLogs]))('%s: alone, it is given up', async (_, one) => {
    spoil(bad, one)
    const { reader } = openChain([bad.url], { skipWaits: true })
    const error = await readBlock(reader).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(ProviderError)
    expect(error.retryable).toBe(true)
  })

  test.each(
    named([
      ...each('receipt', 'status', [undefined, null]),
      ...each('receipt', 'l1Fee', [null]),
      ...each('transaction', 'gasPrice', [undefined]),
      ...each('transaction', 'value', [`0x${'f'.repeat(64)}`, '0xABCDEF', '0x00']),
    ]),
  )('%s: is no fault', async (_, one) => {
    spoil(bad, one)
    const { reader, logged } = openChain([bad.url])
    expect((await readBlock(reader)).length).toBeGreaterThan(0)
    expect(logged).toEqual([])
  })

  test('a hash that is none, wherever it is told: the next node is asked', async () => {
    const sound = await readBlock(openChain([good.url]).reader)
    const hash = `0x${'<@here>'.padEnd(64, '!')}`
    const nameBlock = (block: Row & { transactions: Row[] }) => ({
      ...block,
      transactions: block.transactions.map((row) => ({ ...row, hash })),
    })
    const nameReceipts = (told: Row[]) => told.map((row) => ({ ...row, transactionHash: hash }))
    bad.inject({ type: 'result', change: nameBlock }, { method: 'eth_getBlockByHash' })
    bad.inject({ type: 'result', change: nameReceipts }, { method: 'eth_getBlockReceipts' })
    const { reader } = openChain([bad.url, good.url])
    expect(await readBlock(reader)).toEqual(sound)
    expect(bad.countCalls('eth_getBlockByHash')).toBe(1)
  })

  test('a topic that is no text: the next node is asked, though nobody is watched', async () => {
    const topics = [transferLog(usd, alice, bob, 1n).topics[0], 5, 5]
    spoil(bad, { where: 'log', field: 'topics', value: topics })
    const { reader, logged } = openChain([bad.url, good.url])
    expect(await readBlock(reader, watchOf([person(7)]))).toEqual([])
    expect(logged.map(({ text }) => text)).toEqual(['A node failed'])
  })

  test.each(['transactionIndex', 'logIndex'])('a log without %s is refused', async (field) => {
    const put = (told: Row[]) => told.map((row) => ({ ...row, [field]: null }))
    bad.inject({ type: 'result', change: put }, { method: 'eth_getLogs' })
    const providers = [bad, good].map(({ url }) => ({ url, receipts: 'logs' as const }))
    const { reader, logged } = openChain(providers)
    expect(await readBlock(reader)).toHaveLength(3)
    expect(logged.map(({ text }) => text)).toContain('A node failed')
  })
})

test('what nobody foresaw is told in a sentence, and the next node is asked next', async () => {
  const { reader, logged } = openChain([bad.url, good.url])
  const broken = new TypeError('broken')
  const isWatched = () => {
    throw broken
  }
  const error = await readBlock(reader, { ...watch, isWatched }).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(ProviderError)
  expect(error.retryable).toBe(true)
  expect(error.message).toContain(`"${bad.host}": a block that cannot be read`)
  expect(logged).toContainEqual({
    level: 'error',
    text: 'A block cannot be read',
    fields: { chain: 'eip155:1', host: bad.host, block: 1, err: broken },
  })
  bad.clearCalls()
  expect(await readBlock(reader)).toHaveLength(3)
  expect(bad.countCalls('eth_getBlockByHash')).toBe(0)
})
