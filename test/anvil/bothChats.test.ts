import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDiscordChat } from '#adapters/chat/discord/createDiscordChat.ts'
import { createSlackChat } from '#adapters/chat/slack/createSlackChat.ts'
import { type Anvil, hasAnvil, startAnvil } from '#test/support/anvil.ts'
import {
  type DiscordPeer,
  discordChannels,
  discordPeople,
  discordToken,
  startDiscordPeer,
} from '#test/support/discordPeer.ts'
import { startLiveHouse } from '#test/support/liveHouse.ts'
import {
  type SlackPeer,
  slackPeople,
  slackTokens,
  startSlackPeer,
} from '#test/support/slackPeer.ts'
import type { House } from '#types/houseRules.ts'
import { handleOf } from '#utils/handleOf.ts'
import { indexLabels } from '#utils/indexLabels.ts'

const address = (digit: string): string => `0x${digit.repeat(40)}`
const [thief, mule, market, second, friend] = ['a', '1', 'e', '2', '3'].map(address) as [
  string,
  string,
  string,
  string,
  string,
]
const eth = parseEther
const slackChannel = 'C01ALERTS'
const discordChannel = discordChannels[0] ?? ''

/** People act within this time of each other, in milliseconds. */
const togetherMs = 2_000

const labels = indexLabels([
  {
    address: market,
    name: 'Acme deposit',
    kind: 'exchange',
    source: 'a list',
    date: '2023-11-01',
    confidence: 0.9,
    isStale: false,
  },
])

const people: House = {
  organizations: [
    { id: 'acme', name: 'Acme' },
    { id: 'beta', name: 'Beta' },
  ],
  members: [
    { account: `slack:${slackPeople.ann}`, name: 'Ann', role: 'lead', organization: 'acme' },
    { account: `discord:${discordPeople.bob}`, name: 'Bob', role: 'lead', organization: 'beta' },
  ],
  routes: [],
  feeds: [],
}

