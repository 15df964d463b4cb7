import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { commands } from '#commands/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import type { Context } from '#src/context.ts'
import { createDesk } from '#src/createDesk.ts'
import { runChain, tellRest } from '#src/runChain.ts'
import { runCommand } from '#src/runCommand.ts'
import { endSilences } from '#src/upkeep/endSilences.ts'
import { escalate } from '#src/upkeep/escalate.ts'
import { bareRules, caseOf } from '#test/support/followRows.ts'
import { growBlocks } from '#test/support/growBlocks.ts'
import { createScriptedChain } from '#test/support/scriptedChain.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { Transaction } from '#types/chain.ts'
import type { Chat } from '#types/chat.ts'
import type { House } from '#types/houseRules.ts'
import { handleOf } from '#utils/handleOf.ts'

const asset = ethereum.native.id
const [thief, mule, next] = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(40)}`) as [
  string,
  string,
  string,
]
const begin = 1_700_000_600

const house: House = {
  organizations: [
    { id: 'acme', name: 'Acme' },
    { id: 'beta', name: 'Beta' },
  ],
  members: [
    { account: 'terminal', name: 'Ann', role: 'admin', organization: null },
    { account: 'slack:U1', name: 'Bob', role: 'responder', organization: 'acme' },
    { account: 'slack:U2', name: 'Cho', role: 'lead', organization: 'acme' },
  ],
  routes: [],
  feeds: [],
}

let context: Context
let chat: ReturnType<typeof createMemoryChat>
let deliver: () => Promise<void>
let now: number

function pay(number: number, from: string, to: string, amount: bigint): Transaction {
  return { hash: `0x${number}`, transfers: [{ position: 'v', from, to, asset, amount }] }
}

/** The thief pays the mule in block 1, who pays on in blocks 3, 4 and 5. */
const blocks = growBlocks([], {
  to: 6,
  transactionsOf: (number) =>
    number === 1
      ? [pay(1, thief, mule, 60n)]
      : number >= 3 && number <= 5
        ? [pay(number, mule, next, 5n)]
        : [],
})

async function follow(to: number, given = blocks): Promise<void> {
  const known = given.filter(({ number }) => number <= to)
  const cases = [...context.cases.values()]
  const { signal } = new AbortController()
  await runChain(context, createScriptedChain([{ blocks: known }]), { cases, signal })
  await deliver()
}

beforeEach(async () => {
  now = begin
  chat = createMemoryChat({ name: 'terminal' })
  const threaded: Chat = { ...chat, hasThreads: true }
  const theft = { ...caseOf([{ address: thief, amount: 100n }]), followAfter: 0 }
  const made = await createTestContext({
    cases: [theft],
    chats: [threaded],
    house,
    rules: { ...bareRules, escalation: [{ afterMinutes: 5, channel: null }] },
    now: () => now,
  })
  ;({ context, deliver } = made)
})

const say = async (text: string, id = 'terminal') => {
  const call = { text, user: { id, name: id }, channel: 'terminal' }
  const reply = await runCommand(context, commands, call)
  await deliver()
  return renderText(reply, { width: 120, colours: false, timeZone: 'UTC' })
}

const card = () => chat.messages[0]
const labels = () => card()?.message.actions?.map(({ label }) => label)
const handle = () => handleOf(chatAlert())
const chatAlert = () => [...(context.cases.get('test')?.told.keys() ?? [])][0] ?? ''

describe('a card and its buttons', () => {
  test('behavior: two press at once: one outcome, and one explanation', async () => {
    await follow(1)
    expect(labels()).toEqual(['Acknowledge', 'Silence 1 h', 'Look up', 'Flag', 'Not relevant'])
    const [button] = card()?.message.actions ?? []
    const both = await Promise.all([
      say(button?.command ?? '', 'slack:U1'),
      say(button?.command ?? '', 'slack:U2'),
    ])
    expect(both.filter((text) => text.includes('Bob looks after alert'))).toHaveLength(1)
    expect(both.find((text) => text.includes('You did not get'))).toContain(
      'Bob looks after it already',
    )
    expect(JSON.stringify(card()?.message)).toContain('acknowledged by ')
    expect(labels()?.[0]).toBe('Take over')
    // Whoever has it may press once more.
    expect(await say(button?.command ?? '', 'slack:U1')).toContain('Bob looks after alert')
  })

  test('behavior: every press looks at the rights of whoever presses', async () => {
    await follow(1)
    const [button] = card()?.message.actions ?? []
    expect(await say(button?.command ?? '', 'slack:U9')).toContain('Only members may ask that.')
    expect(context.standing.ack.size).toBe(0)
  })

  test('behavior: what is not relevant calls nobody, until somebody takes it over', async () => {
    await follow(1)
    expect(await say(`dismiss ${handle()} our own sweep`)).toContain('is not relevant, says Ann')
    expect(labels()).toEqual(['Take over', 'Silence 1 h', 'Look up', 'Flag'])
    expect(JSON.stringify(card()?.message)).toContain(', not relevant, says ')
    now += 3_600
    const before = chat.messages.length
    await escalate(context)
    await deliver()
    expect(chat.messages.length).toBe(before)
    expect(await say(`ack ${handle()} if:free`, 'slack:U1')).toContain(
      'Ann has said that it is not relevant',
    )
    await say(`ack ${handle()}`, 'slack:U1')
    expect(labels()).toContain('Not relevant')
  })

  test('behavior: a silence takes its button away, and gives it back when it is over', async () => {
    await follow(1)
    const silence = card()?.message.actions?.find(({ label }) => label === 'Silence 1 h')
    await say(silence?.command ?? '')
    expect(labels()).not.toContain('Silence 1 h')
    expect(JSON.stringify(card()?.message)).toContain('"Silenced"')
    now += 3_601
    await endSilences(context)
    await deliver()
    expect(labels()).toContain('Silence 1 h')
  })

  test('behavior: a button with too little asks for the rest, in a form where there is one', async () => {
    await follow(1)
    const flag = card()?.message.actions?.find(({ label }) => label === 'Flag')
    const call = {
      text: flag?.command ?? '',
      user: { id: 'terminal', name: '' },
      channel: 'terminal',
    }
    const reply = await runCommand(context, commands, call)
    expect(reply.missing).toEqual({ command: 'flag', given: { address: mule } })
    const given = {
      address: mule,
      kind: 'exchange',
      name: 'Acme "hot"; wallet',
      note: 'case:x says so',
    }
    const done = await runCommand(context, commands, { ...call, text: 'flag', given })
    expect(JSON.stringify(done)).toContain('Acme \\"hot\\"; wallet')
    const [entry] = await context.store.readAudit({ limit: 1 })
    expect(entry?.text).toBe(
      `flag address:${mule} kind:exchange name:"Acme 'hot'; wallet" note:"case:x says so"`,
    )
    const wrong = await runCommand(context, commands, {
      ...call,
      text: 'flag',
      given: { ...given, kind: 'exchang' },
    })
    expect(wrong.fault).toBe('kind')
  })

  test('behavior: a retraction takes the buttons away', async () => {
    await follow(1)
    const other = growBlocks([], { to: 2, branch: 'b' })
    const cases = [...context.cases.values()]
    const { signal } = new AbortController()
    await runChain(context, createScriptedChain([{ blocks: other }]), { cases, signal })
    await deliver()
    expect(JSON.stringify(card()?.message.title)).toContain('retracted')
    expect(card()?.message.actions).toBeUndefined()
    expect(await say(`ack ${handleOf(`test:eip155:1:0x1:v:moved`)}`)).toContain(
      'nothing to look after',
    )
  })

  test('behavior: the hops behind a card stand under it, on a page that grows', async () => {
    context.rules = { ...context.rules, retellMinutes: 1, foldMinutes: 1 }
    await follow(6)
    const cases = [...context.cases.values()]
    await tellRest(context, cases)
    await deliver()
    const pages = chat.messages.filter(({ message }) =>
      JSON.stringify(message.title).includes('behind this card'),
    )
    expect(pages.length).toBeGreaterThan(0)
    const [page] = pages
    expect(page?.place.thread).toBeDefined()
    const table = page?.message.sections.find(({ type }) => type === 'table')
    const rows = table?.type === 'table' ? table.rows : []
    expect(rows.length).toBeGreaterThan(1)
  })
})

describe('the hops behind a card', () => {
  test('behavior: more than a page holds go on the next one, none left out', async () => {
    context.rules = { ...context.rules, burstHops: 1_000 }
    const many = growBlocks([], {
      to: 60,
      transactionsOf: (number) =>
        number === 1
          ? [pay(1, thief, mule, 60n)]
          : number <= 52
            ? [pay(number, mule, next, 1n)]
            : [],
    })
    await follow(60, many)
    await tellRest(context, [...context.cases.values()])
    await deliver()
    await deliver()
    const rows = (await context.store.readHops('test')).filter(({ to }) => to === next)
    expect(rows).toHaveLength(51)
    const pages = chat.messages.flatMap(({ message: { title, sections } }) => {
      const [table] = sections
      return table?.type === 'table' && JSON.stringify(title).includes('behind this card')
        ? [{ title, rows: table.rows.length }]
        : []
    })
    expect(pages).toContainEqual({ title: 'Hops 1 to 40 behind this card', rows: 40 })
    const shown = pages.reduce((sum, page) => sum + page.rows, 0)
    expect(shown).toBeGreaterThanOrEqual(51)
  })
})

describe('the home page', () => {
  test('behavior: shows open cases, and what waits for whoever looks', async () => {
    await follow(1)
    await say(`ack ${handle()}`, 'slack:U1')
    const desk = createDesk(context, commands)
    const text = async (account: string) =>
      renderText(await desk.home(account), { width: 120, colours: false, timeZone: 'UTC' })
    expect(await text('slack:U1')).toMatchInlineSnapshot(`
      "·  0 red alerts without anybody
         You look after  case  until it lapses
         ──────────────  ────  ───────────────
         21c0a4c0        test  1 h left

         Open case  name        theft                    block
         ─────────  ──────────  ───────────────────────  ─────
         test       Test theft  2023-11-14 22:13:20 UTC  1"
    `)
    expect(await text('slack:U9')).toMatchInlineSnapshot(`
      "Posse follows stolen funds
        All else is for members. Ask for access in any channel: /posse access request"
    `)
  })
})
