import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther as eth } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { watchFreezes } from '#src/upkeep/watchFreezes.ts'
import { type Anvil, hasAnvil, startAnvil } from '#test/support/anvil.ts'
import { startLiveHouse } from '#test/support/liveHouse.ts'
import type { House } from '#types/houseRules.ts'
import { indexLabels } from '#utils/indexLabels.ts'
import { makeKeyPair, signText } from '#utils/signature.ts'

const address = (digit: string): string => `0x${digit.repeat(40)}`
const [thief, deposit, other, friend] = ['a', 'e', '2', '3'].map(address) as [
  string,
  string,
  string,
  string,
]
const label = (of: string, name: string) => ({
  ...{ address: of, name, kind: 'deposit', source: 'a list', date: '2023-11-01' },
  ...{ confidence: 0.9, isStale: false },
})
const people: House = {
  organizations: [],
  members: [
    { account: 'terminal', name: 'Ann', role: 'admin', organization: null },
    { account: 'slack:bob', name: 'Bob', role: 'lead', organization: 'beta' },
    { account: 'discord:cid', name: 'Cid', role: 'responder', organization: 'gamma' },
    { account: 'slack:dee', name: 'Dee', role: 'lead', organization: null },
  ],
  routes: [],
  feeds: [],
}

describe.runIf(hasAnvil)('a freeze between organizations on a real node', () => {
  let anvil: Anvil
  let folder: string
  let house: Awaited<ReturnType<typeof startLiveHouse>>
  const clock = { now: 1_700_000_600 }
  const home = createMemoryChat({ name: 'terminal' })
  // Channels of others, which hear of nothing that they have not asked for.
  const { home: _beta, ...beta } = createMemoryChat({ name: 'slack' })
  const { home: _gamma, ...gamma } = createMemoryChat({ name: 'discord' })
  const bob = { id: 'slack:bob', name: 'Bob' }
  const cid = { id: 'discord:cid', name: 'Cid' }

  beforeAll(async () => {
    anvil = await startAnvil()
    folder = mkdtempSync(join(tmpdir(), 'posse-'))
    house = await startLiveHouse({
      ...{ anvil, file: join(folder, 'freeze.sqlite'), chats: [home, beta, gamma] },
      labels: indexLabels([label(deposit, 'Beta 7'), label(other, 'Gamma: deposit')]),
      ...{ house: people, now: () => clock.now },
    })
  })

  afterAll(async () => {
    await house.stop()
    await anvil.stop()
    rmSync(folder, { recursive: true })
  })

  const show = (message: Parameters<typeof renderText>[0]) =>
    renderText(message, { width: 200, colours: false, timeZone: 'UTC' })
  const say = async (text: string) => show(await home.say(text))
  const ask = async (chat: typeof beta, user: { id: string; name: string }, text: string) =>
    show(await chat.say(text, user))
  const seen = (chat: typeof beta) => chat.messages.map(({ message }) => show(message)).join('\n')
  const freezeOf = (organization: string) =>
    [...house.context.standing.freeze.values()].find((each) => each.organization === organization)!

  test('organizations are added, and verified by what their key signs', async () => {
    const { privateKey, publicKey } = makeKeyPair()
    await say(`org add beta "Beta" exchange channels:slack key:${publicKey} a signed order`)
    await say('org add gamma "Gamma" exchange channels:discord')
    const shown = await say('org verify beta')
    const text = /posse-organization:beta:[0-9a-f]+/.exec(shown)?.[0] ?? ''
    const forged = signText(makeKeyPair().privateKey, text)
    expect(await say(`org verify beta ${forged}`)).toContain('no signature of the nonce')
    const right = `org verify beta ${signText(privateKey, text)}`
    // Twice the same person is one person.
    for (let times = 0; times < 2; times += 1) {
      expect(await say(right)).toContain('A second lead must ask for the same')
    }
    expect(house.context.standing.organization.get('beta')?.verified).toBeNull()
    expect(await ask(home, { id: 'slack:dee', name: 'Dee' }, right)).toContain('Beta is verified')
    expect(await say(`org verify beta ${signText(privateKey, text)}`)).toContain('no signature')
    expect(await say('org show beta')).toContain('a signed order')
  })

  test('what arrives is drafted in its block, approved by a lead, and delivered to its desk alone', async () => {
    await anvil.endow(friend, eth('1000'))
    const theft = await anvil.pay(friend, thief, eth('500'))
    await anvil.mine()
    await say(`case open "Acme" ${thief}=500ETH@${theft}`)
    await anvil.pay(thief, deposit, eth('100'))
    await anvil.mine()
    await house.settle()
    expect(seen(home)).toContain('100 ETH at Beta waits for approval')
    expect(seen(beta)).not.toContain('Please hold')
    expect(await ask(beta, bob, `freeze status ${freezeOf('beta').id}`)).toContain('no freeze')
    await say(`freeze approve ${freezeOf('beta').id}`)
    await house.settle()
    expect(seen(beta)).toContain('Please hold 100 ETH, stolen in the theft Acme')
    expect(seen(gamma)).not.toContain('Beta')
    expect(freezeOf('beta').stage).toBe('delivered')
  })

  test('the desk answers; another organization cannot; what moves on is drafted where it went', async () => {
    const { id } = freezeOf('beta')
    expect(await ask(gamma, cid, `freeze hold ${id} all`)).toContain(`There is no freeze "${id}"`)
    expect(await ask(beta, bob, `freeze hold ${id} 101ETH`)).toContain('100 ETH at most')
    expect(await ask(beta, bob, `freeze seen ${id}`)).toContain('seen, by Bob (beta)')
    expect(await ask(beta, bob, `freeze hold ${id} 70ETH`)).toContain(
      'Beta holds 70 ETH of 100 ETH',
    )
    await anvil.pay(deposit, other, eth('30'))
    await anvil.mine()
    await house.settle()
    expect(seen(home)).toContain('Beta holds 70 ETH')
    expect(seen(home)).toContain('30 ETH at Gamma waits for approval')
    await say(`freeze approve ${freezeOf('gamma').id}`)
    await house.settle()
    await ask(
      gamma,
      cid,
      `freeze decline ${freezeOf('gamma').id} disputes-attribution not our wallet`,
    )
    await house.settle()
    expect(seen(home)).toContain('Gamma declines: disputes-attribution')
    expect(seen(gamma)).not.toContain('Beta holds')
  })

  test('a wrong label is corrected: within one organization nothing has left it', async () => {
    const shown = async () => await say(`freeze status ${freezeOf('beta').id}`)
    await say(`flag ${other} deposit "Beta" their desk says so`)
    await house.settle()
    expect(await shown()).toContain('Beta holds 70 ETH of 100 ETH')
    await say(`unflag ${other} it was another`)
    await house.settle()
    expect(await shown()).toContain('30 ETH: to 0x2222')
    // Declined is declined: nobody is asked the same again.
    expect(await say(`freeze status ${freezeOf('gamma').id}`)).toContain('Gamma declines')
    expect(house.context.standing.freeze.size).toBe(2)
  })

  test('a hold that nobody renews is called out, then over, and everybody hears of it', async () => {
    clock.now += 29 * 86_400
    await watchFreezes(house.context)
    await watchFreezes(house.context)
    await house.settle()
    expect(seen(beta).match(/renew it, or it is over/g)).toHaveLength(1)
    clock.now += 86_400
    await watchFreezes(house.context)
    await house.settle()
    expect(seen(beta)).toContain('the hold of Beta is over')
    const { id } = freezeOf('beta')
    await ask(beta, bob, `freeze hold ${id} all`)
    expect(await ask(beta, bob, `freeze release ${id}`)).toContain('A second lead must ask')
    expect(await ask(gamma, cid, `freeze release ${id}`)).toContain('lead')
    expect(freezeOf('beta').stage).toBe('holding')
    await ask(beta, bob, `freeze return ${id} all to the victim`)
    await house.settle()
    expect(await say('freeze board')).toMatch(/Returned +70 ETH/)
    expect(house.log).toEqual([])
  })
})
