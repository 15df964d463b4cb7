import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther as eth } from 'viem'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { rules } from '#config/rules.ts'
import { handOver, watchContacts } from '#src/upkeep/watchContacts.ts'
import { watchFreezes } from '#src/upkeep/watchFreezes.ts'
import { type Anvil, hasAnvil, startAnvil } from '#test/support/anvil.ts'
import { startLiveHouse } from '#test/support/liveHouse.ts'
import type { House } from '#types/houseRules.ts'
import { indexLabels } from '#utils/indexLabels.ts'

const address = (digit: string): string => `0x${digit.repeat(40)}`
const [thief, listed, wallet, customer, flagged, friend] = ['a', 'e', 'f', '1', '2', '3'].map(
  address,
) as [string, string, string, string, string, string]
const label = (of: string, name: string, kind: string) => ({
  ...{ address: of, name, kind, source: 'a list', date: '2023-11-01' },
  ...{ confidence: 0.9, isStale: false },
})
const people: House = {
  organizations: [
    { id: 'beta', name: 'Beta' },
    { id: 'gamma', name: 'Gamma' },
  ],
  members: [
    { account: 'terminal', name: 'Ann', role: 'admin', organization: null },
    { account: 'slack:bob', name: 'Bob', role: 'lead', organization: 'beta' },
    { account: 'discord:cid', name: 'Cid', role: 'lead', organization: 'gamma' },
  ],
  routes: [],
  feeds: [],
}
const begin = 1_700_000_600
const day = 86_400

