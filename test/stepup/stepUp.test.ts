import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { Secret, TOTP } from 'otpauth'
import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { commands as allCommands } from '#commands/index.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { runCommand } from '#src/runCommand.ts'
import { codeOption } from '#src/stepup/codeOption.ts'
import { stepUp } from '#src/stepup/stepUp.ts'
import { createStore } from '#src/store/createStore.ts'
import { bareRules } from '#test/support/followRows.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { HouseRules } from '#types/houseRules.ts'
import type { Role } from '#types/member.ts'
import type { Reply } from '#types/message.ts'
import type { Store } from '#types/store.ts'

const member = (name: string, role: Role, account = `slack:${name}`) => ({
  ...{ account, name, role, organization: 'acme' },
})
const house = {
  organizations: [],
  members: [member('ann', 'lead'), member('bob', 'lead'), member('eve', 'responder')],
  routes: [],
  feeds: [],
}

let context: Context
let store: Store
let log: string[]
let done: string[]
const clock = { now: 0 }

const vent = defineCommand({
  name: 'vent open',
  answersIn: 'channel',
  description: 'Opens a vent.',
  role: 'responder',
  options: z.object({
    id: z.string().meta({ description: 'Which one.' }),
    code: codeOption,
    wide: z.string().default('half').meta({ description: 'How wide.', form: 'tag' }),
  }),
  example: '/posse vent open v1',
  async run(given, { id, code, wide }, call): Promise<Reply> {
    const cleared = await stepUp(given, {
      ...{ act: 'vent open', subject: id, text: `Opens the vent ${id}.`, given: { wide } },
      ...{ member: memberOf(call), code },
    })
    if (!cleared.isCleared) return cleared.reply
    done.push(`${id} ${wide}`)
    return { title: `Opened ${id}`, sections: [] }
  },
})
const commands = [vent, ...allCommands]

async function open(stepUpRule: HouseRules['stepUp'], sealingKey: Buffer | null = randomBytes(32)) {
  clock.now = 1_700_000_010
  done = []
  store = await createStore(await openSqlite(':memory:'))
  const made = await createTestContext({
    ...{ cases: [], house, store, sealingKey, now: () => clock.now },
    rules: { ...bareRules, stepUp: stepUpRule },
  })
  ;({ context, log } = made)
}

function ask(who: string, text: string, given?: Record<string, string>): Promise<Reply> {
  const user = { id: `slack:${who}`, name: who }
  return runCommand(context, commands, { text, user, channel: 'memory', ...(given && { given }) })
}

const render = (reply: Reply) =>
  renderText(reply, { width: 120, colours: false, timeZone: 'UTC' }).replaceAll(
    /\b[0-9a-f]{8}\b/g,
    'ID',
  )
const say = async (who: string, text: string) => render(await ask(who, text))

