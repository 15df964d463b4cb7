import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { StoreError } from '#errors/store.ts'
import { UserError } from '#errors/userError.ts'
import type { Context } from '#src/context.ts'
import { type Command, defineCommand } from '#src/defineCommand.ts'
import { runCommand } from '#src/runCommand.ts'
import { createFakeContext } from '#test/support/fakeContext.ts'
import { madeUpCommands, type Run } from '#test/support/madeUpCommands.ts'
import { roles } from '#types/member.ts'
import type { Message, Reply } from '#types/message.ts'

const address = '0x098b716b8aaf21512996dc57eb0615e2383e2f96'
const callOf = (text: string, id: string) => ({
  text,
  user: { id, name: 'Ann' },
  channel: 'slack:C1',
})

function open(parts?: Partial<Context>) {
  const runs: Run[] = []
  const commands = madeUpCommands((run) => runs.push(run))
  const fake = createFakeContext(parts)
  const ask = (text: string, id = 'slack:lead') =>
    runCommand(fake.context, commands, callOf(text, id))
  return { ...fake, commands, runs, ask }
}

/** A command that does what a test says. */
function commandOf(run: Command['run']): Command[] {
  return [
    defineCommand({
      name: 'act',
      description: 'Acts.',
      role: 'viewer',
      options: z.object({}),
      example: '/posse act',
      run,
    }),
  ]
}

function sentence({ title, sections }: Reply): string {
  return [title, ...sections.map((section) => (section.type === 'text' ? section.text : ''))].join(
    ' | ',
  )
}