describe.runIf(hasAnvil)('a staged theft in Slack and Discord at once', () => {
  let anvil: Anvil
  let slack: SlackPeer
  let discord: DiscordPeer
  let house: Awaited<ReturnType<typeof startLiveHouse>>
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'posse-'))
    const made = await Promise.all([startAnvil(), startSlackPeer(), startDiscordPeer()])
    anvil = made[0]
    slack = made[1]
    discord = made[2]
    const log = pino({ level: 'silent' })
    const { botToken, appToken } = slackTokens
    house = await startLiveHouse({
      anvil,
      file: join(folder, 'both.sqlite'),
      chats: [
        createSlackChat({
          tokens: { kind: 'one', botToken },
          transport: { kind: 'socket', appToken },
          apiUrl: slack.apiUrl,
          home: slackChannel,
          log,
        }),
        createDiscordChat({
          token: discordToken,
          apiUrl: discord.apiUrl,
          home: discordChannel,
          log,
        }),
      ],
      labels,
      house: people,
      now: () => Math.floor(Date.now() / 1000),
    })
    await vi.waitFor(async () => expect((await slack.readUi()).apps[0].connected).toBe(true), 5_000)
    await vi.waitFor(
      () => expect(discord.proxy.requests.some(({ method }) => method === 'PUT')).toBe(true),
      5_000,
    )
  }, 60_000)

  afterAll(async () => {
    await house.stop()
    await Promise.all([anvil.stop(), slack.close(), discord.close()])
    rmSync(folder, { recursive: true })
    expect(slack.proxy.problems).toEqual([])
    expect(discord.proxy.problems).toEqual([])
  })

  const seen = async () => [await slack.seen(), await discord.seen(discordChannel)]

  /** Until both show it. */
  async function bothShow(text: string | RegExp, timeout = 15_000): Promise<void> {
    await expect
      .poll(async () => (await seen()).map((each) => new RegExp(text).test(each)), { timeout })
      .toEqual([true, true])
  }

  test('a lead opens the case in Slack; both channels see the money move', async () => {
    await anvil.endow(friend, eth('1000'))
    const theft = await anvil.pay(friend, thief, eth('500'))
    await anvil.mine()
    await slack.type(`case open "Acme wallet" ${thief}=500ETH@${theft}`)
    await expect.poll(() => slack.seen()).toContain('Opened Acme wallet as acme-wallet')
    await anvil.pay(thief, mule, eth('300'))
    await anvil.mine()
    await anvil.pay(mule, market, eth('120'))
    await anvil.mine()
    await bothShow('120 ETH reached the exchange Acme deposit')
    await house.settle()
    const cards = (await discord.messages(discordChannel)).filter(({ embeds }) =>
      embeds[0]?.description?.includes('Acme deposit'),
    )
    expect(cards).toHaveLength(1)
  }, 40_000)

  test('look up: each in their own chat, for their own eyes', async () => {
    await slack.type(`lookup ${market}`)
    await expect
      .poll(async () =>
        (await slack.messages()).some(
          ({ ephemeral_to: to, blocks }) =>
            to === slackPeople.ann && JSON.stringify(blocks).includes('a list'),
        ),
      )
      .toBe(true)
    const asked = await discord.run(
      'lookup',
      { subjects: market },
      { user: discordPeople.bob, channel: discordChannel },
    )
    const { data } = await discord.answerTo(asked)
    expect(data.flags).toBe(64)
    expect(JSON.stringify(data.embeds)).toContain('a list')
  }, 20_000)

  test('acknowledge: by a button in Discord, seen in both', async () => {
    const pressed = await discord.press('Acknowledge', {
      user: discordPeople.bob,
      channel: discordChannel,
      at: -1,
    })
    await discord.answerTo(pressed)
    await bothShow('acknowledged by Bob', togetherMs)
    // Whoever pressed at the same time is told who was faster.
    const [ack] = house.context.standing.ack.values()
    await slack.type(`ack ${handleOf(ack?.alert ?? '')} if:free`)
    await expect.poll(() => slack.seen()).toContain('Bob looks after it already')
  }, 20_000)

  test('flag: by a form in Slack; the old card is corrected in both', async () => {
    await anvil.pay(thief, second, eth('100'))
    await anvil.mine()
    await bothShow(`100 ETH`)
    await house.settle()
    await slack.press('Flag', { at: -1 })
    await expect.poll(async () => (await slack.readUi()).modalStack.length).toBe(1)
    const fault = await slack.submit({ address: second, kind: 'exchang', name: 'Beta' })
    expect(JSON.stringify(fault)).toContain('exchang')
    await slack.submit({ address: second, kind: 'exchange', name: 'Beta desk' })
    await bothShow('reached the exchange Beta desk', togetherMs)
  }, 40_000)

  test('the other way round: acknowledged in Slack, flagged in Discord', async () => {
    await house.settle()
    await slack.press('Acknowledge', { at: -1 })
    await bothShow('acknowledged by Ann', togetherMs)
    const given = { address: mule, kind: 'person', name: 'Mallory' }
    const asked = await discord.run('flag', given, {
      user: discordPeople.bob,
      channel: discordChannel,
    })
    expect(JSON.stringify((await discord.answerTo(asked)).data)).toContain('Flagged')
    await slack.type(`lookup ${mule}`)
    await expect.poll(() => slack.seen(), { timeout: togetherMs }).toContain('Mallory (person)')
  }, 20_000)

  test('a freeze: approved by a button in Slack, answered by a form and a button in Discord', async () => {
    const desk = discordChannels[1] ?? ''
    const channels = `discord:${desk}`
    const asBob = { user: discordPeople.bob, channel: desk }
    const named = await discord.run('org add', { organization: 'beta', channels }, asBob)
    expect(JSON.stringify((await discord.answerTo(named)).data)).toContain(desk)
    await slack.press('Approve and send', { at: -1 })
    await expect
      .poll(() => discord.seen(desk), { timeout: 5_000 })
      .toContain('Please hold 100 ETH, stolen in the theft')
    await discord.answerTo(await discord.press('Seen', asBob))
    await expect.poll(() => slack.seen(), { timeout: togetherMs }).toContain('seen, by Bob (beta)')
    const form = await discord.answerTo(await discord.press('Hold a part', asBob))
    expect(form.type).toBe(9)
    const freeze = [...house.context.standing.freeze.values()].find(
      ({ organization }) => organization === 'beta',
    )
    const given = { freeze: freeze?.id ?? '', amount: '70 ETH' }
    await discord.submit(form.data.custom_id, given, asBob)
    await expect
      .poll(() => slack.seen(), { timeout: togetherMs })
      .toContain('Beta holds 70 ETH of 100 ETH')
    await discord.answerTo(await discord.press('Hold all of it', asBob))
    await expect.poll(() => slack.seen(), { timeout: togetherMs }).toContain('Beta holds 100 ETH')
  }, 40_000)

  test('a stranger learns nothing, and can ask to be let in', async () => {
    const asked = await discord.run(
      'status',
      {},
      { user: discordPeople.eve, channel: discordChannel },
    )
    const { data } = await discord.answerTo(asked)
    expect(JSON.stringify(data)).toContain('Only members may ask that')
    expect(JSON.stringify(data)).not.toContain('Acme')
    const request = await discord.run(
      'access request',
      { organization: 'beta', why: 'night desk, ask Bob' },
      { user: discordPeople.eve, channel: discordChannel },
    )
    await discord.answerTo(request)
    await bothShow('Somebody asks for access')
    await discord.press('Let in as responder', { user: discordPeople.bob, channel: discordChannel })
    await bothShow('let in as responder by Bob')
    const again = await discord.run(
      'status',
      {},
      { user: discordPeople.eve, channel: discordChannel },
    )
    expect(JSON.stringify((await discord.answerTo(again)).data)).toContain('Acme wallet')
  }, 30_000)
})