describe('second person', () => {
  beforeEach(() => open('second person'))

  test('default: another lead must do the same, by the button of the answer', async () => {
    const reply = await ask('ann', 'vent open v1')
    expect(render(reply)).toMatchInlineSnapshot(`
      "!  A second lead must ask for the same
         Opens the vent v1.

         Command   /posse vent open v1
         Asked by  ann (slack:ann)
         Until     2023-11-14 22:43:30 UTC, after that it is asked for anew
         Number    ID"
    `)
    expect(reply).toMatchObject({ visibility: 'channel', actions: [{ command: 'vent open v1' }] })
    expect(done).toEqual([])
    expect((await store.readStanding()).stepup.size).toBe(1)
    expect(await say('bob', reply.actions?.[0]?.command ?? '')).toContain('Opened v1')
    expect(done).toEqual(['v1 half'])
    expect((await store.readStanding()).stepup.size).toBe(0)
    // A clearance is used up.
    expect(await say('bob', 'vent open v1')).toContain('A second lead must')
  })

  test('behavior: neither the same person, nor one who is no lead, nor other arguments', async () => {
    await ask('ann', 'vent open v1')
    expect(await say('ann', 'vent open v1')).toContain('A second lead must')
    expect(await say('eve', 'vent open v1')).toContain('it takes a lead')
    expect(await say('bob', 'vent open v2')).toContain('A second lead must')
    expect(await say('bob', 'vent open v1 wide:all')).toContain('A second lead must')
    expect(done).toEqual([])
    expect(await say('bob', 'vent open v1')).toContain('Opened v1')
    expect(await say('ann', 'vent open v1 wide:all')).toContain('Opened v1')
    expect(done).toEqual(['v1 half', 'v1 all'])
  })

  test('behavior: two accounts of one person are one person', async () => {
    const same = (account: string, as: string) => ({ ...member('ann', 'lead', account), as })
    const [first, second] = [same('discord:1', 'slack:ann'), same('discord:2', 'discord:1')]
    await decide(context, () => ({
      standing: [first, second].map((value) => ({ kind: 'member', key: value.account, value })),
      result: undefined,
    }))
    await ask('ann', 'vent open v1')
    for (const id of ['discord:1', 'discord:2']) {
      const call = { text: 'vent open v1', user: { id, name: 'x' }, channel: 'memory' }
      expect(render(await runCommand(context, commands, call))).toContain('A second lead must')
    }
    expect(await say('bob', 'vent open v1')).toContain('Opened v1')
    const call = { text: 'vent open v1', user: { id: 'discord:2', name: 'x' }, channel: 'memory' }
    await runCommand(context, commands, call)
    expect(await say('ann', 'vent open v1')).toContain('A second lead must')
    expect(done).toHaveLength(1)
  })

  test('behavior: after 30 minutes it is asked for anew, and asking twice does not put that off', async () => {
    await ask('ann', 'vent open v1')
    clock.now += 20 * 60
    await ask('ann', 'vent open v1')
    clock.now += 10 * 60 - 1
    expect(context.standing.stepup.size).toBe(1)
    clock.now += 1
    expect(await say('bob', 'vent open v1')).toContain('A second lead must')
    clock.now += 30 * 60 - 1
    expect(await say('ann', 'vent open v1')).toContain('Opened v1')
    await ask('ann', 'vent open v1')
    clock.now += 30 * 60
    await ask('ann', 'vent open v2')
    expect([...(await store.readStanding()).stepup.values()].map(({ subject }) => subject)).toEqual(
      ['v2'],
    )
  })

  test('behavior: what was asked by somebody who is no lead any more does not count', async () => {
    await ask('ann', 'vent open v1')
    const value = member('ann', 'viewer')
    await decide(context, () => ({
      standing: [{ kind: 'member', key: value.account, value }],
      result: undefined,
    }))
    expect(await say('bob', 'vent open v1')).toContain('A second lead must')
    expect(done).toEqual([])
  })

  test('behavior: of two who come at once, one is the second and the other a first', async () => {
    await ask('ann', 'vent open v1')
    await Promise.all([ask('bob', 'vent open v1'), ask('bob', 'vent open v1')])
    expect(done).toHaveLength(1)
  })
})

test('none: a lead alone', async () => {
  await open('none')
  expect(await say('eve', 'vent open v1')).toContain('it takes a lead')
  expect(await say('ann', 'vent open v1')).toContain('Opened v1')
})

