import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { parseEther as eth } from 'viem'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDiscordChat } from '#adapters/chat/discord/createDiscordChat.ts'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { createSlackChat } from '#adapters/chat/slack/createSlackChat.ts'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { openEvidence } from '#src/main/openEvidence.ts'
import { runVerify } from '#src/main/runVerify.ts'
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
import { indexLabels } from '#utils/indexLabels.ts'
import { makeKeyPair, signText } from '#utils/signature.ts'

/** None of the addresses that lists know. */
const address = (digits: string): string => `0x${digits.repeat(20)}`
const thief = address('a1')
const mule = address('b2')
const shop = address('c3')
const friend = address('d4')
const atBeta = address('e5')
const atGamma = address('f6')

const slackDesk = 'C01ALERTS'
const [discordDesk = ''] = discordChannels

const label = (of: string, name: string) => ({
  ...{ address: of, name, kind: 'deposit', source: 'a list', date: '2023-11-01' },
  ...{ confidence: 0.9, isStale: false },
})

const people: House = {
  organizations: [
    { id: 'beta', name: 'Beta' },
    { id: 'gamma', name: 'Gamma' },
  ],
  members: [
    { account: 'terminal', name: 'Ann', role: 'admin', organization: null },
    { account: 'terminal:dee', name: 'Dee', role: 'lead', organization: null },
    { account: `slack:${slackPeople.bob}`, name: 'Bob', role: 'lead', organization: 'beta' },
    { account: `discord:${discordPeople.eve}`, name: 'Cid', role: 'lead', organization: 'gamma' },
  ],
  routes: [],
  feeds: [],
}

