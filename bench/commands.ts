import { fork } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '#test/support/freePort.ts'
import type { Member } from '#types/member.ts'
import { benchAddress, benchTheft, fillStore } from './benchCase.ts'
import type { AnswererJob } from './clients/answerer.ts'
import { type FakePlatforms, startFakePlatforms } from './fakePlatforms.ts'
import type { Figure } from './figure.ts'

/** What the issue of a busy night is: commands a second, for how long, from how many. */
const perSecond = 200
const seconds = 30
const people = 100

/** Milliseconds in which 99 of 100 commands are acknowledged. */
const bar = 1_000

const addresses = 1e4

type Asked = { name: string; given: Record<string, string> }

/** What people type in a night. */
function askedAt(index: number): Asked {
  const kinds: Asked[] = [
    { name: 'lookup', given: { subjects: benchAddress(1 + (index % addresses)) } },
    { name: 'status', given: {} },
    { name: 'alerts', given: {} },
    { name: 'lookup', given: { subjects: benchAddress(1 + ((index * 7) % addresses)) } },
    { name: 'timeline', given: {} },
  ]
  return kinds[index % kinds.length] ?? { name: 'help', given: {} }
}

/** How long people wait until a command is acknowledged, beside a bot of the same SDK that only echoes. */
export async function benchCommands(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'posse-bench-'))
  const database = join(folder, 'commands.sqlite')
  await fillStore(database, { theft: benchTheft(1), addresses })
  try {
    const figures: Figure[] = []
    for (const platform of ['slack', 'discord'] as const) {
      const reference = await measure({ kind: 'echo', platform, database })
      const value = await measure({ kind: 'posse', platform, database })
      const name = `${perSecond} commands/s in ${platform}: acknowledged, p99`
      figures.push({
        name,
        value,
        unit: 'ms',
        reference,
        ratio: value / reference,
        bar,
        ok: value <= bar,
      })
    }
    return figures
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function measure(
  given: Pick<AnswererJob, 'kind' | 'platform' | 'database'>,
): Promise<number> {
  const fake = await startFakePlatforms()
  const signingSecret = randomBytes(16).toString('hex')
  const port = await freePort()
  const members = Array.from({ length: people }, (_, at): Member => {
    const account = `${given.platform}:${personId(given.platform, at)}`
    return { account, name: `Person ${at}`, role: 'responder', organization: null }
  })
  const job: AnswererJob = { ...given, apiUrl: fake.url, port, signingSecret, members }
  const child = fork(fileURLToPath(new URL('./clients/answerer.ts', import.meta.url)))
  child.send(job)
  await once(child, 'message')
  if (given.platform === 'discord') await fake.connected()
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const ask = (index: number) =>
    given.platform === 'slack'
      ? askSlack(index, { port, signingSecret, agent })
      : askDiscord(index, fake)
  try {
    for (let at = 0; at < people; at += 1) await ask(at)
    return await load(ask)
  } finally {
    agent.destroy()
    child.kill('SIGKILL')
    fake.close()
  }
}

/** Asks on a clock of its own, whether the answers keep up or not; answers the 99th percentile in milliseconds. */
async function load(ask: (index: number) => Promise<void>): Promise<number> {
  const begin = performance.now()
  const times: number[] = []
  const asked: Promise<void>[] = []
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const due = begin + (index * 1000) / perSecond
    const early = due - performance.now()
    if (early > 1) await wait(early)
    asked.push(
      ask(index + people).then(() => {
        times.push(performance.now() - due)
      }),
    )
  }
  await Promise.all(asked)
  times.sort((a, b) => a - b)
  return times[Math.floor(times.length * 0.99)] ?? Number.NaN
}

function personId(platform: 'slack' | 'discord', at: number): string {
  return platform === 'slack' ? `U${1000 + at}` : String(200000000000000000n + BigInt(at))
}

function askDiscord(index: number, fake: FakePlatforms): Promise<void> {
  const { name, given } = askedAt(index)
  const user = personId('discord', index % people)
  return fake.interact({ name: 'posse', verb: name, given, user })
}

/** A slash command as Slack signs it; resolves once it is acknowledged. */
function askSlack(
  index: number,
  { port, signingSecret, agent }: { port: number; signingSecret: string; agent: Agent },
): Promise<void> {
  const { name, given } = askedAt(index)
  const user = personId('slack', index % people)
  const body = new URLSearchParams({
    command: '/posse',
    text: [name, ...Object.values(given)].join(' '),
    trigger_id: String(index),
    user_id: user,
    user_name: user,
    channel_id: 'C1',
    team_id: 'T1',
    api_app_id: 'A1',
    response_url: `http://127.0.0.1:${port}/nowhere`,
  }).toString()
  const timestamp = String(Math.floor(Date.now() / 1000))
  const hash = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${hash}`,
  }
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, host: '127.0.0.1', path: '/slack/events', method: 'POST', agent, headers },
      (response) => {
        if (response.statusCode !== 200) reject(new Error(`The status "${response.statusCode}".`))
        response.resume().on('end', resolve)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