describe('totp', () => {
  beforeEach(() => open('totp'))

  const codeOf = (secret: string, seconds = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({
      timestamp: (clock.now + seconds) * 1000,
    })
  const wrongFor = (secret: string) => {
    const near = [-60, -30, 0, 30, 60].map((seconds) => codeOf(secret, seconds))
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find(
      (code) => !near.includes(code),
    )
  }

  async function enroll(who = 'ann', tag = ''): Promise<string> {
    const reply = await ask(who, `totp enroll${tag}`)
    expect(reply.visibility).toBe('private')
    const secret = /Secret +(\w+)/.exec(render(reply))?.[1]
    if (!secret) throw new Error(render(reply))
    return secret
  }

  async function enrolled(who = 'ann'): Promise<string> {
    const secret = await enroll(who)
    expect(await say(who, `totp confirm ${codeOf(secret)}`)).toContain('counts from now on')
    clock.now += 30
    return secret
  }

  test('default: a code of a confirmed secret clears, once each', async () => {
    expect(await say('ann', 'vent open v1')).toMatchInlineSnapshot(`
      "!  "vent open" takes a code of yours.
         Send it again with code: and the six digits that your authenticator shows."
    `)
    expect(await say('ann', 'vent open v1 code:123456')).toMatchInlineSnapshot(`
      "!  The account "slack:ann" has no authenticator here.
         Enroll one with /posse totp enroll."
    `)
    const secret = await enroll()
    const code = codeOf(secret)
    expect(await say('ann', `vent open v1 code:${code}`)).toContain('has no authenticator')
    expect(await say('ann', `totp confirm ${code.slice(0, 3)} ${code.slice(3)}`)).toContain(
      'counts from now on',
    )
    // The code that confirmed it is used up.
    expect(await say('ann', `vent open v1 code:${code}`)).toMatchInlineSnapshot(`
      "!  That code was used already; nothing was done.
         Wait half a minute for the next one: each counts once."
    `)
    clock.now += 30
    expect(await say('ann', `vent open v1 code:${codeOf(secret)}`)).toContain('Opened v1')
    expect(await say('ann', `vent open v1 code:${codeOf(secret)}`)).toContain('used already')
    clock.now += 30
    // Nor one of a step before.
    expect(await say('ann', `vent open v1 code:${codeOf(secret, -30)}`)).toContain('used already')
    expect(await say('ann', `vent open v1 code:${codeOf(secret, 30)}`)).toContain('Opened v1')
    expect(await say('ann', `vent open v1 code:${codeOf(secret)}`)).toContain('used already')
    expect(done).toHaveLength(2)
  })

  test('behavior: a code too old or too early is wrong, and one of somebody else', async () => {
    const [ann] = [await enrolled('ann'), await enrolled('bob')]
    for (const seconds of [-90, 90]) {
      expect(await say('ann', `vent open v1 code:${codeOf(ann, seconds)}`)).toContain('is wrong')
    }
    expect(await say('bob', `vent open v1 code:${codeOf(ann)}`)).toContain('is wrong')
    expect(done).toEqual([])
  })

  test('behavior: what is used up stays so over a restart, and the secret is sealed', async () => {
    const secret = await enrolled()
    const code = codeOf(secret)
    await ask('ann', `vent open v1 code:${code}`)
    const saved = await store.readStanding()
    expect(JSON.stringify([...saved.totp.values()])).not.toContain(secret)
    context.standing.totp.clear()
    for (const [key, value] of saved.totp) context.standing.totp.set(key, value)
    expect(await say('ann', `vent open v1 code:${code}`)).toContain('used already')
  })

  test('behavior: five wrong codes in 15 minutes, then none counts for a while', async () => {
    const secret = await enrolled()
    const wrong = wrongFor(secret)
    expect(await say('ann', `vent open v1 code:${wrong}`)).toMatchInlineSnapshot(`
      "!  That code is wrong; nothing was done.
         Wait for the next one, and check the clock of your phone. Wrong codes left for now: 4."
    `)
    for (let count = 2; count <= 5; count += 1) {
      clock.now += 60
      expect(await say('ann', `vent open v1 code:${wrongFor(secret)}`)).toContain('is wrong')
    }
    expect(await say('ann', `vent open v1 code:${codeOf(secret)}`)).toMatchInlineSnapshot(`
      "!  Too many wrong codes; nothing was done.
         Try again in 11 min. If it was not you, tell an admin."
    `)
    clock.now += 11 * 60 - 1
    expect(await say('ann', `vent open v1 code:${codeOf(secret)}`)).toContain('Too many')
    clock.now += 1
    expect(await say('ann', `vent open v1 code:${wrongFor(secret)}`)).toContain('is wrong')
    expect(await say('ann', `vent open v1 code:${codeOf(secret)}`)).toContain('Too many')
    clock.now += 60
    expect(await say('ann', `vent open v1 code:${codeOf(secret)}`)).toContain('Opened v1')
  })

  test('behavior: another authenticator takes a code of the one before, which counts until it is confirmed', async () => {
    const old = await enrolled()
    expect(await say('ann', 'totp enroll')).toMatchInlineSnapshot(`
      "!  The account "slack:ann" has an authenticator already.
         To take another one, send it with code: and what the old one shows."
    `)
    expect(await say('ann', `totp enroll code:${wrongFor(old)}`)).toContain('is wrong')
    const next = await enroll('ann', ` code:${codeOf(old)}`)
    clock.now += 30
    expect(await say('ann', `vent open v1 code:${codeOf(old)}`)).toContain('Opened v1')
    expect(await say('ann', `totp confirm ${wrongFor(next)}`)).toContain('is wrong')
    expect(await say('ann', `totp confirm ${codeOf(next)}`)).toContain('counts from now on')
    clock.now += 30
    expect(await say('ann', `vent open v1 code:${codeOf(old)}`)).toContain('is wrong')
    expect(await say('ann', `vent open v1 code:${codeOf(next)}`)).toContain('Opened v1')
    expect(await say('ann', 'totp confirm 123456')).toContain('waits to be confirmed')
  })

  test('error: no key, another key, and a secret that was copied from somebody else', async () => {
    const secret = await enrolled()
    const found = context.standing.totp.get('slack:ann')
    if (found) context.standing.totp.set('slack:bob', { ...found, account: 'slack:bob' })
    expect(await say('bob', `vent open v1 code:${codeOf(secret)}`)).toContain('does not open')
    context.sealingKey = randomBytes(32)
    expect(await say('ann', `vent open v1 code:${codeOf(secret)}`)).toMatchInlineSnapshot(`
      "!  The secret of the account "slack:ann" does not open with the key POSSE_KEY.
         Whoever runs Posse puts the former key back."
    `)
    context.sealingKey = null
    expect(await say('ann', 'totp enroll')).toMatchInlineSnapshot(`
      "!  This Posse has no key to seal secrets with.
         Whoever runs it sets POSSE_KEY to 64 hex digits, made by openssl rand -hex 32."
    `)
    expect(await say('eve', 'totp enroll')).toContain('it takes a lead')
    expect(done).toEqual([])
  })

  test('property: no code is in the audit log, in an answer or in the log, however it is typed', async () => {
    await enrolled()
    const code = '918273'
    const lines = [
      ...[`vent open v1 code:${code}`, `vent open v1 code: ${code}`, `vent open v1 CODE:${code}`],
      ...[
        `vent open v1 code:"${code}"`,
        `vent open v1 code:“${code}”`,
        `vent open v1 code:"${code}`,
      ],
      ...[`vent open v1 code:${code} code:${code}`, `vent open v1 code:${code},`],
      ...[`vent open v1 code:918 273`, `vent opne v1 code:${code}`, `vnt open v1 code:${code}`],
      ...[`totp confirm ${code}`, `totp confirm 918 273`, `totp confirm "${code}"`],
      ...[`totp comfirm ${code}`, `ttop confirm ${code}`, `totp enroll ${code}`, `totp ${code}`],
      ...[`confirm ${code}`, `totp enroll code:${code}`, code, `help code:${code}`],
      ...[`vent open v1 code:${code}x`, `vent open code:${code}`, `note code:${code}`],
      ...[`${'x'.repeat(1_990)} code:${code}`, `code:${code} ${'x '.repeat(9_000)}`],
    ]
    const forms = [{ code }, { id: 'v1', code }, { id: 'v1', code: '918 273' }]
    const check = async () => {
      const audit = await store.readAudit({ limit: 1_000 })
      expect(audit.filter(({ text }) => /918|273/.test(text))).toEqual([])
      expect(log.join('')).not.toMatch(/918 ?273/)
    }
    for (const line of lines) {
      const answer = JSON.stringify(await ask('ann', line))
      expect(answer, line).not.toMatch(/918273|918 273|\b273\b/)
    }
    for (const form of forms) {
      expect(JSON.stringify(await ask('ann', 'vent open', form))).not.toMatch(/918|273/)
    }
    await check()
    const word = fc.constantFrom('vent', 'open', 'totp', 'confirm', 'v1', '"', 'x:y', 'code', ':')
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 5 }), fc.array(word), async (before, after) => {
        const line = [...before, `code:${code}`, ...after].join(' ')
        expect(JSON.stringify(await ask('ann', line))).not.toContain(code)
      }),
      { numRuns: 200 },
    )
    await check()
  })
})
