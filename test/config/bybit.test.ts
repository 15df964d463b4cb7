import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { convert } from '#config/cases/bybit/convert.ts'
import { bybitFbiAddresses, bybitLedger } from '#config/cases/bybit/data.ts'
import { bybit, bybitFirstHops } from '#config/cases/bybit/index.ts'

const assetIdOf = (contract: string | null) =>
  contract ? `eip155:1/erc20:${contract}` : 'eip155:1/slip44:60'

const stETH = '0xae7ab96520de3a18e5e111b5eaab095312d7fe84'
const mETH = '0xd5f7838f5c461feff7fe49ea5ebaf7728bb0adfa'
const cmETH = '0xe6829d9a7ee3040e1276fa75293bde931859e8fa'

describe('bybit', () => {
  test('default: what was stolen, to the base unit', () => {
    expect(bybit.sources).toEqual(
      [
        [null, 401_346_768858404671846374n],
        [stETH, 90_375_547908000000000000n],
        [mETH, 8_000_000000000000000000n],
        [cmETH, 15_000_000000000000000000n],
      ].map(([contract, amount]) => ({
        address: '0x47666fab8bd0ac7003bce3f5c3585383f09486e2',
        asset: assetIdOf(contract as string | null),
        amount,
      })),
    )
  })

  test('behavior: every source is of an asset of the case, and the other way round', () => {
    const ids = bybit.assets.map(({ id }) => id)
    expect(bybit.sources.map(({ asset }) => asset)).toEqual(ids)
    expect(new Set(ids).size).toBe(4)
    expect(bybit.assets.every(({ decimals }) => decimals === 18)).toBe(true)
  })

  test('behavior: it began on 2025-02-21 at 14:16:11 UTC, and cannot be replayed', () => {
    expect(new Date(bybit.stolenAt * 1000).toISOString()).toBe('2025-02-21T14:16:11.000Z')
    expect(bybit.recording).toBeUndefined()
  })

  test('behavior: what was published is in order, each with its source', () => {
    const dates = bybit.published.map(({ date }) => date)
    expect(dates).toEqual(dates.toSorted())
    expect(dates).toContain('2025-03-04')
    for (const { text, source } of bybit.published) {
      expect(text).not.toBe('')
      expect(source).not.toBe('')
    }
  })
})

describe('bybitFirstHops', () => {
  test('default: the genuine rows add up to the sums of their origin, to the base unit', () => {
    const sums: Record<string, { rows: number; amount: bigint }> = {}
    for (const { hop, from, contract, amount, counterfeit } of bybitFirstHops) {
      if (counterfeit) continue
      const key = `${hop} ${from} ${contract}`
      const sum = sums[key] ?? { rows: 0, amount: 0n }
      sums[key] = { rows: sum.rows + 1, amount: sum.amount + amount }
    }
    const first = '1 0x47666fab8bd0ac7003bce3f5c3585383f09486e2'
    const second = '2 0xa4b2fd68593b6f34e51cb9edb66e71c1b4ab449e'
    const third = '3 0xdd90071d52f20e85c89802e5dc1ec0a7b6475f92'
    expect(sums).toEqual({
      [`${first} null`]: { rows: 41, amount: 400_001_000000000000000000n },
      [`${first} ${stETH}`]: { rows: 3, amount: 90_375_547917680000000000n },
      [`${first} ${mETH}`]: { rows: 1, amount: 8_000_000000000000000000n },
      [`${first} ${cmETH}`]: { rows: 1, amount: 15_000_000000000000000000n },
      [`${second} null`]: { rows: 4, amount: 98_048_894800000000000000n },
      [`${second} ${stETH}`]: { rows: 9, amount: 90_375_547917680000000000n },
      [`${second} ${mETH}`]: { rows: 3, amount: 8_000_000000000000000000n },
      [`${third} null`]: { rows: 9, amount: 90_000_000000000000000000n },
    })
  })

  test('behavior: the contract of a counterfeit is none of the assets, that of a genuine row is', () => {
    const ids = bybit.assets.map(({ id }) => id)
    for (const { contract, counterfeit } of bybitFirstHops) {
      expect(ids.includes(assetIdOf(contract))).toBe(!counterfeit)
    }
    expect(bybitFirstHops.filter(({ counterfeit }) => counterfeit)).toHaveLength(9)
    expect(bybitFirstHops).toHaveLength(80)
  })

  test('behavior: no counterfeit has the symbol of an asset, and each pays a look-alike', () => {
    const symbols = bybit.assets.map(({ symbol }) => symbol)
    const genuine = bybitFirstHops.filter(({ counterfeit }) => !counterfeit).map(({ to }) => to)
    const ends = genuine.map((to) => to.slice(0, 4) + to.slice(-4))
    for (const { symbol, to } of bybitFirstHops.filter(({ counterfeit }) => counterfeit)) {
      expect(symbols).not.toContain(symbol)
      expect(genuine).not.toContain(to)
      expect(ends).toContain(to.slice(0, 4) + to.slice(-4))
    }
  })

  test('behavior: from the block of the theft on, blocks take a slot of 12 seconds or more each', () => {
    let last = { block: 21_895_251, time: bybit.stolenAt }
    for (const { block, time } of bybitFirstHops) {
      const slots = (time - last.time) / 12
      expect(Number.isInteger(slots)).toBe(true)
      expect(slots).toBeGreaterThanOrEqual(block - last.block)
      // A slot without a block is rare.
      expect(slots).toBeLessThanOrEqual(block - last.block + 1)
      last = { block, time }
    }
  })
})