describe.runIf(hasAnvil)('a drill of three organizations: terminal, Slack, Discord', () => {
  let anvil: Anvil
  let slack: SlackPeer
  let discord: DiscordPeer
  let house: Awaited<ReturnType<typeof startLiveHouse>>
  let folder: string
  const keys = makeKeyPair()
  const home = createMemoryChat({ name: 'terminal' })
  const asBob = { user: slackPeople.bob, channel: slackDesk }
  const asCid = { user: discordPeople.eve, channel: discordDesk }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'posse-'))
    const made = await Promise.all([startAnvil(), startSlackPeer(), startDiscordPeer()])
    anvil = made[0]
    slack = made[1]
    discord = made[2]
    const log = pino({ level: 'silent' })
    const { botToken, appToken } = slackTokens
    const keyFile = join(folder, 'house.key')
    writeFileSync(keyFile, keys.privateKey)
    house = await startLiveHouse({
      ...{ anvil, file: join(folder, 'drill.sqlite'), house: people },
      chats: [
        home,
        createSlackChat({
          tokens: { kind: 'one', botToken },
          transport: { kind: 'socket', appToken },
          ...{ apiUrl: slack.apiUrl, log },
        }),
        createDiscordChat({ token: discordToken, apiUrl: discord.apiUrl, log }),
      ],
      labels: indexLabels([label(atBeta, 'Beta 7'), label(atGamma, 'Gamma: deposit')]),
      evidence: openEvidence({ keyFile, folder: join(folder, 'kept') }),
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

  const show = (message: Parameters<typeof renderText>[0]) =>
    renderText(message, { width: 200, colours: false, timeZone: 'UTC' })
  const say = async (text: string, user?: { id: string; name: string }) =>
    show(await home.say(text, user))
  const dee = { id: 'terminal:dee', name: 'Dee' }
  const inTerminal = () => home.messages.map(({ message }) => show(message)).join('\n')
  const inSlack = () => slack.seen(slackDesk)
  const inDiscord = () => discord.seen(discordDesk)
  const run = async (name: string, given: Record<string, string>) =>
    JSON.stringify((await discord.answerTo(await discord.run(name, given, asCid))).data)
  const soon = { timeout: 10_000 }
  const freezeOf = (organization: string) =>
    [...house.context.standing.freeze.values()].find((each) => each.organization === organization)!

  test('before the theft: the desks are known, one has proved its key', async () => {
    const desk = makeKeyPair()
    await say(`org add beta "Beta" exchange channels:slack:${slackDesk} key:${desk.publicKey}`)
    await say(`org add gamma "Gamma" exchange channels:discord:${discordDesk}`)
    const text = /posse-organization:beta:[0-9a-f]+/.exec(await say('org verify beta'))?.[0] ?? ''
    const signed = `org verify beta ${signText(desk.privateKey, text)}`
    expect(await say(signed)).toContain('A second lead must ask')
    expect(await say(signed, dee)).toContain('Beta is verified')
  })

  test('the theft is opened as a drill, and everybody is marked so', async () => {
    await anvil.endow(friend, eth('1000'))
    const theft = await anvil.pay(friend, thief, eth('500'))
    await anvil.mine()
    expect(await say(`case open "Acme" ${thief}=500ETH@${theft} drill:yes`)).toContain('DRILL Acme')
    await slack.type('subscribe acme', asBob)
    await run('subscribe', { case: 'acme' })
    await house.settle()
  })

  test('a deposit at Beta is drafted, approved, delivered to Slack alone, seen and held in part', async () => {
    await anvil.pay(thief, mule, eth('150'))
    await anvil.mine()
    await anvil.pay(mule, atBeta, eth('100'))
    await anvil.mine()
    await house.settle()
    expect(inTerminal()).toContain('100 ETH at Beta waits for approval')
    await say(`freeze approve ${freezeOf('beta').id}`)
    await expect
      .poll(inSlack, soon)
      .toContain('Please hold 100 ETH, stolen in the theft DRILL Acme')
    expect(await inDiscord()).not.toContain('Please hold')
    await slack.press('Seen', asBob)
    await expect.poll(inTerminal, soon).toContain('seen, by Bob (beta)')
    await slack.type(`freeze hold ${freezeOf('beta').id} 70ETH`, asBob)
    await expect.poll(inTerminal, soon).toContain('Beta holds 70 ETH of 100 ETH')
  }, 40_000)

  test('the rest moves on to Gamma, who is asked in Discord and disputes it', async () => {
    await anvil.pay(atBeta, atGamma, eth('29'))
    await anvil.mine()
    await house.settle()
    await say(`freeze approve ${freezeOf('gamma').id}`)
    await expect.poll(inDiscord, soon).toContain('Please hold 29 ETH')
    const { id } = freezeOf('gamma')
    const reason = 'we cannot be sure that these are the stolen coins'
    expect(await run('dispute open', { subject: id, reason })).toContain('Disputed')
    await expect.poll(inTerminal, soon).toContain('Disputed')
    await house.settle()
    expect(inTerminal()).toContain(reason)
    // What one desk disputes is no business of another.
    await slack.type('timeline acme', asBob)
    await slack.type('dispute list', asBob)
    await expect.poll(inSlack, soon).toContain('Nothing is disputed')
    expect(await inSlack()).toContain(': timeline')
    expect(await inSlack()).not.toContain('cannot be sure')
    expect(await inSlack()).not.toContain(id)
  }, 40_000)

  test('Gamma takes the evidence and works it out again on its own node', async () => {
    const asked = await discord.answerTo(await discord.press('Evidence', asCid))
    expect(JSON.stringify(asked.data)).toContain('from the theft')
    // The files follow the answer.
    await expect
      .poll(() => discord.proxy.requests.some(({ body }) => body.includes('.json')), soon)
      .toBe(true)
    const kept = readdirSync(join(folder, 'kept'))
    await slack.type(`evidence acme ${atBeta}`, asBob)
    await expect
      .poll(() => slack.proxy.requests.map(({ path }) => path).join(), soon)
      .toContain('files.completeUploadExternal')
    expect(kept.map((name) => name.split('.').at(-1)).sort()).toEqual(['csv', 'json', 'md', 'pdf'])
    const packet = join(folder, 'kept', kept.find((name) => name.endsWith('.json')) ?? '')
    const written: string[] = []
    const write = (text: string) => written.push(text)
    const args = [packet, '--rpc', anvil.url, '--key', keys.publicKey]
    expect(await runVerify(args, { write })).toBe(0)
    expect(written.join('')).toContain('It is a drill')
    expect(written.join('')).toContain('leads in 3 steps from the theft')
  }, 40_000)

  test('the house rejects the dispute with two people; Gamma holds', async () => {
    const [dispute] = house.context.standing.dispute.values()
    const ruling = `dispute decide ${dispute?.id} rejected the evidence agrees`
    expect(await say(ruling)).toContain('A second lead must ask')
    expect(await say(ruling, dee)).toContain('Decided, rejected')
    await expect.poll(inDiscord, soon).toContain('is rejected')
    await house.settle()
    await discord.answerTo(await discord.press('Hold all of it', asCid))
    await expect.poll(inTerminal, soon).toContain('Gamma holds 29 ETH')
  }, 40_000)

  test('a wrong label is disputed by Beta, upheld, and corrected wherever it was told', async () => {
    await say(`flag ${shop} exchange "Delta" seen on a page`)
    await house.settle()
    await anvil.pay(thief, shop, eth('50'))
    await anvil.mine()
    const wrong = '50 ETH reached the exchange Delta'
    await expect.poll(inTerminal, soon).toContain(wrong)
    await expect.poll(inSlack, soon).toContain(wrong)
    await expect.poll(inDiscord, soon).toContain(wrong)
    await house.settle()
    await slack.type(`dispute open ${shop} it is a shop that was paid`, asBob)
    await expect.poll(inDiscord, soon).toContain('it is a shop that was paid')
    await expect.poll(inTerminal, soon).toContain('it is a shop that was paid')
    const dispute = [...house.context.standing.dispute.values()].find(({ decision }) => !decision)
    const ruling = `dispute decide ${dispute?.id} upheld as:person they showed the order`
    await say(ruling)
    expect(await say(ruling, dee)).toContain('Decided, upheld')
    await house.settle()
    for (const seen of [inTerminal, inSlack, inDiscord]) {
      await expect.poll(async () => await seen(), soon).toContain('is upheld')
      await expect.poll(async () => await seen(), soon).not.toContain(wrong)
    }
  }, 60_000)

  test('how sure a flag is changes on every card, and an opinion can be taken back', async () => {
    await say(`flag ${mule} person "Mo" sure:90% by his own words`)
    await house.settle()
    await say(`correct ${mule} 55% he may have lied`)
    await expect.poll(inSlack, soon).toContain('55 % sure, not 90 %')
    await expect.poll(inDiscord, soon).toContain('55 % sure, not 90 %')
    await slack.type(`dispute open ${mule} nobody asked us`, asBob)
    await expect.poll(inTerminal, soon).toContain('nobody asked us')
    await slack.type(`dispute open ${mule} nobody asked us, again`, asBob)
    await run('dispute open', { subject: mule, reason: 'nor us' })
    await house.settle()
    const dispute = [...house.context.standing.dispute.values()].find(({ decision }) => !decision)
    expect(dispute?.opinions.map(({ by }) => by.organization)).toEqual(['beta', 'gamma'])
    await expect.poll(inTerminal, soon).toContain('nor us')
    // Who says it again is heard once.
    const words = home.messages
      .map(({ message }) => show(message))
      .filter((text) => text.includes('beta disputes') && text.includes('nobody asked us'))
    expect(words.length).toBe(1)
    expect(
      await run('dispute decide', { dispute: dispute?.id ?? '', verdict: 'upheld' }),
    ).toContain('not yours to end')
    await run('dispute withdraw', { dispute: dispute?.id ?? '' })
    await slack.type(`dispute withdraw ${dispute?.id} we asked ourselves`, asBob)
    await expect.poll(inDiscord, soon).toContain('Bob no longer disputes')
    await house.settle()
    // The cards are as before; the words that said so stay.
    const cards = home.messages.filter(({ message }) => show(message).includes('Alert '))
    expect(cards.length).toBeGreaterThan(0)
    expect(cards.map(({ message }) => show(message)).join()).not.toContain('nobody asked us')
  }, 40_000)

  test('a message of Slack goes into the timeline by a reaction, once and with its own time', async () => {
    const text = 'their night desk picks up at once'
    const { message } = (await slack.control('/message', { ...asBob, text })) as {
      message: { ts: string }
    }
    for (const user of [slackPeople.bob, slackPeople.bob]) {
      const reaction = { channel: slackDesk, ts: message.ts, user, name: 'memo' }
      await slack.control('/reaction', { ...reaction, present: true })
      await slack.control('/reaction', { ...reaction, present: false })
    }
    await expect.poll(() => say('timeline acme'), soon).toContain(text)
    await expect.poll(inSlack, soon).toContain('Noted for')
    expect((await say('timeline acme')).split(text)).toHaveLength(2)
    const [line] = await house.store.readTimeline('acme', { limit: 1 })
    expect(line).toMatchObject({ at: Math.floor(Number(message.ts)), kind: 'note' })
  }, 20_000)

  test('posts are taken and handed over; the sitrep says who, how much, and what waits', async () => {
    expect(await say('sitrep acme')).toContain('Without a lead')
    await say('post take lead acme')
    await slack.type('post take lead acme', asBob)
    await say(`post give scribe slack:${slackPeople.bob} case:acme the log is whole up to here`)
    await house.settle()
    await expect.poll(inSlack, soon).toContain('Bob is scribe')
    const told = await say('sitrep acme')
    for (const text of ['Ann, since', 'Bob, since', '99 ETH', 'Conditions', 'Needs']) {
      expect(told).toContain(text)
    }
    // What Beta may not see of Gamma is not in its sums.
    await slack.type('sitrep acme', asBob)
    await expect.poll(inSlack, soon).toContain('70 ETH')
    expect(await inSlack()).not.toContain('99 ETH')
  }, 30_000)

  test('what was held is returned, and the drill is in no figures', async () => {
    await slack.type(`freeze return ${freezeOf('beta').id} all to the victim`, asBob)
    await run('freeze return', { freeze: freezeOf('gamma').id, amount: 'all' })
    await house.settle()
    const board = await say('freeze board')
    expect(board).toMatch(/Returned +99 ETH/)
    expect(await say('freeze answers')).toContain('drills do not count')
    expect(house.log).toEqual([])
  }, 40_000)
})
