import { beforeAll, describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { commands } from '#commands/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { completeCommand } from '#src/command/completeCommand.ts'
import { optionsOf } from '#src/command/optionsOf.ts'
import { createDesk } from '#src/createDesk.ts'
import { decide } from '#src/decide.ts'
import { runChain, tellRest } from '#src/runChain.ts'
import { runCommand } from '#src/runCommand.ts'
import { viewerOf } from '#src/sharing/maySee.ts'
import { scopeContext } from '#src/sharing/scopeContext.ts'
import { tellCases } from '#src/tellCases.ts'
import { endSilences } from '#src/upkeep/endSilences.ts'
import { escalate } from '#src/upkeep/escalate.ts'
import { lapseAcks } from '#src/upkeep/lapseAcks.ts'
import { refreshFeed } from '#src/upkeep/refreshFeed.ts'
import { tellDigests } from '#src/upkeep/tellDigests.ts'
import { tellSitreps } from '#src/upkeep/tellSitreps.ts'
import { bareRules, caseOf } from '#test/support/followRows.ts'
import { cutBlocks, growBlocks } from '#test/support/growBlocks.ts'
import { createScriptedChain } from '#test/support/scriptedChain.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { Case } from '#types/case.ts'
import type { Transaction } from '#types/chain.ts'
import type { EvidenceOffice } from '#types/evidence.ts'
import type { House } from '#types/houseRules.ts'
import { handleOf } from '#utils/handleOf.ts'
import { makeKeyPair, signText } from '#utils/signature.ts'

const asset = ethereum.native.id
const at = (digit: string) => `0x${digit.repeat(40)}`
const [thief, mule, shop] = [at('a'), at('b'), at('c')]
const [robber, runner, fence, stash] = [at('d'), at('e'), at('f'), at('9')]
const begin = 1_700_006_400
const hash = (number: number) => `0x${String(number).padStart(64, '0')}`

const house: House = {
  organizations: [
    { id: 'acme', name: 'Acme', channels: ['memory:acme'] },
    { id: 'beta', name: 'Beta', channels: ['memory:beta'] },
  ],
  members: [
    { account: 'terminal', name: 'Ann', role: 'admin', organization: null },
    { account: 'slack:A1', name: 'Ada', role: 'lead', organization: 'acme' },
    { account: 'slack:B1', name: 'Bob', role: 'lead', organization: 'beta' },
    { account: 'slack:B2', name: 'Bea', role: 'viewer', organization: 'beta' },
    { account: 'memory:B3', name: 'Ben', role: 'responder', organization: 'beta' },
  ],
  routes: [],
  feeds: [
    {
      name: 'list',
      from: { file: 'x' },
      format: 'ofac',
      kind: 'sanctioned',
      source: 'A list',
      confidence: 1,
      staleAfterDays: 9_999,
      schedule: '0 6 * * *',
      incident: null,
    },
  ],
}

function pay(number: number, from: string, to: string, amount: bigint): Transaction {
  return { hash: hash(number), transfers: [{ position: 'v', from, to, asset, amount }] }
}

/** Both thefts are on the chain in both houses; they meet at the mule and at the shop. */
const blocks = growBlocks([], {
  to: 9,
  transactionsOf: (number) =>
    ({
      1: [pay(1, thief, mule, 60n), pay(101, robber, runner, 600n)],
      2: [pay(2, mule, shop, 20n), pay(102, runner, fence, 300n), pay(103, runner, mule, 50n)],
      4: [pay(4, mule, shop, 5n), pay(104, fence, shop, 100n), pay(105, fence, stash, 100n)],
      6: [pay(6, mule, shop, 5n), pay(106, stash, shop, 90n)],
      7: [pay(7, mule, stash, 7n)],
    })[number] ?? [],
})

const open = { ...caseOf([{ address: thief, amount: 100n }]), followAfter: 0 }
const secret: Case = {
  ...caseOf([{ address: robber, amount: 1_000n }]),
  id: 'secret',
  name: 'Secret robbery',
  followAfter: 0,
}

const pair = makeKeyPair()
const office: EvidenceOffice = {
  key: pair.publicKey,
  sign: (text) => signText(pair.privateKey, text),
  keep: async () => 'kept',
  printPdf: async ({ title }) => Buffer.from(title),
}

/** A house with the open case, and with the hidden one of acme or without it. */
async function build({ hasSecret }: { hasSecret: boolean }) {
  const clock = { now: begin }
  const chat = createMemoryChat()
  const reader = createScriptedChain([{ blocks }])
  await reader.waitForHead({ signal: new AbortController().signal })
  const made = await createTestContext({
    evidence: office,
    follower: {
      readerOf: () => reader,
      chains: () => [],
      start: () => undefined,
      stop: async () => undefined,
    },
    cases: hasSecret ? [secret, open] : [open],
    chats: [{ ...chat, hasThreads: true }],
    house,
    rules: {
      ...bareRules,
      foldMinutes: 1,
      retellMinutes: 1,
      escalation: [
        { afterMinutes: 5, channel: null },
        { afterMinutes: 10, channel: 'memory:beta' },
      ],
    },
    now: () => clock.now,
  })
  const { context, deliver } = made
  const ada = { account: 'slack:A1', name: 'Ada', organization: 'acme', at: begin }
  if (hasSecret) {
    const value = { caseId: 'secret', case: secret, state: 'open', by: ada } as const
    const mark = { subject: 'case:secret', tlp: 'RED', named: [], by: ada } as const
    await decide(context, () => ({
      standing: [
        { kind: 'case', key: 'secret', value },
        { kind: 'mark', key: 'case:secret', value: mark },
      ],
      result: undefined,
    }))
  }
  const say = async (text: string, user: string, channel: string) => {
    clock.now += 1
    const call = { text, user: { id: user, name: user }, channel }
    const reply = await runCommand(context, commands, call)
    await deliver()
    return reply
  }
  const follow = async (to: number) => {
    const reader = createScriptedChain([{ blocks: cutBlocks(blocks, to) }])
    const cases = [...context.cases.values()]
    await runChain(context, reader, { cases, signal: new AbortController().signal })
    await deliver()
  }
  return { ...made, chat, clock, say, follow, hasSecret }
}

type Built = Awaited<ReturnType<typeof build>>

/** What happens in both houses; only in one of them is there something to say of the hidden case. */
async function live(built: Built): Promise<void> {
  const { context, clock, say, follow, deliver, hasSecret } = built
  const aside = async (text: string) => {
    const before = clock.now
    if (hasSecret) {
      const { title } = await say(text, 'slack:A1', 'memory:acme')
      expect([text, JSON.stringify(title)]).not.toContain('There is no')
    }
    clock.now = before + 1
  }
  await say('subscribe *', 'slack:B1', 'memory:beta')
  await say('subscribe *', 'memory:B3', 'memory:@B3')
  await say('subscribe *', 'slack:B1', 'memory:loose')
  await say('settings digest:hourly', 'slack:B1', 'memory:beta')
  await say('subscribe *', 'slack:A1', 'memory:acme')
  await aside('subscribe secret')
  await follow(2)
  const handles = secretHandles(built)
  if (hasSecret) expect(handles.length).toBeGreaterThan(0)
  await aside(`ack ${handles[0]} for:1m`)
  await aside(`flag ${fence} exchange "Fence & sons" tlp:RED they keep it`)
  await aside(`flag ${shop} thief "Our man" tlp:RED sure:99% seen there`)
  await aside('silence all for:2m case:secret quiet')
  await aside('note the robber wears a hat case:secret')
  await follow(6)
  // Drafted, and not to be sent to beta before beta may know of the case.
  await aside(`freeze request ${stash} beta case:secret it is theirs`)
  await aside(`dispute open ${stash} case:secret it was bought`)
  await aside(`correct ${shop} 40% the source was wrong before`)
  await aside('post take lead secret')
  const before = clock.now
  for (const { id, stage } of [...context.standing.freeze.values()]) {
    const reply = await say(`freeze approve ${id}`, 'terminal', 'memory')
    expect(JSON.stringify(reply)).toContain('is not shared with \\"beta\\"')
    expect(stage).toBe('drafted')
  }
  clock.now = before
  const cases = [...context.cases.values()]
  const message = { title: 'Nobody is watching', severity: 'red' as const, sections: [] }
  await tellCases(context, cases, { what: 'blind', revision: 1, message })
  const rows = [fence, mule].map((address) => ({ address, name: 'Listed', kind: 'sanctioned' }))
  const [feed] = house.feeds
  if (feed) await refreshFeed(context, feed, { read: async () => rows })
  await follow(9)
  await tellRest(context, cases)
  for (const minutes of [3, 6, 11, 61]) {
    clock.now = begin + minutes * 60
    await endSilences(context)
    await lapseAcks(context)
    await escalate(context)
    await tellDigests(context, 'hourly')
    await tellSitreps(context)
    await deliver()
  }
  await tellDigests(context, 'daily')
  await deliver()
}

function secretHandles({ context }: Built): string[] {
  return [...(context.cases.get('secret')?.told.keys() ?? [])].map(handleOf)
}

/** Channels that people of beta read. */
const readByBeta = ['memory:beta', 'memory:@B3', 'memory:loose']

function heardIn({ chat }: Built, channels: readonly string[]): string {
  return chat.messages
    .filter(({ place }) => channels.includes(place.channel))
    .map(({ message, edits, place }) =>
      JSON.stringify({ message, edits, ...place, thread: undefined }),
    )
    .join('\n')
}

const scrub = (reply: unknown) =>
  JSON.stringify(reply).replace(/reference [0-9a-f]{8}/g, 'reference')

let bare: Built
let full: Built

beforeAll(async () => {
  bare = await build({ hasSecret: false })
  full = await build({ hasSecret: true })
  await live(bare)
  await live(full)
}, 60_000)

/** What stands in the hidden case, as somebody could have heard of it. */
function words(): string[] {
  const flags = [...full.context.standing.flag.keys()]
  const silences = [...full.context.standing.silence.keys()]
  return [
    ...['secret', 'SECRET', 'test', '*', 'all', 'acme', 'slack:A1', '0', 'list'],
    ...[robber, runner, fence, stash, mule, shop],
    ...[hash(101), hash(104), hash(106)],
    ...secretHandles(full),
    ...[...(full.context.cases.get('test')?.told.keys() ?? [])].map(handleOf).slice(0, 2),
    ...flags,
    ...silences,
    ...full.context.standing.freeze.keys(),
  ]
}

/** Lines that name each of the words in each option of a command, all else being right. */
function linesOf(): string[] {
  const good = new Map([
    ...[
      ['address', at('8')],
      ['kind', 'thief'],
      ['case', 'test'],
      ['account', 'slack:U1'],
    ],
    ...[
      ['role', 'viewer'],
      ['name', 'Ann'],
      ['what', 'all'],
      ['tlp', 'RED'],
      ['why', 'so'],
    ],
    ...[
      ['sources', `${at('8')}=1ETH`],
      ['organization', 'beta'],
      ['feed', 'list'],
    ],
    ...[
      ['text', 'hello'],
      ['subjects', mule],
      ['alert', '00000000'],
      ['act', 'see'],
      ['amount', 'all'],
      ['reason', 'other'],
    ],
  ] as [string, string][])
  return commands.flatMap((command) => {
    const options = optionsOf(command)
    const plain = options.flatMap(({ key, isRequired, form, values }) =>
      isRequired && form !== 'tag' ? (good.get(key) ?? values[0] ?? 'x') : [],
    )
    const lines = options.flatMap((option) =>
      words().map((word) => {
        const typed = options.flatMap(({ key, word: tag, isRequired, form, values }) => {
          const value = key === option.key ? word : (good.get(key) ?? values[0] ?? 'x')
          if (form === 'tag') return key === option.key ? `${tag}:${value}` : []
          return isRequired || key === option.key ? value : (good.get(key) ?? [])
        })
        return [command.name, ...typed].join(' ')
      }),
    )
    return [command.name, [command.name, ...plain].join(' '), ...lines]
  })
}

describe('two houses that differ in a case marked RED', () => {
  test('the hidden case is there, and acme hears of it', () => {
    expect(heardIn(full, ['memory:acme'])).toContain('Secret robbery')
    expect(heardIn(full, ['memory:acme'])).toContain('TLP:RED')
    expect(heardIn(full, ['memory'])).toContain('Fence & sons')
    expect(heardIn(bare, readByBeta)).toContain('Test theft')
    expect(heardIn(bare, readByBeta)).toContain('digest')
  })

  test('what was posted where beta reads is the same in both', () => {
    expect(heardIn(full, readByBeta)).toBe(heardIn(bare, readByBeta))
  })

  test('nothing of it was even decided to be told there', async () => {
    const posted = await full.context.store.findPosted('secret')
    expect(posted.length).toBeGreaterThan(5)
    expect(posted.filter(({ channel }) => readByBeta.includes(channel))).toEqual([])
  })

  test('the audit log shows beta the lines of its own people', async () => {
    const [first, second] = [
      await bare.say('audit 50', 'slack:B1', 'memory:beta'),
      await full.say('audit 50', 'slack:B1', 'memory:beta'),
    ]
    expect(scrub(first)).toContain('settings digest:hourly')
    expect(scrub(first)).not.toContain('slack:A1')
    expect(scrub(second)).toBe(scrub(first))
    const all = [bare, full].map(({ say }) => say('audit 50', 'terminal', 'memory'))
    expect(scrub((await Promise.all(all))[1])).toContain('subscribe secret')
  })

  test('evidence and addresses of the open case say nothing of the hidden one', async () => {
    const [first, second] = await Promise.all(
      [bare, full].map(async ({ say }) => [
        await say(`evidence test ${shop}`, 'slack:B1', 'memory:beta'),
        await say('case addresses test', 'slack:B1', 'memory:beta'),
      ]),
    )
    expect(first?.flatMap(({ files = [] }) => files).length).toBe(5)
    expect(second).toEqual(first)
  })

  test('people of beta change nothing that acme has said', async () => {
    for (const line of [`correct ${shop} 10% no`, `unflag ${shop} no`]) {
      const replies = [bare, full].map(({ say }) => say(line, 'slack:B1', 'memory:beta'))
      const [first, second] = await Promise.all(replies)
      expect(scrub(second)).toBe(scrub(first))
    }
    const flags = [...full.context.standing.flag.values()].filter(({ address }) => address === shop)
    expect(flags.map(({ confidence, withdrawn }) => [confidence, withdrawn])).toEqual([[0.4, null]])
  })

  test('the home page and every completion are the same in both', async () => {
    const desks = [bare, full].map(({ context }) => createDesk(context, commands))
    const typed = ['', 's', 'se', '0x', '0xd', '0xf', '0x9', ...words()]
    for (const account of ['slack:B1', 'slack:B2', 'memory:B3', 'slack:X9']) {
      const [without, with_] = await Promise.all(desks.map((desk) => desk.home(account)))
      expect(with_).toEqual(without)
      for (const command of commands) {
        for (const { word } of optionsOf(command)) {
          for (const text of typed) {
            const asked = { account, command: command.name, word, typed: text }
            const [first, second] = await Promise.all(desks.map((desk) => desk.complete(asked)))
            expect([command.name, word, text, second]).toEqual([command.name, word, text, first])
          }
        }
      }
      const member = house.members.find((each) => each.account === account) ?? null
      for (const text of commands.map(({ name }) => `${name} s`)) {
        const [first, second] = await Promise.all(
          [bare, full].map(({ context }) => {
            const scoped = scopeContext(context, [viewerOf({ member })])
            return completeCommand(scoped, commands, { text, member })
          }),
        )
        expect([text, second]).toEqual([text, first])
      }
    }
  }, 120_000)

  test('every command with every option answers beta the same in both, and changes nothing for acme', async () => {
    const lines = linesOf()
    expect(lines.length).toBeGreaterThan(1_000)
    for (const [user, channel] of [
      ['slack:B2', 'memory:beta'],
      ['slack:B1', 'memory:beta'],
      ['slack:B1', 'memory:loose'],
    ] as const) {
      for (const line of lines) {
        const [first, second] = [
          await bare.say(line, user, channel),
          await full.say(line, user, channel),
        ]
        expect(`${user} ${line}\n${scrub(second)}`).toBe(`${user} ${line}\n${scrub(first)}`)
      }
    }
    expect(heardIn(full, readByBeta)).toBe(heardIn(bare, readByBeta))
    const { standing } = full.context
    expect(standing.mark.get('case:secret')).toMatchObject({ tlp: 'RED', named: [] })
    expect(standing.subscription.has('memory:acme secret')).toBe(true)
    const timeline = await full.context.store.readTimeline('secret', { limit: 1_000 })
    // What beta says of an address openly counts there too; all else is refused as if there were no such case.
    const byBeta = timeline.filter(({ by }) => by?.organization === 'beta')
    expect(byBeta.filter(({ key }) => !/^(?:un)?flag:/.test(key))).toEqual([])
  }, 300_000)

  test('the house answers in a channel of beta what beta may see', async () => {
    const lines = linesOf().filter((line) =>
      commands.some(
        ({ name, answersIn, role }) =>
          answersIn === 'channel' && role !== 'admin' && line.startsWith(`${name} `),
      ),
    )
    for (const line of lines) {
      const [first, second] = [
        await bare.say(line, 'terminal', 'memory:beta'),
        await full.say(line, 'terminal', 'memory:beta'),
      ]
      if (first.visibility !== 'channel' && second.visibility !== 'channel') continue
      expect(`${line}\n${scrub(second)}`).toBe(`${line}\n${scrub(first)}`)
    }
    expect(heardIn(full, readByBeta)).toBe(heardIn(bare, readByBeta))
  }, 300_000)
})