describe('bybitFbiAddresses, bybitLedger', () => {
  test('default: what the two have in common', () => {
    expect(new Set(bybitFbiAddresses).size).toBe(51)
    expect(bybitLedger).toHaveLength(49)
    expect(bybitLedger.filter(({ address }) => bybitFbiAddresses.includes(address))).toHaveLength(
      48,
    )
  })

  test('behavior: the ledger adds up to what was published', () => {
    const sum = bybitLedger.reduce((total, { amount }) => total + amount, 0n)
    expect(sum).toBe(484_164_660000000000000000n)
  })

  test('behavior: every address of the FBI is a party to a genuine first hop', () => {
    const parties = new Set(
      bybitFirstHops.flatMap(({ from, to, counterfeit }) => (counterfeit ? [] : [from, to])),
    )
    expect(bybitFbiAddresses.filter((address) => !parties.has(address))).toEqual([])
  })
})

describe('convert', () => {
  let from = ''
  let to = ''

  const columns = 'hop,hash,timestamp,block,from,to,amount,symbol,contract,impersonating_token'
  const a = `0x${'a'.repeat(40)}`
  const hash = `0x${'1'.repeat(64)}`

  const writeHop = ({ amount = '0.1', symbol = 'ETH', contract = '', impersonating = '0' } = {}) =>
    writeFileSync(
      join(from, 'bybit_hops_1_3.csv'),
      `${columns}\n1,${hash},2025-02-21T14:29:47Z,7,${a},${a},${amount},${symbol},${contract},${impersonating}\n`,
    )
  const readData = () => JSON.parse(readFileSync(join(to, 'data.json'), 'utf8'))

  beforeEach(() => {
    from = mkdtempSync(join(tmpdir(), 'posse-raw-'))
    to = mkdtempSync(join(tmpdir(), 'posse-bybit-'))
    writeHop()
    writeFileSync(join(from, 'fbi_psa_250226_51_addresses.txt'), `${a}\n`)
    writeFileSync(
      join(from, 'published_wallet_laundering_ledger.csv'),
      `address,moved_on,eth_moved\n${a},2025-02-22,10066.60\n`,
    )
  })

  afterEach(() => {
    for (const folder of [from, to]) rmSync(folder, { recursive: true, force: true })
  })

  test('default: amounts become base units, and what is unverified says so', () => {
    convert({ from, to })
    expect(readData()).toEqual({
      firstHopsBy: 'Paulo Vaz, BIC-2026-001',
      firstHopsUnverified: 'The hashes were never compared with the chain.',
      firstHops: [
        {
          hop: 1,
          hash,
          time: 1_740_148_187,
          block: 7,
          from: a,
          to: a,
          amount: '100000000000000000',
          symbol: 'ETH',
          contract: null,
          counterfeit: false,
        },
      ],
      fbiAddressesBy: 'FBI, PSA I-022625-PSA',
      fbiAddresses: [a],
      ledgerBy: 'Taylor Monahan',
      ledger: [{ address: a, movedOn: '2025-02-22', amount: '10066600000000000000000' }],
    })
  })

  test('behavior: the same input gives the same bytes', () => {
    convert({ from, to })
    const first = readFileSync(join(to, 'data.json'), 'hex')
    convert({ from, to })
    expect(readFileSync(join(to, 'data.json'), 'hex')).toBe(first)
  })

  test('behavior: a token that calls itself ETH is counterfeit', () => {
    writeHop({ contract: `0x${'b'.repeat(40)}`, impersonating: '1' })
    convert({ from, to })
    expect(readData().firstHops[0]).toMatchObject({ symbol: 'ETH', counterfeit: true })
  })

  test.each([
    ['a counterfeit that the list calls genuine', { contract: `0x${'b'.repeat(40)}` }],
    ['an asset that the list calls counterfeit', { contract: stETH, impersonating: '1' }],
    ['too many decimals', { amount: '0.0000000000000000001' }],
    ['an amount with an exponent', { amount: '1e5' }],
    ['a negative amount', { amount: '-1' }],
    ['a contract that is none', { contract: '0x12' }],
  ])('error: %s', (_, hop) => {
    writeHop(hop)
    expect(() => convert({ from, to })).toThrow(
      'The raw file "bybit_hops_1_3.csv" cannot be read: ',
    )
    expect(readdirSync(to)).toEqual([])
  })

  test('error: the message says what is wrong and where', () => {
    writeHop({ amount: '1e5' })
    expect(() => convert({ from, to })).toThrowErrorMatchingInlineSnapshot(
      `[Error: The raw file "bybit_hops_1_3.csv" cannot be read: Not an amount with at most 18 decimals (0.amount)]`,
    )
  })

  test('error: a missing file is named', () => {
    rmSync(join(from, 'published_wallet_laundering_ledger.csv'))
    expect(() => convert({ from, to })).toThrow(
      `There is no raw file "published_wallet_laundering_ledger.csv" in "${from}".`,
    )
  })

  test('error: the script asks for a folder, without a stack trace', () => {
    const script = fileURLToPath(import.meta.resolve('#config/cases/bybit/convert.ts'))
    const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' })
    expect(stderr).toBe('Say where the raw files are: node config/cases/bybit/convert.ts FOLDER\n')
    expect(status).toBe(1)
  })
})
