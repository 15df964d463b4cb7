import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { createStore } from '#src/store/createStore.ts'
import {
  type DiscordPeer,
  discordChannels,
  discordToken,
  startDiscordPeer,
} from '#test/support/discordPeer.ts'
import type { FaultProxy } from '#test/support/faultProxy.ts'
import { createRandom } from '#test/support/posseProcess.ts'
import { type SlackPeer, slackTokens, startSlackPeer } from '#test/support/slackPeer.ts'
import type { Telling } from '#types/alert.ts'
import type { DelivererJob } from './deliverer.ts'

const rounds = Number(process.env.SOAK_ROUNDS ?? 5)
const seed = Number(process.env.SOAK_SEED ?? 1)

const alerts = 8
const kills = 4

/** Cards, a follow-up under each, and what they become. */
function tellingsFor(channel: string, round: number): Telling[] {
  const telling = (alert: string, revision: number, parent?: string): Telling => ({
    alert,
    revision,
    message: { title: `${alert} as of ${revision}.`, sections: [] },
    topic: 'moved',
    channels: [channel],
    ...(parent && { parent }),
  })
  return Array.from({ length: alerts }, (_, at) => at).flatMap((at) => [
    telling(`card-${round}-${at}`, 1),
    telling(`under-${round}-${at}`, 1, `card-${round}-${at}`),
    telling(`card-${round}-${at}`, 2),
  ])
}

type Round = {
  job: DelivererJob
  proxy: FaultProxy
  random: () => number
  /** Requests that post something. */
  posts: RegExp
}

/** Delivers, and kills who does it before Discord or Slack has heard, after it has, or a little later. */
async function deliverThroughKills({ job, proxy, random, posts }: Round): Promise<void> {
  for (let kill = 0; kill <= kills; kill += 1) {
    const child = spawn(process.execPath, ['test/delivery/deliverer.ts', JSON.stringify(job)], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: process.env.PATH },
    })
    const ended = once(child, 'close')
    let left = kill === kills ? Number.POSITIVE_INFINITY : 1 + Math.floor(random() * 6)
    const when = random() < 0.3 ? 'before' : 'after'
    const delayMs = random() < 0.5 ? 0 : random() * 30
    proxy.state.onPass = ({ method, path }, phase) => {
      if (phase !== when || !posts.test(`${method} ${path}`)) return
      left -= 1
      if (left > 0) return
      if (delayMs === 0) child.kill('SIGKILL')
      else setTimeout(() => child.kill('SIGKILL'), delayMs)
    }
    await ended
    proxy.state.onPass = () => undefined
  }
}

async function prepare(file: string, channel: string, round: number): Promise<void> {
  const store = await createStore(await openSqlite(file))
  await store.saveDecision({ tellings: tellingsFor(channel, round) }, { now: 1 })
  await store.close()
}

/** Every message that people see stands there once, as it was last. */
function expectOnce(shown: string, round: number): void {
  const pattern = new RegExp(`(?:card|under)-${round}-\\d+ as of \\d`, 'g')
  const seen = [...shown.matchAll(pattern)].map(([text]) => text).sort()
  const wanted = Array.from({ length: alerts }, (_, at) => at).flatMap((at) => [
    `card-${round}-${at} as of 2`,
    `under-${round}-${at} as of 1`,
  ])
  expect(seen).toEqual(wanted.sort())
}

describe('a process that is killed while it delivers', () => {
  let slack: SlackPeer
  let discord: DiscordPeer
  let folder: string
  const slackChannels = Array.from({ length: rounds }, (_, at) => `C${1000 + at}`)

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'posse-'))
    const started = [startSlackPeer({ channels: slackChannels }), startDiscordPeer()] as const
    const [first, second] = await Promise.all(started)
    slack = first
    discord = second
  }, 30_000)

  afterAll(async () => {
    await Promise.all([slack.close(), discord.close()])
    rmSync(folder, { recursive: true })
  })

  test.each(slackChannels.map((channel, round) => [round, channel] as const))(
    'behavior: round %i: in Slack each message is seen once',
    async (round, channel) => {
      const database = join(folder, `slack-${round}.sqlite`)
      await prepare(database, `slack:${channel}`, round)
      const job: DelivererJob = {
        database,
        platform: 'slack',
        apiUrl: slack.apiUrl,
        token: slackTokens.botToken,
      }
      const random = createRandom(seed * 1_000 + round)
      const posts = /^POST .*chat\.(?:postMessage|update)/
      await deliverThroughKills({ job, proxy: slack.proxy, random, posts })
      expectOnce(await slack.seen(channel), round)
      expect(slack.proxy.problems).toEqual([])
    },
    60_000,
  )

  test.each(
    Array.from({ length: rounds }, (_, at) => at),
  )('behavior: round %i: in Discord each message is seen once', async (round) => {
    const channel = discordChannels[round % discordChannels.length] ?? ''
    const database = join(folder, `discord-${round}.sqlite`)
    await prepare(database, `discord:${channel}`, round)
    const { apiUrl } = discord
    const job: DelivererJob = { database, platform: 'discord', apiUrl, token: discordToken }
    const random = createRandom(seed * 1_000 + 500 + round)
    const posts = /^(?:POST|PATCH) .*\/channels\/\d+\/messages/
    await deliverThroughKills({ job, proxy: discord.proxy, random, posts })
    expectOnce(await discord.seenWithThreads(channel), round)
    expect(discord.proxy.problems).toEqual([])
  }, 60_000)
})
