import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { commands } from '#commands/index.ts'
import { optionsOf } from '#src/command/optionsOf.ts'
import type { Context } from '#src/context.ts'
import { runCommand } from '#src/runCommand.ts'
import { caseOf } from '#test/support/followRows.ts'
import { createTestContext } from '#test/support/testContext.ts'
import { hasUnsafeCharacters } from '#utils/plainText.ts'

const thief = `0x${'a1'.repeat(20)}`
const user = { id: 'terminal', name: 'Ann' }

let context: Context
let log: string[]

beforeAll(async () => {
  const made = await createTestContext({ cases: [caseOf([{ address: thief, amount: 100n }])] })
  ;({ context, log } = made)
})

/** What no option of any command takes: each is wrong whatever is asked for. */
const nonsense = fc.oneof(
  fc.constantFrom(
    ...['0x12', `0x${'z'.repeat(40)}`, `${thief}00`, `0x098b716B8Aaf21512996dC57EB0615e2383E2f96`],
    ...['-1', '1e9', 'NaN', '%', '101%', '0%', '9999999999999'],
    ...['__proto__', 'constructor', 'toString', 'nowhere', '*/*', '../../etc/passwd'],
    ...["'; drop table audit; --", '{{x}}', '<!channel>', '@everyone', '<@U1>'],
    ...[
      '\u202eevil',
      'a\u200bb',
      '\u001b[2J',
      '\u0000',
      '\ud800',
      '​',
      '“',
      '"open',
      "'",
      ':',
      '::',
      'min:',
      'for:',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
)

/** What options take, so that only the one in question is wrong. */
const good = new Map([
  ['address', `0x${'b2'.repeat(20)}`],
  ['kind', 'exchange'],
  ['case', 'test'],
  ['account', 'slack:U1'],
  ['role', 'viewer'],
  ['tlp', 'RED'],
  ['name', 'Ann'],
  ['what', 'all'],
  ['sources', `${thief}=1ETH`],
])

/** Everything that a command may change. */
async function stateOf({ standing, cases, store }: Context) {
  return structuredClone({
    standing,
    cases: [...cases.values()].map(({ trail, told, head }) => ({ trail, told, head })),
    timeline: await store.readTimeline('test', { limit: 1_000 }),
    deliveries: await store.countDeliveries(),
  })
}

async function say(text: string) {
  return await runCommand(context, commands, { text, user, channel: 'memory' })
}

/** Names of commands that change nothing whatever they are asked. */
const readers = new Set(
  commands.filter(({ role }) => role === 'viewer' || role === 'anyone').map(({ name }) => name),
)

describe('every command with what it cannot take', () => {
  test.each(
    commands.map(({ name }) => [name]),
  )('%s: nonsense in any option is one sentence and changes nothing', async (name) => {
    const command = commands.find((each) => each.name === name)
    if (!command) throw new Error('It is in the list.')
    const options = optionsOf(command)
    await fc.assert(
      fc.asyncProperty(
        fc.array(nonsense, { minLength: 1, maxLength: options.length + 2 }),
        async (words) => {
          const before = await stateOf(context)
          const reply = await say(`${name} ${words.join(' ')}`)
          const shown = renderText(reply, { width: 100, colours: false, timeZone: 'UTC' })
          expect(shown.replaceAll('\n', '')).not.toSatisfy(hasUnsafeCharacters)
          expect(shown).not.toContain('Something went wrong')
          if (reply.severity !== 'amber') return
          // A refusal is a sentence with a hint at most, and nothing has changed.
          expect(String(reply.title)).toMatch(/\.$/)
          expect(reply.sections.length).toBeLessThanOrEqual(1)
          expect(await stateOf(context)).toEqual(before)
        },
      ),
      { numRuns: 40, endOnFailure: true },
    )
    expect(log).toEqual([])
  }, 60_000)

  test('every option of every command refuses what it cannot be, with its value in quotes', async () => {
    const sentences: string[] = []
    // What nonsense happened to be a name is no organization here.
    context.standing.organization.clear()
    for (const command of commands) {
      for (const option of optionsOf(command)) {
        if (option.form === 'text') continue
        const words = optionsOf(command).flatMap((each) => {
          const word = each.key === option.key ? '%%%' : (good.get(each.key) ?? 'x')
          if (each.form === 'tag') return each.key === option.key ? `${each.word}:${word}` : []
          return each.isRequired || each.key === option.key ? word : (good.get(each.key) ?? [])
        })
        const reply = await say([command.name, ...words].join(' '))
        sentences.push(
          `${command.name} ${option.word}: ${renderText(reply, { width: 200, colours: false, timeZone: 'UTC' }).split('\n').slice(0, 2).join(' ')}`,
        )
      }
    }
    expect(sentences).toMatchSnapshot()
  })

  test('people without a role are told the same whatever they ask', async () => {
    const before = await stateOf(context)
    const answers = new Set<string>()
    let asked = 0
    const closed = commands.filter(({ role }) => role !== 'anyone')
    for (const text of [
      ...closed.map(({ example }) => example.replace('/posse ', '')),
      'nothing of the kind',
      'case show test',
      'case show nowhere',
      `lookup ${thief}`,
    ]) {
      // Each of them asks once: more than some an hour would be told something else.
      asked += 1
      const user = { id: `slack:U9${asked}`, name: '@everyone' }
      const reply = await runCommand(context, commands, { text, user, channel: 'memory' })
      answers.add(JSON.stringify(reply).replaceAll(user.id, 'ID'))
    }
    expect([...answers]).toHaveLength(1)
    expect(await stateOf(context)).toEqual(before)
  })

  test('a viewer may look and change nothing, and is told the same whether a thing exists or not', async () => {
    const viewer = { id: 'slack:U8', name: 'Vic' }
    context.standing.member.set('slack:U8', {
      account: 'slack:U8',
      name: 'Vic',
      role: 'viewer',
      organization: null,
    })
    const before = await stateOf(context)
    for (const { name, example } of commands) {
      const text = example.replace('/posse ', '')
      const reply = await runCommand(context, commands, { text, user: viewer, channel: 'memory' })
      if (!readers.has(name)) expect(String(reply.title)).toMatch(/^You may not do that here/)
    }
    const close = async (id: string) =>
      JSON.stringify(
        await runCommand(context, commands, {
          text: `case close ${id}`,
          user: viewer,
          channel: 'memory',
        }),
      )
    expect(await close('test')).toBe(await close('nowhere'))
    expect(await stateOf(context)).toEqual(before)
  })
})
