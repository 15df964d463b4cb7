import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { endSilences } from '#src/upkeep/endSilences.ts'
import { escalate } from '#src/upkeep/escalate.ts'
import { lapseAcks } from '#src/upkeep/lapseAcks.ts'
import { tellDigests } from '#src/upkeep/tellDigests.ts'
import { type Anvil, hasAnvil, startAnvil } from '#test/support/anvil.ts'
import { startLiveHouse } from '#test/support/liveHouse.ts'
import type { Message } from '#types/message.ts'
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

/** The clock of the people, in Unix seconds: it stands still unless a test moves it. */
const begin = 1_700_000_600

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

/** Posse with its loops, and everything that is said in its one channel. */
async function startHouse(anvil: Anvil, file: string) {
  const chat = createMemoryChat({ name: 'terminal' })
  const clock = { now: begin }
  const house = await startLiveHouse({ anvil, file, chats: [chat], labels, now: () => clock.now })
  return { ...house, chat, clock }
}

type House = Awaited<ReturnType<typeof startHouse>>

/** As the terminal shows it, at a width that a page holds. */
function show(message: Message): string {
  return renderText(message, { width: 110, colours: false, timeZone: 'UTC' })
}

describe.runIf(hasAnvil)('a whole incident in one channel', () => {
  let anvil: Anvil
  let folder: string
  let house: House
  /** Messages that were read already. */
  const read = new Map<string, number>()

  beforeAll(async () => {
    anvil = await startAnvil()
    folder = mkdtempSync(join(tmpdir(), 'posse-'))
    house = await startHouse(anvil, join(folder, 'incident.sqlite'))
  })

  afterAll(async () => {
    await house.stop()
    await anvil.stop()
    rmSync(folder, { recursive: true })
  })

  async function say(text: string): Promise<string> {
    return show(await house.chat.say(text))
  }

  /** What came into the channel since it was last read, and cards that have changed. */
  async function listen(): Promise<string> {
    await house.settle()
    // What says how sure it is, a terminal leaves out.
    const fresh = house.chat.messages.filter(
      ({ ref, edits, message }) => read.get(ref) !== edits && !message.isQuiet,
    )
    const shown = fresh.map(({ ref, edits, message }) => {
      const mark = read.has(ref) ? 'edited: ' : ''
      read.set(ref, edits)
      return mark + show(message)
    })
    return shown.join('\n\n')
  }

  test('open: a case by the transaction of its theft', async () => {
    await anvil.endow(friend, eth('1000'))
    const theft = await anvil.pay(friend, thief, eth('500'))
    await anvil.mine()
    expect(await say(`case open "Acme wallet" ${thief}=600ETH@${theft}`)).toMatchSnapshot()
    expect(await say(`case open "Acme wallet" ${thief}=500ETH@${theft}`)).toMatchSnapshot()
    expect(await say(`case open "Acme wallet" ${thief}=1ETH`)).toMatchSnapshot()
    expect(await say('case list')).toMatchSnapshot()
    expect(await say('subscribe acme-wallet -moved min:1ETH')).toMatchSnapshot()
    expect(await say('unsubscribe *')).toMatchSnapshot()
    expect(await say('subscriptions')).toMatchSnapshot()
  })

  test('watch: alerts as the money moves', async () => {
    await anvil.pay(thief, mule, eth('300'))
    await anvil.mine()
    await anvil.pay(mule, market, eth('120'))
    await anvil.pay(thief, second, eth('100'))
    await anvil.mine()
    await anvil.pay(second, friend, eth('40'))
    await anvil.mine()
    expect(await listen()).toMatchSnapshot()
    expect(await say('status')).toMatchSnapshot()
    expect(await say('trail acme-wallet')).toMatchSnapshot()
  })

  test('look up: addresses, a transaction, and what nobody knows', async () => {
    expect(await say(`lookup https://etherscan.io/address/${second}`)).toMatchSnapshot()
    expect(await say(`lookup ${market}, ${address('9')}`)).toMatchSnapshot()
    const [hop] = await house.store.findHops('acme-wallet', { payee: market }, { limit: 1 })
    expect(await say(`lookup ${hop?.transaction}`)).toMatchSnapshot()
  })

  test('flag: it counts from the theft on, and what was told wrongly is corrected', async () => {
    expect(
      await say(`flag ${second} exchange "Beta hot wallet" their desk says so sure:90%`),
    ).toMatchSnapshot()
    expect(await listen()).toMatchSnapshot()
    expect(await say('status')).toMatchSnapshot()
    expect(await say(`lookup ${second}`)).toMatchSnapshot()
    expect(await say(`lookup ${friend}`)).toMatchSnapshot()
  })

  test('correct: the flag was wrong, and history that nobody watched is read again', async () => {
    await anvil.pay(second, mule, eth('20'))
    await anvil.mine()
    await house.settle()
    expect(await say(`unflag ${second} another wallet was meant`)).toMatchSnapshot()
    expect(await listen()).toMatchSnapshot()
    expect(await say('status')).toMatchSnapshot()
    expect(await say(`lookup ${second}`)).toMatchSnapshot()
  })

  test('acknowledge: somebody looks after it, somebody else takes over', async () => {
    expect(await say('ack')).toMatchSnapshot()
    expect(await say('alerts')).toMatchSnapshot()
    const [waiting] = await house.store.findAlerts({ caseId: 'acme-wallet' }, { limit: 1 })
    expect(waiting).toBeDefined()
    expect(await say('ack 00000000')).toMatchSnapshot()
    expect(await say('ack for:2h')).toMatchSnapshot()
    expect(await listen()).toMatchSnapshot()
  })

  test('silence: recorded and counted, and told when it is over', async () => {
    expect(await say('silence splitt for:1h the thief shuffles')).toMatchSnapshot()
    expect(await say('silence all for:1h the thief shuffles')).toMatchSnapshot()
    await anvil.pay(thief, address('4'), eth('50'))
    await anvil.mine()
    expect(await listen()).toBe('')
    expect(await say('silences')).toMatchSnapshot()
    house.clock.now += 3_600
    await endSilences(house.context)
    expect(await listen()).toMatchSnapshot()
  })

  test('escalate: a red alert that nobody looks after, and one whose time is over', async () => {
    // Long after the first deposit: this is another card.
    await anvil.pay(mule, market, eth('30'))
    const { timestamp } = await anvil.client.getBlock()
    await anvil.client.setNextBlockTimestamp({ timestamp: timestamp + 600n })
    await anvil.mine()
    expect(await listen()).toMatchSnapshot()
    house.clock.now += 301
    await escalate(house.context)
    await escalate(house.context)
    expect(await listen()).toMatchSnapshot()
    house.clock.now += 3_600
    await lapseAcks(house.context)
    await lapseAcks(house.context)
    expect(await listen()).toMatchSnapshot()
  })

  test('note, timeline, digest, audit', async () => {
    expect(
      await say('note @everyone <!channel> *their* desk answers until 18:00'),
    ).toMatchSnapshot()
    expect(await say('timeline')).toMatchSnapshot()
    house.clock.now += 86_400
    await tellDigests(house.context, 'daily')
    expect(await listen()).toMatchSnapshot()
    // The hash is of references too, which are made by chance.
    const answer = (await say('audit 5')).replaceAll(/[0-9a-f]{16}/g, 'HASH')
    expect(answer).toMatchSnapshot()
  })

  test('close: nothing is followed any more, and reopened it goes on where it was', async () => {
    expect(await say('case close acme-wallet all of it is held')).toMatchSnapshot()
    expect(await say('case close acme-wallet')).toMatchSnapshot()
    await anvil.pay(thief, address('5'), eth('10'))
    await anvil.mine()
    expect(house.chat.messages.filter(({ ref }) => !read.has(ref))).toEqual([])
    expect(await say('case reopen acme-wallet')).toMatchSnapshot()
    expect(await listen()).toMatchSnapshot()
    expect(house.log).toEqual([])
  })
})
