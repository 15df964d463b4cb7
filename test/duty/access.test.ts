import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { commands } from '#commands/index.ts'
import type { Context } from '#src/context.ts'
import { runCommand } from '#src/runCommand.ts'
import { caseOf } from '#test/support/followRows.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { House } from '#types/houseRules.ts'
import { findMember } from '#utils/findMember.ts'

const house: House = {
  organizations: [
    { id: 'acme', name: 'Acme' },
    { id: 'beta', name: 'Beta' },
  ],
  members: [
    { account: 'terminal', name: 'Ann', role: 'admin', organization: null },
    { account: 'slack:U2', name: 'Cho', role: 'lead', organization: 'acme' },
    { account: 'slack:U3', name: 'Dan', role: 'responder', organization: 'acme' },
    { account: 'slack:U4', name: 'Eli', role: 'lead', organization: 'beta' },
  ],
  routes: [],
  feeds: [],
}

let context: Context
let chat: ReturnType<typeof createMemoryChat>
let deliver: () => Promise<void>

beforeEach(async () => {
  chat = createMemoryChat({ name: 'terminal' })
  const made = await createTestContext({
    cases: [caseOf([])],
    chat,
    house,
    now: () => 1_700_000_000,
  })
  ;({ context, deliver } = made)
})

const say = async (text: string, id = 'terminal', name = id) => {
  const reply = await runCommand(context, commands, {
    text,
    user: { id, name },
    channel: 'terminal',
  })
  await deliver()
  return renderText(reply, { width: 110, colours: false, timeZone: 'UTC' })
}

const cards = () =>
  chat.messages.map(({ message }) =>
    renderText(message, { width: 110, colours: false, timeZone: 'UTC' }),
  )

describe('being let in', () => {
  test('behavior: a stranger asks, the house sees one card, and a lead of the organization decides', async () => {
    expect(
      await say('access request acme night desk, ask Cho', 'slack:U9', '@everyone'),
    ).toMatchInlineSnapshot(`
      "Your request waits for an answer
        You are told here as soon as somebody has decided."
    `)
    await say('access request acme night desk, ask Cho please', 'slack:U9', '@everyone')
    expect(cards()).toMatchInlineSnapshot(`
      [
        "!  Somebody asks for access: @everyone
         Account       slack:U9
         Organization  acme
         Why           night desk, ask Cho please
         Asked         2 times",
      ]
    `)
    expect(await say('status', 'slack:U9')).toContain('Only members may ask that.')
    expect(await say('access list', 'slack:U4')).toContain('Nobody asks for access')
    expect(await say('access approve slack:U9 responder', 'slack:U4')).toMatchInlineSnapshot(`
      "!  No request of the account "slack:U9" waits for you.
         Nobody waits."
    `)
    expect(await say('access approve slack:U9 lead', 'slack:U2')).toMatchInlineSnapshot(`
      "!  You cannot make somebody of "acme" a lead.
         A lead lets in viewers and responders of the own organization; ask an admin."
    `)
    expect(await say('access approve slack:U9 responder', 'slack:U3')).toContain('it takes a lead')
    expect(await say('access approve slack:U9 responder', 'slack:U2')).toContain('is responder now')
    expect(findMember(context, 'slack:U9')).toMatchObject({
      role: 'responder',
      organization: 'acme',
    })
    expect(cards()).toMatchInlineSnapshot(`
      [
        "·  @everyone: let in as responder by Cho
         Account  slack:U9",
      ]
    `)
    expect(await say('whois slack:U9', 'slack:U3')).toMatchInlineSnapshot(`
      "@everyone is a responder of the house
        Account       slack:U9
        Organization  Acme"
    `)
    const outcomes = (await context.store.readAudit({ limit: 50 })).map(
      ({ text, outcome }) => `${text}: ${outcome}`,
    )
    expect(outcomes).toContain('access approve slack:U9 responder: done')
  })

  test('behavior: one person on two platforms: what is taken from one account is taken from both', async () => {
    await say('access request acme the same as:slack:U3', 'discord:77', 'dan')
    expect(cards()[0]).toContain('Dan, responder: ask them there before you approve')
    await say('access approve discord:77', 'slack:U2')
    expect(findMember(context, 'discord:77')).toMatchObject({ name: 'Dan', role: 'responder' })
    context.house = {
      ...house,
      members: house.members.filter(({ account }) => account !== 'slack:U3'),
    }
    expect(findMember(context, 'discord:77')).toBeNull()
  })

  test('behavior: who was turned down may ask again; members need not ask', async () => {
    await say('access request beta let me in', 'slack:U9')
    expect(await say('access decline slack:U9', 'slack:U4')).toContain('Turned down')
    expect(await say('access decline slack:U9', 'slack:U4')).toContain('waits for you')
    expect(await say('access request beta again', 'slack:U9')).toContain('waits for an answer')
    expect(await say('access request acme me', 'slack:U3')).toContain('is a responder already')
  })

  test('behavior: strangers cannot fill the house', async () => {
    for (let at = 0; at < 200; at += 1) await say('access request acme me', `slack:X${at}`)
    expect(await say('access request acme me', 'slack:X999')).toContain('Too many requests')
    expect(context.standing.access.size).toBe(200)
  })
})
