import { describe, expect, test } from 'vitest'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { createHelp } from '#commands/help.ts'
import { commands as allCommands } from '#commands/index.ts'
import { findCommand } from '#src/command/findCommand.ts'
import { parseOptions } from '#src/command/parseOptions.ts'
import { runCommand } from '#src/runCommand.ts'
import { createFakeContext } from '#test/support/fakeContext.ts'
import { madeUpCommands } from '#test/support/madeUpCommands.ts'

const commands = madeUpCommands(() => undefined).filter(({ name }) => name !== 'help')
commands.push(createHelp(() => commands))

async function say(text: string, id = 'slack:admin'): Promise<string> {
  const { context } = createFakeContext()
  const call = { text, user: { id, name: 'Ann' }, channel: 'slack:C1' }
  const reply = await runCommand(context, commands, call)
  return renderText(reply, { width: 120, colours: false, timeZone: 'UTC' })
}

describe('help', () => {
  test('default: lists what the asker may do', async () => {
    expect(await say('')).toBe(await say('help'))
    expect(await say('help')).toMatchInlineSnapshot(`
      "Posse follows stolen funds
        command              what it does
        ───────────────────  ───────────────────────────────
        /posse trail         Does trail.
        /posse lookup        Does lookup.
        /posse label         Does label.
        /posse case note     Does case note.
        /posse case close    Does case close.
        /posse subscribe     Does subscribe.
        /posse silence       Does silence.
        /posse member grant  Does member grant.
        /posse help          Says what can be asked and how.

        Options and an example of one: /posse help NAME"
    `)
    expect(await say('help', 'slack:viewer')).toMatchInlineSnapshot(`
      "Posse follows stolen funds
        command        what it does
        ─────────────  ───────────────────────────────
        /posse trail   Does trail.
        /posse lookup  Does lookup.
        /posse help    Says what can be asked and how.

        Options and an example of one: /posse help NAME"
    `)
    expect(await say('help', 'slack:U9')).toMatchInlineSnapshot(`
      "Posse follows stolen funds
        command      what it does
        ───────────  ───────────────────────────────
        /posse help  Says what can be asked and how.

        All else is for members. Ask to be let in: /posse access request. Your account is slack:U9."
    `)
  })

  test('behavior: explains one command', async () => {
    expect(await say('help trail')).toMatchInlineSnapshot(`
      "/posse trail [CASE] [POLICY]
        Does trail.

        CASE
        POLICY   One of fifo, haircut. fifo if left out.
        Who      viewers and above
        Example  /posse trail"
    `)
    expect(await say('help  Case  NOTE')).toMatchInlineSnapshot(`
      "/posse case note CASE [at:AT] NOTE
        Does case note.

        CASE
        at:AT
        NOTE
        Who      responders and above
        Example  /posse case note"
    `)
    expect(await say('help /posse case note')).toBe(await say('help case note'))
  })

  test('behavior: explains all commands of a noun that the asker may run', async () => {
    expect(await say('help case')).toMatchInlineSnapshot(`
      "/posse case: its commands
        /posse case note CASE [at:AT] NOTE
        Does case note.

        CASE
        at:AT
        NOTE
        Who      responders and above
        Example  /posse case note

        /posse case close CASE
        Does case close.

        CASE
        Who      leads and above
        Example  /posse case close"
    `)
    expect(await say('help case', 'slack:responder')).not.toContain('close')
  })

  test('behavior: says nothing of what the asker may not run', async () => {
    expect(await say('help case close', 'slack:viewer')).toMatchInlineSnapshot(`
      "!  There is no command "case".
         All commands: /posse help."
    `)
    expect(await say('help trail', 'slack:U9')).toContain('There is no command "trail"')
    expect(await say('help trial')).toContain('Did you mean /posse trail?')
  })
})

describe('commands', () => {
  test('default: names are words, and no two are the same', () => {
    const names = allCommands.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z]+(?: [a-z]+)?$/)
  })

  test.each(allCommands)('behavior: the example of $name is one', ({ name, example }) => {
    const found = findCommand(allCommands, example.replace(/^\/posse /, ''))
    expect(found?.command.name).toBe(name)
    if (found) expect(parseOptions(found.command, found.line)).toBeTypeOf('object')
  })
})
