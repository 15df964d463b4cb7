import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDiscordChat } from '#adapters/chat/discord/createDiscordChat.ts'
import { createSlackChat } from '#adapters/chat/slack/createSlackChat.ts'
import { channelMs, editMs } from '#adapters/chat/slack/limits.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { rules } from '#config/rules.ts'
import { createLane } from '#src/delivery/createLane.ts'
import { deliverDue } from '#src/delivery/deliver.ts'
import { runChain, tellRest } from '#src/runChain.ts'
import { collectDigest } from '#src/upkeep/tellDigests.ts'
import {
  type DiscordPeer,
  discordChannels,
  discordToken,
  startDiscordPeer,
} from '#test/support/discordPeer.ts'
import { caseOf } from '#test/support/followRows.ts'
import { growBlocks } from '#test/support/growBlocks.ts'
import { createScriptedChain } from '#test/support/scriptedChain.ts'
import { type SlackPeer, slackTokens, startSlackPeer } from '#test/support/slackPeer.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { Transaction } from '#types/chain.ts'
import type { ChannelId, Chat } from '#types/chat.ts'
import type { Subscription } from '#types/standing.ts'
import { topics } from '#types/topic.ts'
import { handleOf } from '#utils/handleOf.ts'
import { indexLabels } from '#utils/indexLabels.ts'

const asset = ethereum.native.id
const thief = `0x${'a'.repeat(40)}`
const address = (index: number) => `0x${index.toString(16).padStart(40, '0')}`

/** Hops of the flood, in five blocks of one minute. */
const hops = 10_000
const perBlock = hops / 5

/** Every tenth hop ends at one of 40 services, the others open new paths. */
const services = indexLabels(
  Array.from({ length: 40 }, (_, index) => ({
    address: address(1_000_000 + index),
    name: `Service ${index}`,
    kind: ['exchange', 'mixer', 'bridge', 'service'][index % 4] ?? '',
    ...{ source: 'test', date: '', confidence: 1, isStale: false },
  })),
)

/** Half of the channels are in Slack, half in Discord. */
const slackChannels = Array.from({ length: 10 }, (_, at) => `C${100 + at}`)
const channels = [
  ...slackChannels.map((id) => `slack:${id}`),
  ...discordChannels.slice(0, 10).map((id) => `discord:${id}`),
]

const outageMs = 10 * 60_000

function paymentsOf(block: number): Transaction[] {
  return Array.from({ length: perBlock }, (_, place) => {
    const index = block * perBlock + place
    const to = index % 10 === 0 ? address(1_000_000 + (index % 40)) : address(index + 1)
    const transfers = [{ position: 'v', from: thief, to, asset, amount: 10n ** 18n }]
    return { hash: `0x${index.toString(16).padStart(64, '0')}`, transfers }
  })
}

