import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { createRecordedChain } from '#adapters/chain/recorded/createRecordedChain.ts'
import { readRecording } from '#adapters/chain/recorded/readRecording.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { arbitraryRows, parties, toCsv, toRecording } from '#test/support/arbitraryRows.ts'
import type { OracleRow } from '#test/support/traceOracle.ts'

const folder = mkdtempSync(join(tmpdir(), 'posse-recorded-'))
afterAll(() => rmSync(folder, { recursive: true }))
const asset = ethereum.native.id

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

function row(changes: Partial<OracleRow> = {}): OracleRow {
  return {
    blockNumber: 1,
    transactionIndex: 0,
    hash: `0x${'1'.repeat(64)}`,
    from: parties[0] ?? '',
    to: parties[1] ?? '',
    value: 5n,
    gasPrice: 2n,
    gasUsed: 3n,
    isError: false,
    contractAddress: '',
    ...changes,
  }
}

async function read(rows: OracleRow[], edit = (text: string) => text) {
  return await readRecording([file('rows.csv', edit(toCsv(rows)))], { native: ethereum.native })
}

describe('readRecording', () => {
  test('behavior: any rows come back in the order of the chain', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRows, async (rows) => {
        const known = toRecording(rows).map(
          ({ transaction: { hash, transfers, fee }, ...place }) => ({
            ...place,
            transaction: {
              hash,
              transfers: transfers.filter(({ amount }) => amount > 0n),
              ...(fee && fee.amount > 0n ? { fee } : {}),
            },
          }),
        )
        expect(await read(rows)).toEqual(known)
      }),
      { numRuns: 50 },
    )
  })

  test('behavior: numbers are compared as numbers, equal places keep the order of the file', async () => {
    const hashes = ['a', 'b', 'c', 'd'].map((digit) => `0x${digit.repeat(64)}`)
    const rows = await read([
      row({ blockNumber: 10, hash: hashes[0] ?? '' }),
      row({ blockNumber: 9, transactionIndex: 10, hash: hashes[1] ?? '' }),
      row({ blockNumber: 9, transactionIndex: 9, hash: hashes[2] ?? '' }),
      row({ blockNumber: 9, transactionIndex: 9, hash: hashes[3] ?? '' }),
    ])
    expect(rows.map(({ transaction }) => transaction.hash[2])).toEqual(['c', 'd', 'b', 'a'])
  })

  test('behavior: a failed payment moves nothing and pays its fee', async () => {
    const [failed] = await read([row({ isError: true })])
    expect(failed?.transaction.transfers).toEqual([])
    expect(failed?.transaction.fee).toEqual({ from: parties[0], asset, amount: 6n })
  })

  test('behavior: empty gas columns are 0', async () => {
    const [free] = await read([row()], (text) => text.replace(',2,3,', ',,,'))
    expect(free?.transaction.fee).toBeUndefined()
  })

  test('behavior: a created contract gets the money, under its address or under its transaction', async () => {
    const [known] = await read([row({ to: '', contractAddress: parties[2] ?? '' })])
    expect(known?.transaction.transfers[0]?.to).toBe(parties[2])
    const [unknown] = await read([row({ to: '' })])
    expect(unknown?.transaction.transfers[0]?.to).toBe(`contract-creation:0x${'1'.repeat(64)}`)
  })

  test('behavior: the same row twice in one file counts twice, in two files once', async () => {
    expect((await read([row(), row()])).length).toBe(2)
    const paths = ['x.csv', 'y.csv', 'z.csv'].map((name) => file(name, toCsv([row(), row()])))
    expect((await readRecording(paths, { native: ethereum.native })).length).toBe(2)
  })

  test.each<[string, (text: string) => string]>([
    ['a block that is no number', (text) => text.replace('\n1,', '\n1e3,')],
    ['a negative value', (text) => text.replace(',5,', ',-5,')],
    ['a value that no transfer can carry', (text) => text.replace(',5,', `,${'9'.repeat(79)},`)],
    ['a value in hex', (text) => text.replace(',5,', ',0x5,')],
    ['an empty value', (text) => text.replace(',5,', ',,')],
    ['a short hash', (text) => text.replace('1'.repeat(64), '1'.repeat(63))],
    ['an empty isError', (text) => text.replace(',0,\n', ',,\n')],
    ['a sender that is no address', (text) => text.replace(`,${parties[0]},`, ',0x00,')],
    [
      'a contract that is no address',
      (text) => text.replace(',0,\n', ',0,0x00\n').replace(parties[1] ?? '', ''),
    ],
    ['a row cut off', (text) => text.trimEnd().slice(0, -4)],
  ])('error: %s', async (_name, edit) => {
    await expect(read([row()], edit)).rejects.toThrowErrorMatchingSnapshot()
  })
})

