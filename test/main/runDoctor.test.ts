import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { EvmProbe } from '#adapters/chain/evm/probeEvmProvider.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import type { LiveChain } from '#config/settings.ts'
import { FileNotReadableError } from '#errors/file.ts'
import { DiskFullError } from '#errors/store.ts'
import { openCase, openingChange } from '#src/case/openCase.ts'
import { runCli } from '#src/cli.ts'
import {
  type Check,
  exitCodeOf,
  failedCheck,
  renderChecks,
  withLimit,
} from '#src/main/doctor/check.ts'
import { judgeDisk } from '#src/main/doctor/checkDatabase.ts'
import { checkLabels } from '#src/main/doctor/checkLabels.ts'
import { checkMachine } from '#src/main/doctor/checkMachine.ts'
import { judgeCase, type Progress } from '#src/main/doctor/judgeCase.ts'
import { judgeClock, judgeNodes, type Probe } from '#src/main/doctor/judgeNodes.ts'
import { probeSocket } from '#src/main/doctor/probeSocket.ts'
import { runDoctor } from '#src/main/runDoctor.ts'
import { createStore } from '#src/store/createStore.ts'
import { createFakeNode, type FakeNode } from '#test/support/fakeNode.ts'
import type { Case } from '#types/case.ts'

const now = 1_800_000_000
const noArchive = 'a.example does not tell balances of 10000 blocks ago (eth_getBalance): error 1.'

function probe(given: Partial<EvmProbe> = {}): EvmProbe {
  const head = { number: 20_000_000, hash: '0x', time: now - 8 }
  const facts = { receipts: true, logs: true, balanceDepth: 1_000_000, latencyMs: 84.6 }
  return { host: 'a.example', chain: 'eip155:1', head, ...facts, failures: [], ...given }
}

function chainOf(...receipts: ('receipts' | 'logs' | undefined)[]): LiveChain {
  const providers = receipts.map((mode) => ({
    url: 'https://a.example/key',
    ...(mode && { receipts: mode }),
  }))
  return { chain: ethereum, providers, pollMs: 1000 }
}

const silent: EvmProbe = {
  host: 'b.example',
  receipts: false,
  logs: false,
  failures: ['b.example does not tell its chain (eth_chainId): no connection, ECONNREFUSED.'],
}
const behind = (seconds: number, blocks: number) =>
  probe({ head: { number: 20_000_000 - blocks, hash: '0x', time: now - 8 - seconds } })

describe('judgeNodes', () => {
  test.each<[string, Probe[], LiveChain?]>([
    ['all is well', [probe()]],
    ['no archive', [probe({ balanceDepth: 128, failures: [noArchive] })]],
    ['no balances at all', [probe({ balanceDepth: undefined, failures: [noArchive] } as never)]],
    ['another chain, the other well', [probe({ chain: 'eip155:5' }), probe()]],
    ['silent, the other well', [silent, probe()]],
    ['silent, nobody else', [silent]],
    ['too slow, the other well', [null, probe()]],
    [
      'key refused',
      [
        {
          ...silent,
          failures: ['b.example does not tell its chain (eth_chainId): HTTP status 401.'],
        },
      ],
    ],
    [
      'too many requests',
      [
        {
          ...silent,
          failures: ['b.example does not tell its chain (eth_chainId): HTTP status 429.'],
        },
      ],
    ],
    ['neither receipts nor logs', [probe({ receipts: false, logs: false })]],
    ['logs alone', [probe({ receipts: false })]],
    ['logs alone, as is set', [probe({ receipts: false })], chainOf('logs')],
    ['receipts alone, set to logs', [probe({ logs: false })], chainOf('logs')],
    ['a little behind the other', [behind(24, 2), probe()]],
    ['far behind the other', [behind(72, 6), probe()]],
    ['all of them old', [behind(600, 50)]],
    ['all of them of no use', [behind(7200, 600)]],
    ['one of no use', [behind(7200, 600), probe()]],
  ])('%s', (what, probes, live = chainOf(...probes.map(() => undefined))) => {
    const checks = judgeNodes(live, { probes, now })
    expect(`${what}\n${renderChecks(checks)}exit ${exitCodeOf(checks)}`).toMatchSnapshot()
  })
})

describe('judgeClock', () => {
  test.each([
    ['fits', [probe(), null]],
    ['is a little behind', [behind(-68, 0)]],
    ['is behind', [behind(-100, 0), probe()]],
    ['is not known', [null, silent]],
  ])('%s', (what, probes) => {
    expect(`${what}: ${renderChecks([judgeClock(probes, now)])}`).toMatchSnapshot()
  })
})