describe('runCommand', () => {
  test('default: runs with checked options and who asks, and notes it twice', async () => {
    const { ask, runs, audit } = open()
    expect(await ask('case note ronin They froze it')).toEqual({
      title: 'Did case note.',
      sections: [],
    })
    expect(runs).toEqual([
      {
        name: 'case note',
        options: { case: 'ronin', note: 'They froze it' },
        account: 'slack:lead',
      },
    ])
    const entry = {
      account: 'slack:lead',
      name: 'A lead',
      role: 'lead',
      organization: 'acme',
      channel: 'slack:C1',
      text: 'case note ronin They froze it',
      reference: expect.stringMatching(/^[0-9a-f]{8}$/),
    }
    expect(audit).toEqual([
      { ...entry, at: 1_700_000_000, outcome: 'asked' },
      { ...entry, at: 1_700_000_001, outcome: 'done' },
    ])
    expect(audit[0]?.reference).toBe(audit[1]?.reference)
  })

  test('behavior: every role runs what it may and nothing above', async () => {
    const lines = [
      ['help', 'anyone'],
      ['trail ronin', 'viewer'],
      ['case note ronin x', 'responder'],
      ['case close ronin', 'lead'],
      ['member grant slack:U1 lead', 'admin'],
    ] as const
    const order = ['anyone', ...roles]
    for (const [text, role] of lines) {
      for (const id of ['slack:nobody', ...roles.map((known) => `slack:${known}`)]) {
        const { ask, runs, audit } = open()
        const mine = Math.max(0, order.indexOf(id.slice('slack:'.length)))
        const reply = await ask(text, id)
        const may = mine >= order.indexOf(role)
        expect(runs, `${text} by ${id}`).toHaveLength(may ? 1 : 0)
        expect(audit.map(({ outcome }) => outcome)).toEqual(['asked', may ? 'done' : 'refused'])
        if (may) expect(reply.title).toMatch(/^Did /)
      }
    }
  })

  test('behavior: a member is refused by the command alone, before its options are read', async () => {
    const { ask, runs } = open()
    const answers = new Set<string>()
    for (const options of ['', ' ronin', ' nowhere', ' a b c', ` ${address}`, ' "']) {
      answers.add(sentence(await ask(`case close${options}`, 'slack:viewer')))
    }
    expect([...answers]).toEqual([
      'You may not do that here: it takes a lead. | What you may do: /posse help.',
    ])
    expect(sentence(await ask('member grant', 'slack:lead'))).toContain('it takes an admin.')
    expect(runs).toEqual([])
  })

  test('behavior: somebody unknown is not noted for ever, and may ask again in the next hour', async () => {
    const clock = { now: 1_700_000_000 }
    const { ask, audit } = open({ now: () => clock.now })
    for (let at = 0; at < 30; at += 1) await ask('trail', 'slack:U9')
    const before = audit.length
    expect(sentence(await ask('help', 'slack:U9'))).toContain('often enough for this hour')
    expect(audit.length).toBe(before)
    expect(sentence(await ask('trail', 'slack:U8'))).toContain('Only members may ask that.')
    for (let at = 0; at < 3_000; at += 1) await ask('trail', `slack:X${at % 300}`)
    expect(sentence(await ask('trail', 'slack:new'))).toContain('often enough')
    expect(sentence(await ask('trail', 'slack:lead'))).not.toContain('often enough')
    clock.now += 3_600
    expect(sentence(await ask('trail', 'slack:U9'))).toContain('Only members may ask that.')
  })

  test('behavior: somebody unknown hears the same whatever they ask', async () => {
    const { ask, runs, audit } = open()
    const texts = [
      ...['trail', 'trail ronin', 'case close ronin', 'case clsoe', 'case', 'hlep', 'xyzzy'],
      ...[`lookup ${address}`, 'lookup 0x12', 'trail a b c', '\u202e', 'x'.repeat(9_000)],
    ]
    const answers = await Promise.all(texts.map((text) => ask(text, 'slack:U9')))
    expect(new Set(answers.map(sentence))).toEqual(
      new Set([
        'Only members may ask that. | Ask to be let in: /posse access request. Your account is "slack:U9".',
      ]),
    )
    expect(runs).toEqual([])
    expect(audit.filter(({ outcome }) => outcome === 'refused')).toHaveLength(texts.length)
    expect(audit[0]).toMatchObject({ account: 'slack:U9', name: 'Ann', role: 'unknown' })
  })

  test('behavior: a member is told the nearest of what they may run', async () => {
    const { ask } = open()
    expect(sentence(await ask('case clsoe ronin'))).toContain('Did you mean /posse case close?')
    expect(sentence(await ask('case clsoe ronin', 'slack:responder'))).not.toContain('close?')
    expect(sentence(await ask('case', 'slack:responder'))).toContain('There are: /posse case note.')
  })

  test('behavior: what a command refuses is a mistake, with its sentence and hint', async () => {
    const { context, audit, log } = createFakeContext()
    const commands = commandOf(() => {
      throw new UserError('There is no such thing.', { hint: 'Look again.' })
    })
    const reply = await runCommand(context, commands, callOf('act', 'slack:viewer'))
    expect(sentence(reply)).toBe('There is no such thing. | Look again.')
    expect(audit.map(({ outcome }) => outcome)).toEqual(['asked', 'mistaken'])
    expect(log).toEqual([])
  })

  test('error: a fault of ours is an apology with the reference of the audit log and the log', async () => {
    const { context, audit, log } = createFakeContext()
    const commands = commandOf(async () => {
      throw new TypeError('secret')
    })
    const answer = sentence(await runCommand(context, commands, callOf('act', 'slack:viewer')))
    expect(answer).toContain(`reference ${audit[0]?.reference}`)
    expect(answer).not.toContain('secret')
    expect(audit.map(({ outcome }) => outcome)).toEqual(['asked', 'failed'])
    expect(log.join()).toContain(audit[0]?.reference)
    expect(log.join()).toContain('TypeError')
  })

  test('error: what cannot be noted is not run, and the store says why', async () => {
    const appendAudit = vi.fn(async () => {
      throw new StoreError('The disk is full: "/srv/posse.db".', { hint: 'Free some space.' })
    })
    const { ask, runs } = open({ store: { appendAudit } as unknown as Context['store'] })
    expect(sentence(await ask('trail'))).toBe(
      'The disk is full: "/srv/posse.db". | Free some space.',
    )
    expect(sentence(await ask('help', 'slack:U9'))).not.toContain('/srv')
    expect(runs).toEqual([])
    expect(appendAudit).toHaveBeenCalledTimes(2)
  })

  test('error: an end that cannot be noted does not take the answer back', async () => {
    const appendAudit = vi
      .fn()
      .mockResolvedValueOnce(undefined)
      .mockRejectedValueOnce(new Error('x'))
    const { ask, runs, log } = open({ store: { appendAudit } as unknown as Context['store'] })
    expect(await ask('trail')).toMatchObject({ title: 'Did trail.' })
    expect(runs).toHaveLength(1)
    expect(log.join()).toContain('Could not note how a command ended')
  })

  test('error: a context that is broken altogether is an apology', async () => {
    const { ask } = open({ standing: null as unknown as Context['standing'] })
    expect(sentence(await ask('trail'))).toContain('Something went wrong')
  })

  test('behavior: the audit log gets what every database takes', async () => {
    const { ask, audit } = open()
    await ask(`trail \0\ud800${'😀'.repeat(2_000)}`)
    const text = audit[0]?.text ?? ''
    expect(text).toHaveLength(2_000)
    expect(text.isWellFormed()).toBe(true)
    expect(text).not.toContain('\0')
  })

  test('behavior: any text is answered in one sentence, and runs nothing that is not right', async () => {
    const word = fc.constantFrom(
      ...['help', 'trail', 'lookup', 'label', 'case', 'note', 'close', 'subscribe', 'silence'],
      ...['member', 'grant', 'ronin', 'fifo', 'exchange', 'mixer', address, '"Binance 14"', '“x”'],
      ...['min:', 'min:10ETH', 'min:1.5k ETH', 'for:2h', 'for:', 'chain:eip155:1', 'at:2h ago'],
      ...['"', '”', ',', ';', ':', '\n', '\0', '\ud800', '\u202e', '__proto__', 'constructor:1'],
    )
    const start = fc.constantFrom(
      ...['trail ronin', `lookup ${address}`, `label ${address} mixer`, 'case note ronin x'],
      ...['case close ronin', 'subscribe ronin', 'silence 0123abcd for:2h', 'member grant x lead'],
    )
    const line = fc.oneof(
      fc.array(word).map((words) => words.join(' ')),
      fc.array(word).map((words) => words.join('')),
      fc.tuple(start, fc.array(word, { maxLength: 3 })).map((parts) => parts.flat().join(' ')),
      fc.string({ unit: 'binary', maxLength: 200 }),
    )
    const right: Record<string, Record<string, unknown>> = {
      trail: { policy: expect.stringMatching(/^(?:fifo|haircut)$/) },
      lookup: { addresses: expect.arrayContaining([address]) },
      label: { address, kind: expect.stringMatching(/^(?:exchange|mixer)$/) },
      'case note': { case: expect.any(String), note: expect.stringMatching(/\S/) },
      'case close': { case: expect.any(String) },
      subscribe: { topics: expect.any(Array) },
      silence: { for: 7_200 },
      'member grant': { role: expect.stringMatching(/^[a-z]+$/) },
    }
    const seen = new Set<string>()
    const order = ['anyone', ...roles]
    const account = fc.constantFrom('slack:anyone', ...roles.map((role) => `slack:${role}`))
    await fc.assert(
      fc.asyncProperty(line, account, async (text, id) => {
        const { ask, runs, audit, log, commands } = open()
        const reply: Message = await ask(text, id)
        expect(log).toEqual([])
        expect(String(reply.title)).toMatch(/\S/)
        expect(reply.sections.length).toBeLessThanOrEqual(1)
        const [asked, ended] = audit
        expect(audit).toHaveLength(2)
        expect(asked?.outcome).toBe('asked')
        expect(runs).toHaveLength(ended?.outcome === 'done' ? 1 : 0)
        for (const run of runs) {
          seen.add(run.name)
          const role = commands.find(({ name }) => name === run.name)?.role ?? 'anyone'
          expect(order.indexOf(id.slice('slack:'.length))).toBeGreaterThanOrEqual(
            order.indexOf(role),
          )
          expect(run.options).toEqual(expect.objectContaining(right[run.name] ?? {}))
        }
      }),
      { numRuns: 1_000 },
    )
    expect(seen.size).toBeGreaterThan(3)
  })
})