describe('10,000 hops in a minute told to 20 channels of Slack and Discord', () => {
  let slack: SlackPeer
  let discord: DiscordPeer
  const clock = { ms: 1_700_000_040_000 }
  /** What was tried in a channel, by the clock. */
  const calls: { channel: ChannelId; at: number; isEdit: boolean; isDone: boolean }[] = []

  beforeAll(async () => {
    const started = [startSlackPeer({ channels: slackChannels }), startDiscordPeer()] as const
    const [first, second] = await Promise.all(started)
    slack = first
    discord = second
  }, 30_000)

  afterAll(async () => {
    await Promise.all([slack.close(), discord.close()])
  })

  function watch(chat: Chat): Chat {
    const note = async <Value>(channel: ChannelId, isEdit: boolean, work: Promise<Value>) => {
      const call = { channel, at: clock.ms, isEdit, isDone: false }
      calls.push(call)
      const value = await work
      call.isDone = true
      return value
    }
    return {
      ...chat,
      post: (message, posting) => note(posting.channel, false, chat.post(message, posting)),
      edit: (ref, message, posting) =>
        note(posting.channel, true, chat.edit(ref, message, posting)),
    }
  }

  test('behavior: within the pace of each, every hop counted, none lost across an outage of ten minutes', async () => {
    const log = pino({ level: 'silent' })
    const { botToken, appToken } = slackTokens
    const chats = [
      createSlackChat({
        tokens: { kind: 'one', botToken },
        transport: { kind: 'socket', appToken },
        apiUrl: slack.apiUrl,
        log,
      }),
      createDiscordChat({ token: discordToken, apiUrl: discord.apiUrl, log }),
    ].map(watch)
    const theft = { ...caseOf([{ address: thief, amount: 20_000n * 10n ** 18n }]), followAfter: 4 }
    const { context, opened } = await createTestContext({
      cases: [theft],
      chats,
      labels: services,
      rules: { ...rules, busyStrangers: null, dustPerMillion: 0n },
      now: () => Math.floor(clock.ms / 1000),
    })
    const by = { account: 'terminal', name: 'Ann', organization: null, at: 0 }
    for (const channel of channels) {
      const value: Subscription = { channel, caseId: '*', topics, min: null, chain: null, by }
      context.standing.subscription.set(`${channel} *`, value)
    }
    const blocks = growBlocks([], {
      to: 9,
      transactionsOf: (number) => (number >= 5 ? paymentsOf(number - 5) : []),
    }).map((block) => ({ ...block, time: 1_700_000_040 + (block.number - 5) * 12 }))
    const lanes = chats.map((chat) => createLane(chat, { clock: () => clock.ms }))
    const signal = new AbortController().signal
    const follow = async (until: number) => {
      const known = blocks.filter(({ number }) => number <= until)
      await runChain(context, createScriptedChain([{ blocks: known }]), { cases: opened, signal })
    }
    /** Lets the clock run, a fifth of a second at a time. */
    const pass = async (ms: number, step = 200) => {
      for (const end = clock.ms + ms; clock.ms < end; clock.ms += step) {
        await Promise.all(
          chats.map((chat, at) => {
            const lane = lanes[at]
            return lane && deliverDue(context, chat, { lane })
          }),
        )
      }
    }

    await follow(7)
    await pass(24_000)
    for (const peer of [slack, discord]) peer.proxy.state.isDown = true
    await follow(9)
    await pass(outageMs, 1_000)
    for (const peer of [slack, discord]) peer.proxy.state.isDown = false
    await tellRest(context, opened)
    for (let minute = 0; minute < 40; minute += 1) {
      await pass(60_000)
      if ((await context.store.countDeliveries()).pending === 0) break
    }
    expect(await context.store.countDeliveries()).toMatchObject({ pending: 0, failed: 0 })

    // The pace, by the clock.
    for (const channel of channels) {
      const times = calls.filter((call) => call.channel === channel).map(({ at }) => at)
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(channelMs)
    }
    const edits = calls.filter(({ channel, isEdit }) => isEdit && channel.startsWith('slack:'))
    const gaps = edits.slice(1).map(({ at }, index) => at - (edits[index]?.at ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(editMs)

    // Every alert stands in every channel, once.
    const [open] = opened
    if (!open) throw new Error('One case is open.')
    const told = await context.store.findAlerts({ caseId: 'test' }, { limit: 1_000 })
    expect(told.length).toBeGreaterThan(10)
    for (const id of slackChannels)
      expectEach(
        told.map((alert) => alert.id),
        await slack.seen(id),
      )
    for (const id of discordChannels.slice(0, 10)) {
      expectEach(
        told.map((alert) => alert.id),
        await discord.seenWithThreads(id),
      )
    }

    // Every hop is in the ledger and in the digest.
    expect((await context.store.readHops('test')).length).toBe(hops)
    const span = { since: 1_700_000_000, until: 1_700_000_400 }
    const { hops: counted, alerts } = await collectDigest(context, open, span)
    expect(counted.hops).toBe(hops)
    expect(alerts.told + alerts.folded + alerts.muted).toBe(hops)
    expect(slack.proxy.problems).toEqual([])
    expect(discord.proxy.problems).toEqual([])
    const perChannel = channels.map(
      (channel) => calls.filter((call) => call.channel === channel && call.isDone).length,
    )
    console.log(
      `messages and edits a channel: ${Math.min(...perChannel)} to ${Math.max(...perChannel)}, ${told.length} alerts`,
    )
  }, 280_000)
})

/** Each alert is on one card, by the digits on it. */
function expectEach(ids: readonly string[], shown: string): void {
  for (const id of ids) {
    const handle = handleOf(id)
    const cards = shown.match(new RegExp(`Alert\\s+\`?${handle}`, 'g')) ?? []
    expect(`${handle}: ${cards.length}`).toBe(`${handle}: 1`)
  }
}