describe('judgeCase', () => {
  const theft: Case = {
    id: 'acme',
    name: 'Acme',
    chain: ethereum.id,
    stolenAt: now - 86_400,
    followAfter: 19_990_000,
    assets: [],
    sources: [],
    published: [],
  }
  const shallow = probe({ balanceDepth: 128, failures: [noArchive] })

  test.each<[string, { probes?: Probe[]; progress?: Progress; followAfter?: number }]>([
    ['not begun', { progress: null }],
    ['at the head', { progress: 20_000_000 }],
    ['behind', { progress: 19_999_999 }],
    ['deeper than the archive', { progress: null, probes: [shallow] }],
    ['followed past what the archive lacks', { progress: 19_999_872, probes: [shallow] }],
    ['one node with an archive is enough', { progress: null, probes: [shallow, probe()] }],
    [
      'an archive of another chain is none',
      { progress: null, probes: [shallow, probe({ chain: 'eip155:5' })] },
    ],
    ['deeper than the archive, or not: the database was not read', { probes: [shallow] }],
    ['starts in the future', { progress: null, followAfter: 20_000_001 }],
    ['nodes that lag', { progress: 20_000_001 }],
    ['the database was not read', {}],
    ['no node', { progress: 5, probes: [silent, null] }],
  ])('%s', (what, { probes = [probe()], progress, followAfter = 19_990_000 }) => {
    const check = judgeCase({ ...theft, followAfter }, { chain: ethereum, probes, progress, now })
    expect(`${what}: ${renderChecks([check])}`).toMatchSnapshot()
  })
})

describe('renderChecks', () => {
  const ok: Check = { about: 'A', state: 'ok', text: 'well' }
  const fail = { about: 'B', state: 'fail', text: 'bad', advice: 'mend it' } as const

  test('one line a check, whatever is in it', () => {
    const text = renderChecks([ok, { ...fail, text: 'bad\n\u001b[2J' }, { ...fail, state: 'warn' }])
    expect(text).toMatchInlineSnapshot(`
      "ok    A: well.
      fail  B: bad��[2J. Mend it.
      warn  B: bad. Mend it.
      1 ok, 1 to look at, 1 failed.
      "
    `)
  })

  test('the exit code says whether trying again may help', () => {
    expect(exitCodeOf([ok, { ...fail, state: 'warn' }])).toBe(0)
    expect(exitCodeOf([ok, fail, { ...fail, retryable: true }])).toBe(1)
    expect(exitCodeOf([ok, { ...fail, retryable: true }])).toBe(75)
  })

  test('an error of ours is told by its sentence, any other by its type alone', () => {
    const ours = failedCheck('X', new FileNotReadableError({ file: 'f', reason: 'because' }))
    expect(renderChecks([ours])).toContain(
      'fail  X: The file "f" cannot be read: because. Check its name and who may read it.',
    )
    expect(failedCheck('X', new DiskFullError({ file: 'f' }))).toMatchObject({ retryable: true })
    expect(renderChecks([failedCheck('X', new TypeError('https://x/key'))])).not.toContain('key')
  })
})