describe.runIf(hasAnvil)('freezes among rivals, on a real node', () => {
  let anvil: Anvil
  let folder: string
  let house: Awaited<ReturnType<typeof startLiveHouse>>
  let clock: { now: number }
  let home: ReturnType<typeof createMemoryChat>
  let beta: ReturnType<typeof createMemoryChat>

  beforeEach(async () => {
    anvil = await startAnvil()
    folder = mkdtempSync(join(tmpdir(), 'posse-'))
    clock = { now: begin }
    await start()
  })

  afterEach(async () => {
    expect(house.log).toEqual([])
    await house.stop()
    await anvil.stop()
    rmSync(folder, { recursive: true })
  })

  async function start(): Promise<void> {
    home = createMemoryChat({ name: 'terminal' })
    const { home: _own, ...bare } = createMemoryChat({ name: 'slack' })
    beta = bare as typeof home
    house = await startLiveHouse({
      ...{ anvil, file: join(folder, 'rivals.sqlite'), chats: [home, beta] },
      labels: indexLabels([
        label(listed, 'Beta 7', 'exchange'),
        label(wallet, 'Beta 8', 'exchange'),
      ]),
      freeze: {
        ...rules.freeze,
        preApprove: { confidence: 0.7, certainty: 1, leastPerMillion: 10_000n },
      },
      ...{ house: people, now: () => clock.now },
    })
  }

  const show = (message: Parameters<typeof renderText>[0]) =>
    renderText(message, { width: 200, colours: false, timeZone: 'UTC' })
  const say = async (text: string, id = 'terminal') => show(await home.say(text, { id, name: id }))
  const seen = (chat: typeof home) => chat.messages.map(({ message }) => show(message)).join('\n')
  const freezes = () => [...house.context.standing.freeze.values()]

  async function steal(): Promise<void> {
    await anvil.endow(friend, eth('1000'))
    const theft = await anvil.pay(friend, thief, eth('500'))
    await anvil.mine()
    await say(`case open "Acme" ${thief}=500ETH@${theft}`)
  }

  async function pay(from: string, to: string, amount: string): Promise<void> {
    await anvil.pay(from, to, eth(amount))
    await anvil.mine()
    await house.settle()
  }

  test('a rival cannot take over the requests of another, name itself after it, or verify itself', async () => {
    await say('org add beta channels:slack')
    const before = structuredClone(house.context.standing.organization)
    for (const text of [
      'org add beta channels:discord',
      'org add gamma aliases:beta',
      'org add gamma "Beta"',
      'org add beta2 "Beta" exchange',
      'org verify gamma',
      'org contacts beta add freeze account:discord:cid',
      'org roster beta daily 00:00-24:00 UTC',
    ]) {
      expect(await say(text, 'discord:cid')).toContain('is not yours to say of')
    }
    expect(house.context.standing.organization).toEqual(before)
    expect(await say('org add gamma channels:discord', 'discord:cid')).toContain('discord')
  })

  test('what one organization is asked and answers, another neither hears nor reads', async () => {
    await say('org add beta channels:slack')
    await say('org add gamma channels:terminal:gamma')
    home.say('subscribe *', { id: 'discord:cid', name: 'Cid' }, 'terminal:gamma')
    await steal()
    await pay(thief, listed, '100')
    const { id } = freezes()[0] ?? { id: '' }
    await say(`freeze hold ${id} all`, 'slack:bob')
    await house.settle()
    const inGamma = home.messages.filter(({ place }) => place.channel === 'terminal:gamma')
    const heard = inGamma.map(({ message }) => show(message)).join('\n')
    // It sees that the money arrived there, as everybody who sees the case.
    expect(heard).toContain('100 ETH reached the exchange Beta 7')
    expect(heard).not.toContain(id)
    for (const text of [
      'freeze board acme',
      'timeline acme',
      `freeze status ${id}`,
      'status acme',
    ]) {
      const reply = await say(text, 'discord:cid')
      // What was typed is repeated.
      expect(reply.replace(`"${id}"`, '')).not.toMatch(new RegExp(`${id}|Beta holds`))
    }
    expect(await say('timeline acme')).toContain(`Freeze ${id}: Beta holds 100 ETH`)
  })

  test('who opened a case cannot answer for others; who asked cannot approve', async () => {
    await say('org add beta channels:slack')
    await anvil.endow(friend, eth('1000'))
    const theft = await anvil.pay(friend, thief, eth('500'))
    await anvil.mine()
    await say(`case open "Acme" ${thief}=500ETH@${theft}`, 'discord:cid')
    await pay(thief, flagged, '1')
    await say(`freeze request ${flagged} beta memo:470475839`, 'discord:cid')
    const [freeze] = freezes()
    expect(freeze?.tag).toBe('470475839')
    expect(await say(`freeze approve ${freeze?.id}`, 'discord:cid')).toContain('a second person')
    await say(`freeze approve ${freeze?.id}`)
    await house.settle()
    expect(seen(beta)).toContain('470475839')
    expect(await say(`freeze hold ${freeze?.id} all`, 'discord:cid')).toContain('somebody of Beta')
    expect(await say(`freeze hold ${freeze?.id} all`)).toContain('Beta holds 1 ETH')
  })

  test('the rule sends what a list says, and nothing that rests on a flag alone', async () => {
    await say('org add beta channels:slack')
    await steal()
    await say(`flag ${flagged} deposit "Beta" sure:100%`, 'discord:cid')
    await pay(thief, flagged, '100')
    expect(freezes().map(({ stage }) => stage)).toEqual(['drafted'])
    await pay(thief, listed, '100')
    expect(
      freezes()
        .map(({ stage }) => stage)
        .sort(),
    ).toEqual(['delivered', 'drafted'])
    expect(seen(beta)).toContain('Please hold 100 ETH')
    // Too little for the rule: a person decides.
    await say('org add beta aliases:other')
    await say(`flag ${friend} exchange "Nobody"`)
    expect(freezes()).toHaveLength(2)
  })

  test('a customer is known by the first sweep, in one block or several, and nothing counts twice', async () => {
    await say('org add beta channels:slack')
    await steal()
    await pay(thief, customer, '100')
    expect(freezes()).toEqual([])
    // Two sweeps in one block, then a third, then new money.
    await anvil.pay(customer, wallet, eth('30'))
    await anvil.pay(customer, wallet, eth('20'))
    await anvil.mine()
    await house.settle()
    const [freeze] = freezes()
    expect(freeze).toMatchObject({ address: customer, grounds: { kind: 'learned' } })
    const arrived = () => freezes()[0]?.arrivals.reduce((sum, { amount }) => sum + amount, 0n) ?? 0n
    // All but what the sweeps cost in gas.
    expect(arrived()).toBeLessThanOrEqual(eth('100'))
    expect(arrived()).toBeGreaterThan(eth('99.99'))
    const before = arrived()
    await pay(customer, wallet, '40')
    expect(arrived()).toBe(before)
    await pay(thief, customer, '50')
    expect(arrived()).toBe(before + eth('50'))
    expect(freezes()).toHaveLength(1)
    // Worked out again from the theft it is the same.
    const was = structuredClone(freezes())
    await say(`flag ${flagged} exchange "Nobody"`)
    await say(`flag ${listed} dex "Nobody"`)
    await pay(thief, flagged, '1')
    await say(`unflag ${flagged}`)
    await house.settle()
    expect(freezes()).toEqual(was)
    // Who pays others is no customer that only its exchange empties.
    await pay(customer, friend, '1')
    expect(house.context.standing.deposit.size).toBe(0)
  })

  test('killed between approval and delivery: delivered once at the next start', async () => {
    await say('org add beta channels:slack')
    await steal()
    beta.post = async () => {
      throw new Error('down')
    }
    await anvil.pay(thief, listed, eth('100'))
    await anvil.mine()
    await expect
      .poll(() => freezes().map(({ stage }) => stage), { timeout: 10_000 })
      .toEqual(['approved'])
    house.log.splice(0)
    await house.stop()
    await start()
    clock.now += 600
    house.context.outbox.ring()
    await expect
      .poll(() => freezes().map(({ stage }) => stage), { timeout: 10_000 })
      .toEqual(['delivered'])
    await house.settle()
    expect(seen(beta).match(/Please hold 100 ETH/g)).toHaveLength(1)
  })

  test('a reorganization takes the arrival back, tells the desk, and no answer is lost', async () => {
    await say('org add beta channels:slack')
    await steal()
    const snapshot = await anvil.client.snapshot()
    await pay(thief, listed, '100')
    await say(`freeze hold ${freezes()[0]?.id} all`, 'slack:bob')
    await anvil.client.revert({ id: snapshot })
    await anvil.client.mine({ blocks: 3 })
    await house.settle()
    expect(seen(beta)).toContain('withdrawn, Beta need not hold anything')
    await pay(thief, listed, '100')
    expect(await say(`freeze status ${freezes()[0]?.id}`)).toContain('Beta holds 100 ETH')
    expect(freezes()).toHaveLength(1)
  })

  test('a label that was wrong: whoever was asked in vain is told, and the right one is asked', async () => {
    await say('org add beta channels:slack')
    await steal()
    await pay(thief, listed, '100')
    expect(seen(beta)).toContain('Please hold 100 ETH')
    await say(`flag ${listed} exchange "Gamma" their desk says so`)
    await house.settle()
    expect(seen(beta)).toContain('withdrawn, Beta need not hold anything')
    expect(
      freezes()
        .map(({ organization, stage }) => [organization, stage])
        .sort(),
    ).toEqual([
      ['beta', 'delivered'],
      ['gamma', 'drafted'],
    ])
    await say(`unflag ${listed} it is theirs after all`)
    await house.settle()
    const [ours] = freezes().filter(({ organization }) => organization === 'beta')
    expect(await say(`freeze hold ${ours?.id} all`, 'slack:bob')).toContain('100 ETH')
    expect(freezes()).toHaveLength(2)
  })

  test('nobody answers: desk, contacts, the organization behind, the house, each once', async () => {
    await say('org add gamma channels:terminal:gamma')
    await say('org add beta channels:slack fallback:gamma')
    await say('org contacts beta add freeze account:slack:bob')
    await steal()
    await pay(thief, listed, '100')
    const called = () =>
      [...home.messages, ...beta.messages].filter(({ message }) =>
        show(message).includes('No answer for'),
      ).length
    clock.now += 9 * 60
    await watchFreezes(house.context)
    await house.settle()
    expect(called()).toBe(0)
    const counts: number[] = []
    for (const minutes of [2, 10, 10, 10, 60]) {
      clock.now += minutes * 60
      await watchFreezes(house.context)
      await watchFreezes(house.context)
      await house.settle()
      counts.push(called())
    }
    expect(counts).toEqual([1, 2, 3, 4, 4])
    await say(`freeze seen ${freezes()[0]?.id}`, 'slack:bob')
    await house.settle()
    clock.now += 29 * 60
    await watchFreezes(house.context)
    await house.settle()
    expect(called()).toBe(4)
  })

  test('contacts are asked, answer by a button, and are stale loudly when they do not', async () => {
    await steal()
    await say('org add beta channels:slack')
    await say('org contacts beta add freeze account:slack:bob')
    clock.now += 30 * day
    await watchContacts(house.context)
    await watchContacts(house.context)
    await house.settle()
    const asked = beta.messages.filter(({ message }) => show(message).includes('Are you still'))
    expect(asked).toHaveLength(1)
    const [button] = asked[0]?.message.actions ?? []
    await say(button?.command ?? '', 'slack:bob')
    clock.now += 59 * day
    await watchContacts(house.context)
    await house.settle()
    expect(seen(home)).not.toContain('Stale contact')
    clock.now += day
    await watchContacts(house.context)
    await watchContacts(house.context)
    await house.settle()
    expect(seen(home).match(/Stale contact/g)).toHaveLength(1)
    expect(await say('org contacts gamma confirm', 'discord:cid')).toContain('is no contact of')
  })

  test('who comes on duty is told what waits, once for each shift', async () => {
    await say('org add beta channels:slack')
    // The clock stands at 22:23 UTC.
    await say('org roster beta daily 22:00-23:00 UTC', 'slack:bob')
    await steal()
    await pay(thief, listed, '100')
    await handOver(house.context)
    clock.now += 600
    await handOver(house.context)
    await house.settle()
    expect(seen(beta).match(/You are on duty for Beta: 1 open freeze/g)).toHaveLength(1)
    expect(await say('org oncall')).toMatch(/Beta +Bob slack:bob/)
    expect(await say('org oncall')).toMatch(/Gamma +nobody/)
    clock.now += day
    await handOver(house.context)
    await house.settle()
    expect(seen(beta).match(/You are on duty for Beta/g)).toHaveLength(2)
  })
})