describe('createRecordedChain', () => {
  const { signal } = new AbortController()
  const nobody = { isWatched: () => false, isService: () => false }
  const rows = toRecording([
    row({ blockNumber: 3, hash: '0xa', value: 10n }),
    row({
      blockNumber: 3,
      transactionIndex: 1,
      hash: '0xb',
      from: parties[1] ?? '',
      to: parties[2] ?? '',
      value: 4n,
    }),
    row({ blockNumber: 7, hash: '0xc', from: parties[1] ?? '', to: parties[2] ?? '', value: 100n }),
  ])

  test('default: one block for each number that has rows, each the child of the one before', async () => {
    const chain = createRecordedChain(rows, { chain: ethereum.id })
    const head = await chain.waitForHead({ signal })
    if (!head) throw new Error('The recording has blocks.')
    const first = await chain.readBlockAfter(-1, head)
    const second = await chain.readBlockAfter(first?.number ?? 0, head)
    expect([first?.number, second?.number]).toEqual([3, 7])
    const read = await first?.readTransactions(nobody)
    expect(read?.map(({ hash }) => hash)).toEqual(['0xa', '0xb'])
    expect(second?.parentHash).toBe(first?.hash)
    expect(await chain.readRef(7)).toEqual({ number: 7, hash: second?.hash })
    expect(await chain.readRef(5)).toBeUndefined()
    expect(await chain.readBlockAfter(7, head)).toBeUndefined()
  })

  test('behavior: its last row is its head, final and the last that there will be', async () => {
    const chain = createRecordedChain(rows, { chain: ethereum.id })
    const head = await chain.waitForHead({ signal })
    expect(head).toMatchObject({ number: 7, finalized: 7 })
    expect(await chain.readRef(7)).toEqual({ number: 7, hash: head?.hash })
    expect(await chain.waitForHead({ ...(head && { known: head }), signal })).toBeUndefined()
    const empty = createRecordedChain([], { chain: ethereum.id })
    expect(await empty.waitForHead({ signal })).toBeUndefined()
  })

  test('behavior: balances are sums of earlier rows, 0 before the file and never below', async () => {
    const chain = createRecordedChain(rows, { chain: ethereum.id })
    const balance = (address: string | undefined, number: number) =>
      chain.readBalance({ address: address ?? '', asset, at: { number, hash: '' } })
    expect(await balance(parties[1], 2)).toBe(0n)
    // 10 came in; 4 and the fee of 6 went out.
    expect(await balance(parties[1], 3)).toBe(0n)
    expect(await balance(parties[2], 6)).toBe(4n)
    expect(await balance(parties[2], 7)).toBe(104n)
    expect(await balance('0xnobody', 7)).toBe(0n)
  })

  test('behavior: the clock follows the blocks, and they are paced', async () => {
    const times: number[] = []
    const chain = createRecordedChain(rows, {
      chain: ethereum.id,
      speed: 1000,
      onTime: (seconds) => times.push(seconds),
    })
    await chain.readBlockAfter(-1, { number: 7, hash: '' })
    await chain.readBlockAfter(3, { number: 7, hash: '' })
    expect(times).toEqual([1_700_000_036, 1_700_000_084])
  })

  test('behavior: a wait is cut short when the signal is given', async () => {
    const stop = new AbortController()
    const chain = createRecordedChain(rows, {
      chain: ethereum.id,
      speed: 0.0001,
      signal: stop.signal,
    })
    const block = chain.readBlockAfter(3, { number: 7, hash: '' })
    stop.abort()
    expect((await block)?.number).toBe(7)
  })
})
