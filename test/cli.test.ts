import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { toCsv } from './support/arbitraryRows.ts'
import type { OracleRow } from './support/traceOracle.ts'

const start = fileURLToPath(new URL('../src/start.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'posse-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

const thief = `0x${'a'.repeat(40)}`
const mule = `0x${'b'.repeat(40)}`
const exchange = `0x${'c'.repeat(40)}`
const seed = `${thief}=10`

type Run = { code: number; out: string; error: string }

function posse(args: string[], input = ''): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [start, ...args], (error, out, err) => {
      resolve({ code: Number(error?.code ?? 0), out, error: err })
    })
    child.stdin?.end(input)
  })
}

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function row(changes: Partial<OracleRow> = {}): OracleRow {
  return {
    blockNumber: 1,
    transactionIndex: 0,
    hash: `0x${'1'.repeat(64)}`,
    from: thief,
    to: mule,
    value: 4n,
    gasPrice: 1n,
    gasUsed: 1n,
    isError: false,
    contractAddress: '',
    ...changes,
  }
}

const second = row({
  blockNumber: 2,
  hash: `0x${'2'.repeat(64)}`,
  from: mule,
  to: exchange,
  value: 3n,
  gasPrice: 0n,
})
const plain = file('plain.csv', toCsv([row(), second]))

describe('posse trace', () => {
  test('default: JSON with amounts in wei as decimal text', async () => {
    const labels = file('labels.csv', `address,label,kind\n${exchange},Exchange 1,EXCHANGE\n`)
    const { code, out } = await posse([
      'trace',
      plain,
      '--seed',
      seed,
      '--labels',
      labels,
      '--json',
    ])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      policy: 'fifo',
      stolen: '10',
      fees: '1',
      dropped: '0',
      held: [
        { address: thief, amount: '5', label: null, kind: null, hops: 0 },
        { address: exchange, amount: '3', label: 'Exchange 1', kind: 'exchange', hops: 2 },
        { address: mule, amount: '1', label: null, kind: null, hops: 1 },
      ],
      transfers: { read: 2, followed: 2 },
    })
  })

  test('behavior: gzip is read, and a transaction in two files counts once', async () => {
    const packed = file('packed.csv.gz', gzipSync(toCsv([second, row()])))
    const one = await posse(['trace', plain, '--seed', seed, '--json'])
    const two = await posse(['trace', packed, plain, '--seed', seed, '--json'])
    expect(two).toEqual(one)
  })

  test('behavior: a person reads a table with checksummed addresses', async () => {
    const { out } = await posse(['trace', plain, `--seed=${seed}`, '--policy', 'taint-first'])
    expect(out).toMatchInlineSnapshot(`
      "<0.000001 ETH traced by taint-first
        Held  at 3 addresses
        Fees  <0.000001 ETH
        Rows  2 read, 2 carried stolen money

                         ETH  share  hops  kind  label  address
        ────────────────────  ─────  ────  ────  ─────  ──────────────────────────────────────────
        0.000000000000000005   50 %     0               0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa
        0.000000000000000003   30 %     2               0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC
        0.000000000000000001   10 %     1               0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB
      "
    `)
  })

  test.each<[string, () => string[]]>([
    ['no file', () => ['trace', '--seed', seed]],
    ['no seed', () => ['trace', plain]],
    ['a seed without an amount', () => ['trace', plain, '--seed', thief]],
    ['a malformed address', () => ['trace', plain, '--seed', '0x12=1']],
    [
      'a checksum mismatch',
      () => ['trace', plain, '--seed', '0x098b716B8Aaf21512996dC57EB0615e2383E2f96=1'],
    ],
    ['a malformed amount', () => ['trace', plain, '--seed', `${thief}=1e18`]],
    ['an unknown unit', () => ['trace', plain, '--seed', `${thief}=5BTC`]],
    ['an unknown policy', () => ['trace', plain, '--seed', seed, '--policy', 'first']],
    ['an unknown option', () => ['trace', plain, '--seed', seed, '--fast']],
    ['a missing file', () => ['trace', 'nowhere.csv', '--seed', seed]],
    ['a broken row', () => ['trace', file('a.csv', `${toCsv([row()])}1,2,3\n`), '--seed', seed]],
    [
      'a wrong isError',
      () => ['trace', file('b.csv', toCsv([row()]).replace(',0,\n', ',2,\n')), '--seed', seed],
    ],
    [
      'a wrong address in a row',
      () => ['trace', file('c.csv', toCsv([row({ to: '0x1' })])), '--seed', seed],
    ],
    [
      'missing columns',
      () => ['trace', file('d.csv', 'hash,from,to\n0x1,0x2,0x3\n'), '--seed', seed],
    ],
    ['an empty file', () => ['trace', file('e.csv', ''), '--seed', seed]],
    [
      'a truncated gzip',
      () => [
        'trace',
        file('f.csv.gz', gzipSync(toCsv([row(), second])).subarray(0, 90)),
        '--seed',
        seed,
      ],
    ],
    [
      'a transaction that differs between two files',
      () => ['trace', plain, file('g.csv', toCsv([row({ value: 5n })])), '--seed', seed],
    ],
    [
      'control characters in a label',
      () => {
        const labels = file(
          'h.csv',
          `address,label,kind\n${mule},\u001b[31mBank\u001b[0m,exchange\n`,
        )
        return ['trace', plain, '--seed', seed, '--labels', labels]
      },
    ],
    ['an unknown command', () => ['trce']],
    ['a case without a recording', () => ['start', '--case', 'bybit']],
    ['an unknown case', () => ['start', '--case', 'mtgox']],
    ['an impossible speed', () => ['start', '--speed=-1']],
  ])('error: %s', async (_name, args) => {
    const { code, out, error } = await posse(args())
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(error).not.toMatch(/\n.*\n/)
    expect(error).toMatchSnapshot()
  })
})

