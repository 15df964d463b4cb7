import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Anvil, hasAnvil, startAnvil } from '#test/support/anvil.ts'
import { alertsIn, createRandom, dumpFile, startProgram } from '#test/support/posseProcess.ts'
import { createProxy } from '#test/support/proxy.ts'

/** Each of them starts anew, is killed at random moments, and is brought to its end. `npm run soak` does 50. */
const rounds = Number(process.env.SOAK_ROUNDS ?? 5)
const seed = Number(process.env.SOAK_SEED ?? 20_250_221)
const roundMs = 60_000

type Run = Awaited<ReturnType<typeof runToEnd>>

/** Starts again and again, killed after the given waits, until it has come to its end undisturbed. */
async function runToEnd(
  args: readonly string[],
  {
    waits,
    finish,
  }: {
    waits: readonly number[]
    finish: (
      program: ReturnType<typeof startProgram>,
      seen: readonly string[],
    ) => Promise<number | null>
  },
) {
  const alerts: string[] = []
  let kills = 0
  for (const wait of waits) {
    const program = startProgram(args)
    await Promise.race([setTimeout(wait), program.ended])
    if (program.kill('SIGKILL')) kills += 1
    expect([null, 0]).toContain(await program.ended)
    alerts.push(...alertsIn(program.output.text))
  }
  const last = startProgram(args)
  const code = await finish(last, alerts)
  alerts.push(...alertsIn(last.output.text))
  return { alerts, kills, code, errors: last.output.errors }
}

/** The same was told, and nothing twice but what was in flight at a kill. */
function expectSameAlerts(run: Run, whole: Run): void {
  expect(run.code).toBe(0)
  expect(run.errors).toBe('')
  expect(new Set(run.alerts)).toEqual(new Set(whole.alerts))
  expect(run.alerts.length - whole.alerts.length).toBeGreaterThanOrEqual(0)
  expect(run.alerts.length - whole.alerts.length).toBeLessThanOrEqual(run.kills)
}

function waitsFor(random: () => number, { from, to }: { from: number; to: number }): number[] {
  const count = 1 + Math.floor(random() * 2)
  return Array.from({ length: count }, () => from + random() * (to - from))
}

let folder = ''
beforeAll(() => {
  // In memory where there is such a folder: a kill does not lose what a disk has not written yet, and waits cost time.
  folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'posse-kill-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('kill -9 during the Ronin replay', () => {
  const args = (file: string) => [
    '--case',
    'ronin',
    '--speed',
    'max',
    '--database',
    join(folder, file),
  ]
  const finish = (program: ReturnType<typeof startProgram>) => program.ended

  test(
    `behavior: ${rounds} rounds from seed ${seed} lose nothing and tell nothing twice`,
    async () => {
      const startedAt = performance.now()
      const whole = await runToEnd(args('whole'), { waits: [], finish })
      const tookMs = performance.now() - startedAt
      const expected = await dumpFile(join(folder, 'whole'))
      expect(whole.alerts.length).toBeGreaterThan(200)
      expect(new Set(whole.alerts).size).toBe(whole.alerts.length)
      const random = createRandom(seed)
      for (let round = 0; round < rounds; round++) {
        const waits = waitsFor(random, { from: tookMs * 0.2, to: tookMs * 0.9 })
        const run = await runToEnd(args(`round-${round}`), { waits, finish })
        expectSameAlerts(run, whole)
        expect(await dumpFile(join(folder, `round-${round}`))).toEqual(expected)
      }
    },
    roundMs * (rounds + 1),
  )
})

describe.runIf(hasAnvil)('kill -9 while a live chain is followed', () => {
  let anvil: Anvil
  let proxy: Awaited<ReturnType<typeof createProxy>>

  beforeAll(async () => {
    anvil = await startAnvil()
    // A slow node, so that there is time to be killed in.
    proxy = await createProxy(anvil.url, { delayMs: 20 })
  })
  afterAll(async () => {
    await proxy.close()
    await anvil.stop()
  })

  function settings(name: string): string {
    const file = join(folder, `${name}.json`)
    const written = {
      database: join(folder, name),
      // Cards end within the minute and a half that the theft takes, so that there are many.
      rules: { foldMinutes: 1 },
      chains: [
        {
          id: 'eip155:31337',
          name: 'Anvil',
          native: { symbol: 'ETH', decimals: 18 },
          explorer: {
            address: 'https://explorer.example/address/',
            transaction: 'https://explorer.example/tx/',
          },
          confirmations: 3,
          tokens: [],
          rpc: [{ url: proxy.url }],
          pollMs: 100,
        },
      ],
      cases: [
        {
          id: 'staged',
          name: 'Staged theft',
          chain: 'eip155:31337',
          stolenAt: 1_700_000_000,
          followAfter: 0,
          sources: [{ address: addressOf(0), asset: 'native', amount: '1000 ETH' }],
        },
      ],
    }
    writeFileSync(file, JSON.stringify(written))
    return file
  }

  test(
    `behavior: ${rounds} rounds from seed ${seed} lose nothing and tell nothing twice`,
    async () => {
      const random = createRandom(seed)
      await stageTheft(anvil, random)
      const whole = await runToEnd(['--config', settings('live')], {
        waits: [],
        finish: async (program) => {
          await quiet(program)
          return stop(program)
        },
      })
      const expected = await dumpFile(join(folder, 'live'))
      expect(whole.code).toBe(0)
      expect(whole.alerts.length).toBeGreaterThan(20)
      for (let round = 0; round < rounds; round++) {
        const run = await runToEnd(['--config', settings(`live-${round}`)], {
          waits: waitsFor(random, { from: 700, to: 2_500 }),
          finish: async (program) => {
            await quiet(program)
            return stop(program)
          },
        })
        expectSameAlerts(run, whole)
        expect(await dumpFile(join(folder, `live-${round}`))).toEqual(expected)
      }
    },
    roundMs * (rounds + 1),
  )
})

const addressOf = (index: number): string =>
  `0x${(index + 0xabc000).toString(16).padStart(40, '0')}`

/** Payments at random among twenty addresses, in 150 blocks; the last ones are final. */
async function stageTheft(anvil: Anvil, random: () => number): Promise<void> {
  await anvil.endow(addressOf(0), parseEther('1000'))
  const rich = [0]
  for (let block = 0; block < 80; block++) {
    const from = rich[Math.floor(random() * rich.length)] ?? 0
    const to = Math.floor(random() * 20)
    const balance = await anvil.client.getBalance({ address: addressOf(from) as `0x${string}` })
    if (balance > parseEther('1')) {
      await anvil.pay(
        addressOf(from),
        addressOf(to),
        balance / BigInt(2 + Math.floor(random() * 3)),
      )
      rich.push(to)
    }
    await anvil.mine()
  }
  await anvil.mine(70)
}

/** Waits until a program has said nothing new for a while. */
async function quiet({ output }: ReturnType<typeof startProgram>): Promise<void> {
  let before = -1
  let calm = 0
  while (calm < 8) {
    await setTimeout(150)
    const isUp = output.text.includes('Following Staged theft')
    calm = isUp && output.text.length === before ? calm + 1 : 0
    before = output.text.length
  }
}

/** Asks it to end, which must be done within five seconds. */
async function stop(program: ReturnType<typeof startProgram>): Promise<number | null> {
  program.kill('SIGTERM')
  const late = setTimeout(5_000, 'late' as const)
  const ended = await Promise.race([program.ended, late])
  if (ended === 'late') throw new Error('It did not end within five seconds.')
  return ended
}
