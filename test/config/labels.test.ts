import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import Papa from 'papaparse'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { convert } from '#config/labels/convert.ts'
import { labelLists } from '#config/labels/index.ts'
import { kindOf } from '#config/labels/kinds.ts'
import { serviceKinds } from '#types/label.ts'

type Row = { address: string; label: string; kind: string }

const readText = (file: URL | string) => gunzipSync(readFileSync(file)).toString()

const readRows = (file: URL | string) =>
  Papa.parse<Row>(readText(file), { header: true, skipEmptyLines: true }).data

const nameOf = (file: URL) => file.pathname.split('/').at(-1)!

const shipped = new Map(labelLists.map(({ file }) => [nameOf(file), readRows(file)]))

const kindsOf = (address: string) =>
  [...shipped.values()].flat().flatMap((row) => (row.address === address ? [row.kind] : []))

function count(rows: Row[]) {
  const counts: Record<string, number> = {}
  for (const { kind } of rows) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

describe('labelLists', () => {
  test('default: every list ships with its rows', () => {
    const counts = Object.fromEntries([...shipped].map(([name, rows]) => [name, count(rows)]))
    expect(counts).toEqual({
      'etherscan-2024.csv.gz': {
        bridge: 231,
        burn: 2,
        dex: 8339,
        exchange: 628,
        mixer: 69,
        other: 18171,
        sanctioned: 34,
        service: 1355,
        token: 2162,
      },
      'exchanges-2022.csv.gz': { exchange: 372 },
      'phishing-2022.csv.gz': { 'phish-hack': 5590 },
      'ofac-ethereum.csv.gz': { sanctioned: 152 },
      'ofac-bitcoin.csv.gz': { sanctioned: 435 },
      'fbi-bybit.csv.gz': { thief: 51 },
    })
  })

  test.each(labelLists)('behavior: $source says how far it can be believed', (list) => {
    expect(list.date).toMatch(/^20\d\d-[01]\d-[0-3]\d$/)
    expect(list.licence).not.toBe('')
    expect(list.confidence).toBeGreaterThan(0)
    expect(list.confidence).toBeLessThan(1)
    expect(list.staleAfterDays).toBeGreaterThan(0)
  })

  test('behavior: the licence texts that the lists name are there', () => {
    const files = readdirSync(new URL('.', labelLists[0]!.file))
    for (const { licence } of labelLists) {
      const [named] = /LICENSE\.\S+/.exec(licence) ?? []
      if (named) expect(files).toContain(named)
    }
  })

  test('behavior: the stale OFAC list is believed less than any other', () => {
    const sorted = labelLists.toSorted((a, b) => a.confidence - b.confidence)
    expect(nameOf(sorted[0]!.file)).toBe('ofac-ethereum.csv.gz')
  })
})

describe.each([...shipped])('%s', (name, rows) => {
  test('behavior: addresses are valid, Ethereum ones lower case, sorted and only once', () => {
    const address =
      name === 'ofac-bitcoin.csv.gz'
        ? /^(bc1[02-9ac-hj-np-z]{11,71}|[13T][1-9A-HJ-NP-Za-km-z]{25,34})$/
        : /^0x[0-9a-f]{40}$/
    expect(rows.filter((row) => !address.test(row.address))).toEqual([])
    const addresses = rows.map((row) => row.address)
    expect(addresses).toEqual([...new Set(addresses)].sort())
  })

  test('behavior: every row has a label and a known kind', () => {
    const kinds = [...serviceKinds, 'token', 'thief', 'sanctioned', 'phish-hack', 'other']
    expect(rows.filter((row) => !row.label || !kinds.includes(row.kind))).toEqual([])
  })

  test('behavior: no label holds what cannot be seen', () => {
    const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u
    expect(rows.filter((row) => hidden.test(row.label))).toEqual([])
  })
})

describe('well-known addresses', () => {
  test.each([
    ['Tornado Cash router', '0xd90e2f925da726b50c4ed8d0fb90ad053324f31b', ['mixer', 'sanctioned']],
    ['Huobi 34', '0xcac725bef4f114f728cbcfd744a731c2a463c3fc', ['exchange']],
    ['Binance 14', '0x28c6c06298d514db089934071355e5743bf21d60', ['exchange']],
    ['FTX 2', '0xc098b2a3aa256d2140208c3de6543aaef5cd3a94', ['exchange', 'exchange']],
    ['Tether', '0xdac17f958d2ee523a2206206994597c13d831ec7', ['token']],
    ['Ronin bridge', '0x1a2a1c938ce3ec39b6d47113c7955baa9dd454f2', ['bridge']],
    ['Ronin thief', '0x098b716b8aaf21512996dc57eb0615e2383e2f96', ['sanctioned', 'sanctioned']],
    ['Bybit thief, second wallet', '0xa4b2fd68593b6f34e51cb9edb66e71c1b4ab449e', ['thief']],
    ['1inch router', '0x1111111254fb6c44bac0bed2854e76f90643097d', ['dex']],
    ['owner of a Maker vault', '0x156daf376cfbdd938c470a227508b0ba022c998f', ['other']],
    ['factory of Safe wallets', '0xa6b71e26c5e0845f74c812102ca7114b6a896ab2', ['other']],
    ['null', '0x0000000000000000000000000000000000000000', ['burn']],
  ])('behavior: %s', (_, address, kinds) => {
    expect(kindsOf(address)).toEqual(kinds)
  })
})

describe('kindOf', () => {
  test.each([
    ['kucoin', 'KuCoin 5', 'exchange'],
    ['kucoin', 'KuCoin: KCS Token', 'token'],
    ['kucoin', 'KuCoin: Old KCS Token', 'token'],
    ['coss-io', 'COSS.io: Old Token 2', 'token'],
    ['kraken', 'Kraken: MANA Token Wallet', 'exchange'],
    ['bitfinex', 'Bitfinex: MultiSig 1', 'exchange'],
    ['bitfinex', 'Tether: USDT Stablecoin', 'token'],
    ['bitfinex', 'Tether: Treasury', 'other'],
    ['bitfinex', 'EURT:undefined', 'token'],
    ['deribit', 'Arbitrum Foundation: Old L1 Security Council 1', 'other'],
    ['okx', 'OKX DEX: Aggregation Router', 'dex'],
    ['hotbit', '', 'exchange'],
    ['cold-wallet', 'Kraken 6', 'exchange'],
    ['cold-wallet', 'PXN: Cold Wallet', 'other'],
    ['old-contract', 'HTX:Old Address 9', 'exchange'],
    ['avs-operator', 'Coinbase: AVS Operator', 'other'],
    ['binance-charity', 'Binance Charity: Wallet', 'other'],
    ['blocked', 'Kucoin Hacker', 'other'],
    ['blocked', 'Tether: USDT Stablecoin', 'token'],
    ['blocked', '', 'other'],
    ['fund', 'Three Arrows Capital: Binance Deposit', 'other'],
    ['mev-bot', 'MEV Bot: 0x000...c55', 'other'],
    ['charity', 'Endaoment: Hands of Peace', 'other'],
    ['take-action', '', 'other'],
    ['old-contract', 'OasisDex: Old Contract', 'other'],
    ['maker-vault-owner', '', 'other'],
    ['safe-formerly-gnosis-safe', 'Safe: Proxy Factory 1.3.0', 'other'],
    ['a category of next year', 'Binance', 'exchange'],
    ['a category of next year', 'Somebody', 'other'],
    ['tornado-cash', 'Tornado.Cash: Router', 'mixer'],
    ['tornado-cash', 'Tornado.Cash: 0.1 ETH', 'mixer'],
    ['tornado-cash', 'Tornado.Cash: TORN Token', 'token'],
    ['tornado-cash', 'Tornado.Cash: Team 2 Vesting', 'other'],
    ['ofac-sanctions-lists', 'Tornado.Cash: Donate', 'other'],
    ['ofac-sanctions-lists', 'Ronin Bridge Exploiter', 'sanctioned'],
    ['ofac-sanctions-lists', '', 'sanctioned'],
    ['bridge', 'Axie Infinity: Ronin Bridge', 'bridge'],
    ['bridge', '0x: Eth2Dai Bridge', 'dex'],
    ['bridge', 'Across Protocol: Bridge Admin', 'other'],
    ['connext', 'Router: 0x29a...cf9', 'other'],
    ['hop-protocol', 'Hop Protocol: DAI Bonder V2', 'other'],
    ['multichain', '', 'other'],
    ['balancer', 'Balancer: MKR/WETH 75/25', 'dex'],
    ['balancer', 'Balancer: Shareholder 38', 'other'],
    ['sushiswap', 'SushiSwap: DAO', 'dex'],
    ['dydx', 'dYdX: Community Treasury', 'other'],
    ['aave', 'Aave: aDAI Token V2', 'token'],
    ['aave', 'Aave: Lending Pool V2', 'service'],
    ['liquity', 'Liquity: Borrower Operations', 'service'],
    ['zksync', 'zkSync Era: Validator', 'other'],
    ['starknet', 'StarkNet: Operator', 'other'],
    ['phish-hack', 'Fake_Phishing5121', 'phish-hack'],
  ])('behavior: "%s", "%s" is %s', (category, nameTag, kind) => {
    expect(kindOf({ category, nameTag })).toBe(kind)
  })
})

describe('convert', () => {
  let from = ''
  let to = ''

  const a = `0x${'a'.repeat(40)}`
  const b = `0x${'b'.repeat(40)}`
  const c = `0x${'c'.repeat(40)}`
  const bitcoin = [
    'bc1qa5wkgaew2dkv56kfvj49j0av5nml45x9ek9hz6',
    '12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h',
  ]

  beforeEach(() => {
    from = mkdtempSync(join(tmpdir(), 'posse-raw-'))
    to = mkdtempSync(join(tmpdir(), 'posse-lists-'))
    const nameTags = [
      'address,label,nameTag',
      `${b},bridge,"Loans, and Bridge"`,
      `${b},loans,"Loans, and Bridge"`,
      `${c},blocked,`,
      `${c},airdrop-hunter,`,
      `${a},okx,O\u202eK\u0007X\u200b 2`,
    ]
    writeFileSync(join(from, 'eth-labels.csv.gz'), gzipSync(`${nameTags.join('\r\n')}\r\n`))
    writeFileSync(join(from, 'exchange_2022-05.csv'), `address,nameTag\n${a},\n`)
    writeFileSync(
      join(from, 'phish_hack_2022-05.csv'),
      `address,nameTag\n0x${'D'.repeat(40)},Fake_Phishing1\n1.4390191554254E+48,Fake_Phishing2\n`,
    )
    writeFileSync(join(from, 'ofac_eth_2024-09-27.json'), JSON.stringify([`0x${'E'.repeat(40)}`]))
    writeFileSync(join(from, 'ofac_btc_2024-09-27.json'), JSON.stringify(bitcoin))
    writeFileSync(join(from, 'fbi_psa_250226_51_addresses.txt'), `${b}\n${a}\n`)
  })

  afterEach(() => {
    for (const folder of [from, to]) rmSync(folder, { recursive: true, force: true })
  })

  test('default: one row an address, sorted, the service first, nothing hidden in a label', () => {
    convert({ from, to })
    expect(readText(join(to, 'etherscan-2024.csv.gz'))).toBe(
      `address,label,kind\n${a},OKX 2,exchange\n${b},"Loans, and Bridge",bridge\n` +
        `${c},"airdrop-hunter, blocked",other\n`,
    )
  })

  test('behavior: the other lists say what they are', () => {
    convert({ from, to })
    expect(readRows(join(to, 'exchanges-2022.csv.gz'))).toEqual([
      { address: a, label: 'exchange', kind: 'exchange' },
    ])
    expect(readRows(join(to, 'phishing-2022.csv.gz'))).toEqual([
      { address: `0x${'d'.repeat(40)}`, label: 'Fake_Phishing1', kind: 'phish-hack' },
    ])
    expect(readRows(join(to, 'ofac-ethereum.csv.gz'))).toEqual([
      { address: `0x${'e'.repeat(40)}`, label: 'OFAC SDN list of 2024-09-27', kind: 'sanctioned' },
    ])
    expect(readRows(join(to, 'ofac-bitcoin.csv.gz')).map((row) => row.address)).toEqual(
      bitcoin.toSorted(),
    )
    expect(readRows(join(to, 'fbi-bybit.csv.gz')).map((row) => row.kind)).toEqual([
      'thief',
      'thief',
    ])
  })

  test('behavior: writes the files that the lists name, and the same bytes twice', () => {
    const readAll = () => readdirSync(to).map((name) => [name, readFileSync(join(to, name), 'hex')])
    convert({ from, to })
    const first = readAll()
    convert({ from, to })
    expect(readAll()).toEqual(first)
    expect(first.map(([name]) => name)).toEqual(
      labelLists.map(({ file }) => nameOf(file)).toSorted(),
    )
    // Neither a time (bytes 4 to 7) nor an operating system (byte 9) is in the head of the file.
    for (const [, hex] of first) expect(hex!.slice(0, 20)).toMatch(/^1f8b080000000000..ff$/)
  })

  test.each([
    ['eth-labels.csv.gz', 'not gzip'],
    ['exchange_2022-05.csv', 'address,nameTag\n0x12,Binance\n'],
    ['exchange_2022-05.csv', 'address,nameTag\n'],
    ['exchange_2022-05.csv', `address,name\n${a},Binance\n`],
    ['phish_hack_2022-05.csv', `address,nameTag\n${a},Fake,Phishing\n`],
    ['ofac_eth_2024-09-27.json', '{}'],
    ['ofac_btc_2024-09-27.json', '["0OIl"]'],
    ['ofac_btc_2024-09-27.json', '['],
    ['fbi_psa_250226_51_addresses.txt', 'not an address'],
  ])('error: a malformed "%s" (%j) is named in one sentence and nothing is written', (raw, text) => {
    writeFileSync(join(from, raw), text)
    expect(() => convert({ from, to })).toThrow(`The raw list "${raw}" cannot be read: `)
    expect(readdirSync(to)).toEqual([])
  })

  test('error: the message says what is wrong and where', () => {
    writeFileSync(join(from, 'exchange_2022-05.csv'), `address,nameTag\n${a},A\n0x12,B\n`)
    expect(() => convert({ from, to })).toThrowErrorMatchingInlineSnapshot(
      `[Error: The raw list "exchange_2022-05.csv" cannot be read: Not an Ethereum address (1.address)]`,
    )
  })

  test('error: a missing list is named', () => {
    rmSync(join(from, 'ofac_eth_2024-09-27.json'))
    expect(() => convert({ from, to })).toThrow(
      `There is no raw list "ofac_eth_2024-09-27.json" in "${from}".`,
    )
  })

  test('error: the script asks for a folder, without a stack trace', () => {
    const script = fileURLToPath(import.meta.resolve('#config/labels/convert.ts'))
    const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' })
    expect(stderr).toBe('Say where the raw lists are: node config/labels/convert.ts FOLDER\n')
    expect(status).toBe(1)
  })
})