describe('posse start', () => {
  test('default: without a terminal the replay ends with the summary, and piped commands are answered', async () => {
    const commands = '/posse status ronin\nposse lokup 0x1\nlookup 0x12\n'
    const { code, out, error } = await posse(['start', '--speed', 'max'], commands)
    expect(error).toBe('')
    expect(code).toBe(0)
    expect(out).toContain('There is no command "lokup".')
    expect(out).toContain('Did you mean /posse lookup?')
    expect(out).toContain('"0x12" is neither an address nor a transaction.')
    expect(out).toContain('reached the mixer Tornado.Cash: Router')
    expect(out.slice(out.lastIndexOf('The replay has ended'))).toContain('175099.9998424')
    expect(out).not.toContain('\u001b')
  })

  test.each([
    'SIGTERM',
    'SIGINT',
  ] as const)('behavior: %s stops it, even while it waits', async (signal) => {
    const child = execFile(process.execPath, [start, 'start', '--speed', '0.01'])
    child.stdin?.end()
    let out = ''
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
    child.stdout?.on('data', (text: string) => {
      if (out === '') setTimeout(() => child.kill(signal), 300)
      out += text
    })
    expect(await ended).toBe(0)
    expect(out).toContain('The replay was stopped.')
    expect(out).toContain('Ronin Bridge, March 2022: status')
  })

  test('behavior: a time zone that is none is no reason to fall', async () => {
    process.env.TZ = ''
    const { code, out, error } = await posse(['start', '--speed', 'max'])
    delete process.env.TZ
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out).toContain('reached the mixer')
  })

  test('error: a setting that does not fit', async () => {
    process.env.LOG_LEVEL = 'loud'
    const { code, error } = await posse(['start', '--speed', 'max'])
    delete process.env.LOG_LEVEL
    expect(code).toBe(1)
    expect(error).toMatchInlineSnapshot(`
      "LOG_LEVEL is "loud": use one of silent, fatal, error, warn, info, debug, trace. Settings are explained in .env.example.
      "
    `)
  })
})