describe('withLimit', () => {
  test('answers what comes first, and leaves no timer behind', async () => {
    vi.useFakeTimers()
    try {
      const never = new Promise<string>(() => undefined)
      const late = withLimit(never, { limitMs: 100, late: 'late' })
      await vi.advanceTimersByTimeAsync(100)
      expect(await late).toBe('late')
      const soon = Promise.resolve('soon')
      expect(await withLimit(soon, { limitMs: 100, late: 'late' })).toBe('soon')
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('the machine', () => {
  test('Node must be new enough, and the platform a tested one', () => {
    const states = [
      ['v24.1.0', 'linux x64'],
      ['v24.1.0', 'darwin arm64'],
      ['v22.9.0', 'linux x64'],
    ].map(([version = '', platform = '']) => checkMachine({ version, platform }).state)
    expect(states).toEqual(['ok', 'warn', 'fail'])
  })

  test('a disk with less than 1 GB is worth a look', () => {
    expect(judgeDisk(1e9).state).toBe('ok')
    expect(judgeDisk(0.99e9)).toMatchObject({
      state: 'warn',
      text: '1.0 GB are free beside the database',
    })
  })

  test('lists of labels grow stale by their date', async () => {
    expect(await checkLabels(new Date('2022-05-26'))).toMatchObject({ state: 'ok' })
    expect(await checkLabels(new Date('2024-09-01'))).toMatchObject({
      state: 'warn',
      text: expect.stringMatching(/in 6 lists, stale: .* of 2022-05-25/),
    })
  })
})

describe('probeSocket', () => {
  let node: FakeNode
  beforeEach(async () => {
    node = await createFakeNode({ chainId: 7 })
  })
  afterEach(() => node.close())

  test('default: tells the chain once it is subscribed, and closes', async () => {
    expect(await probeSocket(node.websocket)).toEqual({ chain: 'eip155:7' })
    await expect.poll(() => node.subscribers()).toBe(0)
  })

  test('error: says how far it came', async () => {
    node.silenceSockets()
    const mute = 'it opens and does not answer in 200 ms'
    expect(await probeSocket(node.websocket, { limitMs: 200 })).toEqual({ fault: mute })
    await node.close()
    const broken = 'it does not open: the connection broke'
    expect(await probeSocket(node.websocket)).toEqual({ fault: broken })
    const unlike = 'it does not open: its URL is not one of a WebSocket'
    expect(await probeSocket('ftp://node.example')).toEqual({ fault: unlike })
    node = await createFakeNode()
  })

  test('error: a server that accepts and never speaks', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const found = await probeSocket(`ws://127.0.0.1:${port}/k3yK3yk3yK3y`, { limitMs: 200 })
    expect(found).toEqual({ fault: 'it does not open in 200 ms' })
    server.close()
  })
})

describe('runDoctor', () => {
  const key = 'k3yK3yk3yK3yk3yK3y'
  const folder = mkdtempSync(join(tmpdir(), 'posse-doctor-'))
  const file = join(folder, 'posse.config.json')
  const database = join(folder, 'posse.sqlite')
  const blocks = Array.from({ length: 20 }, (_, at) => ({ time: now - 12 * (20 - at) }))
  let nodes: FakeNode[]

  beforeEach(async () => {
    const path = `/v2/${key}?token=${key}`
    nodes = [await createFakeNode({ blocks, path }), await createFakeNode({ blocks, path })]
  })
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.close()))
    rmSync(database, { force: true, recursive: true })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const theft = {
    id: 'acme',
    name: 'Acme',
    chain: 'eip155:1',
    stolenAt: now - 86_400 * 365,
    followAfter: 5,
    sources: [{ address: `0x${'1'.repeat(40)}`, asset: 'native', amount: '1 ETH' }],
  }

  /** What a person sees, with ports, times and sizes made the same for every run. */
  async function run(outer: object = {}, { at = now, limitMs = 10_000 } = {}) {
    const rpc = nodes.map(({ url }) => ({ url }))
    const chain = { id: 'eip155:1', rpc, websocket: nodes[0]?.websocket }
    writeFileSync(file, JSON.stringify({ database, chains: [chain], cases: [theft], ...outer }))
    let text = ''
    const code = await runDoctor({
      settings: file,
      env: {},
      now: () => at,
      limitMs,
      write: (line) => {
        text += line
      },
    })
    expect(text).not.toMatch(/k3y/i)
    const plain = nodes
      .reduce((all, { host }, place) => all.replaceAll(host, `node${place}.example`), text)
      .replaceAll(folder, '')
      .replace(/\d+ ms\./g, 'N ms.')
      .replace(/v24\S+ on .*/, 'v24 on a machine.')
      .replace(/[\d.]+ GB are free/, 'N GB are free')
    return { code, text: plain }
  }

  test('default: all is well', async () => {
    const { code, text } = await run()
    expect(text).toMatchInlineSnapshot(`
      "ok    Node: v24 on a machine.
      ok    Environment: LOG_LEVEL is "warn".
      ok    Settings "/posse.config.json": 1 chain, 1 case.
      ok    Ethereum node 1 (node0.example): block 20, 12 s old, receipts and logs, balances of any block, N ms.
      ok    Ethereum node 2 (node1.example): block 20, 12 s old, receipts and logs, balances of any block, N ms.
      ok    Ethereum WebSocket (node0.example): it opens and takes a subscription to heads.
      ok    Clock: it fits the newest block to 12 s.
      ok    Database "/posse.sqlite": not there yet, it is made at the first start.
      ok    Disk: N GB are free beside the database.
      ok    Case acme: starts after block 5, 15 blocks behind the head.
      warn  Labels: 37,591 labels in 6 lists, stale: Etherscan name tags (eth-labels) of 2024-06-17, Etherscan exchanges of 2022 (eth-labels) of 2022-05-25, Etherscan phishing and hacks of 2022 (eth-labels) of 2022-05-25, OFAC SDN list, Ethereum addresses of 2024-09-27, OFAC SDN list, Bitcoin addresses of 2024-09-27. Decide nothing by them alone, and update Posse for newer ones.
      ok    Terminal: this one.
      11 ok, 1 to look at, 0 failed.
      "
    `)
    expect(code).toBe(0)
  })

  test('a case that was followed says how far', async () => {
    const store = await createStore(await openSqlite(database))
    const open = openCase({ ...theft, assets: [ethereum.native], sources: [], published: [] }, {
      serviceOf: () => null,
    } as never)
    const opening = { ...openingChange(open), head: { number: 12, hash: '0x', time: now } }
    await store.saveChanges([opening], { now })
    await store.close()
    const { code, text } = await run()
    expect(text).toContain('ok    Case acme: followed to block 12, 8 blocks behind the head.')
    expect(text).toContain('whole and up to date, 0 messages to deliver, 0 given up.')
    expect(code).toBe(0)
  })

  test('a database in use is worth a look and no failure', async () => {
    const db = await openSqlite(database)
    const { code, text } = await run()
    expect(text).toContain(
      'warn  Database "/posse.sqlite": another process uses it, most likely a running Posse. Stop that one to have it checked, else do nothing.',
    )
    expect(text).toContain('starts after block 5, how far it was followed is not known, 15 blocks')
    expect(code).toBe(0)
    await db.destroy()
  })

  test('a file that is no database fails, and is left as it is', async () => {
    writeFileSync(
      database,
      'no database at all, but a text that is long enough to be read as one'.repeat(50),
    )
    const { code, text } = await run()
    expect(text).toContain(
      'fail  Database "/posse.sqlite": The file "/posse.sqlite" is not a database.',
    )
    expect(code).toBe(1)
  })

  test('a folder that is not there fails', async () => {
    const { code, text } = await run({ database: join(folder, 'none', 'posse.sqlite') })
    expect(text).toContain('its folder does not exist. Name a file in a folder that exists')
    expect(code).toBe(1)
    mkdirSync(database)
    expect((await run()).text).toContain('cannot be opened: it is a folder')
  })

  test('no database is made where there is none', async () => {
    await run()
    const db = await openSqlite(database)
    await db.destroy()
    rmSync(database)
    expect((await run()).text).toContain('not there yet')
  })

  test('nodes that do not answer are told within the limit; again may help', async () => {
    for (const node of nodes) {
      node.inject({ type: 'stall' })
      node.silenceSockets()
    }
    const started = performance.now()
    const { code, text } = await run({}, { limitMs: 500 })
    expect(performance.now() - started).toBeLessThan(4_000)
    expect(text.match(/fail {2}Ethereum node \d.*no answer in N ms/g) ?? text).toHaveLength(2)
    expect(text).toContain('it opens and does not answer in N ms.')
    expect(code).toBe(75)
  })

  test('a node that repeats its key is not repeated', async () => {
    const message = `bad key ${key}, ${encodeURIComponent(key)}, /v2/${key}`
    for (const node of nodes) node.inject({ type: 'error', code: -32000, message })
    const { code } = await run()
    expect(code).toBe(75)
  })

  test('a node of another chain, and a WebSocket too', async () => {
    await nodes[0]?.close()
    const stranger = await createFakeNode({ blocks, chainId: 5 })
    nodes[0] = stranger
    const { code, text } = await run()
    expect(text).toContain(
      'fail  Ethereum node 1 (node0.example): it belongs to the chain "eip155:5"',
    )
    expect(text).toContain('fail  Ethereum WebSocket (node0.example): it belongs to the chain')
    expect(text).toContain('ok    Ethereum node 2')
    expect(code).toBe(1)
  })

  test('a clock that is behind fails', async () => {
    const { code, text } = await run({}, { at: now - 1000 })
    expect(text).toContain(
      'fail  Clock: it is at least 16 min 28 s behind the newest block. Check NTP',
    )
    expect(code).toBe(1)
  })

  test('settings with faults are told, and the rest is still checked', async () => {
    const { code, text } = await run({ cases: 'none' })
    expect(text).toContain('has a fault: cases is "none": write a list of cases.')
    expect(text).toContain('labels in 6 lists')
    expect(code).toBe(1)
  })

  test('posse doctor hands its exit code and its file on', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    const code = await runCli(['doctor', '--config', join(folder, 'none.json')])
    const text = write.mock.calls.map(([line]) => String(line)).join('')
    write.mockRestore()
    expect(text).toContain('cannot be read: there is no such file. Copy posse.config.example.json')
    expect(code).toBe(1)
  })

  test('without settings: what a replay needs, and how to go live', async () => {
    let text = ''
    const write = (line: string) => {
      text += line
    }
    const code = await runDoctor({ settings: null, env: {}, now: () => now, write })
    expect(text).toContain('copy posse.config.example.json to posse.config.json')
    expect(text).toContain('ok    Recording of the case ronin: 3,755 transactions.')
    expect(code).toBe(0)
  })
})
