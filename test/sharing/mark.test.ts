import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { commands } from '#commands/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import type { Context } from '#src/context.ts'
import { runChain } from '#src/runChain.ts'
import { runCommand } from '#src/runCommand.ts'
import { bareRules, caseOf } from '#test/support/followRows.ts'
import { cutBlocks, growBlocks } from '#test/support/growBlocks.ts'
import { createScriptedChain } from '#test/support/scriptedChain.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { House } from '#types/houseRules.ts'

const asset = ethereum.native.id
const [thief, mule, shop] = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(40)}`) as [
  string,
  string,
  string,
]
const theft = { ...caseOf([{ address: thief, amount: 100n }]), followAfter: 0 }
const house: House = {
  organizations: [
    { id: 'acme', name: 'Acme', channels: ['memory:acme'] },
    { id: 'beta', name: 'Beta', channels: ['memory:beta'] },
  ],
  members: [
    { account: 'terminal', name: 'Ann', role: 'admin', organization: null },
    { account: 'slack:A1', name: 'Ada', role: 'lead', organization: 'acme' },
    { account: 'slack:B1', name: 'Bob', role: 'lead', organization: 'beta' },
  ],
  routes: [],
  feeds: [],
}

const blocks = growBlocks([], {
  to: 4,
  transactionsOf: (number) => {
    const parties = { 1: [thief, mule, 60n], 3: [mule, shop, 30n] } as const
    const found = parties[number as 1 | 3]
    if (!found) return []
    const [from, to, amount] = found
    return [{ hash: `0x${number}`, transfers: [{ position: 'v', from, to, asset, amount }] }]
  },
})

let context: Context
let chat: ReturnType<typeof createMemoryChat>
let deliver: () => Promise<void>
let now: number

beforeEach(async () => {
  now = 1_700_000_600
  chat = createMemoryChat()
  const rules = { ...bareRules, foldMinutes: 1, retellMinutes: 1 }
  const made = await createTestContext({ cases: [theft], chat, house, rules, now: () => now })
  ;({ context, deliver } = made)
})

async function say(text: string, user = 'terminal', channel = 'memory') {
  now += 1
  const call = { text, user: { id: user, name: user }, channel }
  const reply = await runCommand(context, commands, call)
  await deliver()
  const shown = renderText(reply, { width: 160, colours: false, timeZone: 'UTC' })
  return { shown, isPublic: reply.visibility === 'channel' }
}

async function follow(to: number): Promise<void> {
  const reader = createScriptedChain([{ blocks: cutBlocks(blocks, to) }])
  const cases = [...context.cases.values()]
  await runChain(context, reader, { cases, signal: new AbortController().signal })
  await deliver()
}

const titles = (channel: string) =>
  chat.messages
    .filter(({ place }) => place.channel === channel)
    .map(({ message }) => JSON.stringify(message))

describe('a mark that changes', () => {
  test('behavior: what stands where it may not be seen any more is taken out, and comes back', async () => {
    await say('subscribe *', 'slack:A1', 'memory:acme')
    await say('subscribe *', 'slack:B1', 'memory:beta')
    await follow(1)
    expect(titles('memory:beta').join()).toContain('Test theft')
    await say('mark case test AMBER acme')
    expect(titles('memory:beta')).toHaveLength(1)
    expect(titles('memory:beta')[0]).toContain('No longer shared here')
    expect(titles('memory:beta')[0]).not.toContain('Test theft')
    expect(titles('memory:acme').join()).toContain('Test theft')
    await follow(4)
    expect(titles('memory:beta')).toHaveLength(1)
    expect(titles('memory:acme').join()).toContain('TLP:AMBER')
    expect((await say('status test', 'slack:B1', 'memory:beta')).shown).toContain(
      'There is no case',
    )
    expect((await say('status test', 'slack:A1', 'memory:beta')).shown).toContain('TLP:AMBER')
    await say('mark case test GREEN')
    expect(titles('memory:beta')[0]).toContain('Test theft')
    expect((await say('status test', 'slack:B1', 'memory:beta')).shown).not.toContain('TLP')
    await say('mark case test RED')
    await say('mark case test GREEN')
    expect(titles('memory:beta')).toHaveLength(1)
  })

  test('behavior: a channel that is bound loses what its people may not see', async () => {
    await say('subscribe *', 'terminal', 'memory:room')
    await say('mark case test RED acme')
    await follow(1)
    expect(titles('memory:room').join()).toContain('Test theft')
    expect((await say('channel bind beta', 'slack:A1', 'memory:room')).shown).toContain('not yours')
    await say('channel bind beta', 'slack:B1', 'memory:room')
    expect(titles('memory:room').join()).not.toContain('Test theft')
    expect((await say('channel bind acme', 'slack:A1', 'memory:room')).shown).toContain('not yours')
    expect((await say('channel bind acme', 'slack:A1', 'memory')).shown).toContain('not yours')
  })

  test('behavior: a channel that nobody has bound shows no more than whoever subscribed may see', async () => {
    await say('mark case test RED acme')
    await say('subscribe *', 'slack:B1', 'memory:loose')
    await follow(1)
    expect(titles('memory:loose')).toEqual([])
    expect(context.standing.channel.get('memory:loose')?.organization).toBe('beta')
  })

  test('error: whose it is not, and nobody whom it could be for', async () => {
    expect((await say('mark case test RED', 'slack:B1')).shown).toContain(
      'Who may see "test" is not yours to say.',
    )
    expect((await say('mark case test RED nobody')).shown).toContain('There is no organization')
    expect((await say('mark case test GREEN acme')).shown).toContain('is for everybody')
    expect((await say('mark flag 12345678 RED')).shown).toContain('There is no flag "12345678".')
  })
})

describe('a flag', () => {
  test('behavior: one that not everybody may see counts for nothing in a case that everybody sees', async () => {
    await follow(1)
    await say(`flag ${mule} exchange "Our desk" tlp:AMBER`, 'slack:A1', 'memory:acme')
    expect(context.standing.retrace.size).toBe(0)
    expect((await say(`lookup ${mule}`, 'slack:A1')).shown).toContain('Our desk')
    expect((await say(`lookup ${mule}`, 'slack:B1')).shown).not.toContain('Our desk')
    const [id] = context.standing.flag.keys()
    await say(`mark flag ${id} GREEN`, 'slack:A1')
    expect(context.standing.retrace.size).toBe(1)
  })

  test('behavior: the coordinator stands for whoever said it, in all but the audit log', async () => {
    await follow(1)
    const { isPublic } = await say(`flag ${mule} thief as:coordinator`, 'slack:A1', 'memory:acme')
    expect(isPublic).toBe(false)
    const { shown } = await say(`lookup ${mule}`, 'slack:B1')
    expect(shown).toContain('flagged by the coordinator')
    expect(JSON.stringify([...context.standing.flag.values()])).not.toMatch(/slack:A1|Ada|acme/)
    const timeline = await context.store.readTimeline('test', { limit: 9 })
    expect(JSON.stringify(timeline)).not.toMatch(/slack:A1|Ada|acme/)
    const audit = await context.store.readAudit({ limit: 9, organization: 'acme' })
    expect(audit.map(({ name }) => name)).toContain('Ada')
  })

  test('behavior: a source of a case is no stop whatever it is called, and nothing hints at the case', async () => {
    await say('mark case test RED acme')
    const { shown } = await say(`flag ${thief} exchange "A bank"`, 'slack:B1', 'memory:beta')
    expect(shown).not.toContain('test')
    await follow(1)
    expect(await context.store.readHops('test')).toHaveLength(1)
  })
})
