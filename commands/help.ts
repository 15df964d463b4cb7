import { z } from 'zod'
import { commandUsage, optionUsage } from '#src/command/commandUsage.ts'
import { noCommand } from '#src/command/findCommand.ts'
import { type Option, optionsOf } from '#src/command/optionsOf.ts'
import { type Asker, type Command, defineCommand, groupOf, nounOf } from '#src/defineCommand.ts'
import type { Reply, Section } from '#types/message.ts'
import { mayRun } from '#utils/findMember.ts'

/** Help lists the commands, itself among them, so it is handed the list. Nobody hears of what they may not run. */
export function createHelp(list: () => readonly Command[]): Command {
  return defineCommand({
    name: 'help',
    description: 'Says what can be asked and how.',
    role: 'anyone',
    options: z.object({
      command: z.string().optional().meta({
        description: 'A command to explain, or the first word of several.',
        form: 'text',
        complete: 'command',
      }),
    }),
    example: '/posse help lookup',
    run(_context, { command: typed }, asker) {
      const commands = list().filter((command) => mayRun(command, asker.member))
      if (typed === undefined) return listCommands(commands, asker)
      const name = typed
        .toLowerCase()
        .replace(/^\/?posse\s+/, '')
        .split(/\s+/)
        .join(' ')
      const exact = commands.find((command) => command.name === name)
      const meant = commands.filter(
        (command) => command.name === name || nounOf(command.name) === name,
      )
      if (exact && meant.length === 1) return explainCommand(exact)
      if (meant.length > 0) return explainCommands(name, meant)
      throw noCommand(commands, typed)
    },
  })
}

function listCommands(commands: readonly Command[], { member, user }: Asker): Reply {
  const groups = [...Map.groupBy(commands, groupOf).values()].flat()
  const rows = groups.map(({ name, description }) => [{ code: `/posse ${name}` }, description])
  const stranger: Section = {
    type: 'text',
    text: [
      'All else is for members. Ask to be let in: ',
      { code: '/posse access request' },
      '. Your account is ',
      { code: user.id },
      '.',
    ],
  }
  return {
    title: 'Posse follows stolen funds',
    sections: [
      { type: 'table', columns: [{ name: 'command' }, { name: 'what it does' }], rows },
      member === null
        ? stranger
        : { type: 'text', text: ['Options and an example of one: ', { code: '/posse help NAME' }] },
    ],
  }
}

function explainCommand(command: Command): Reply {
  return { title: [{ code: commandUsage(command) }], sections: explain(command) }
}

function explainCommands(name: string, commands: readonly Command[]): Reply {
  return {
    title: [{ code: `/posse ${name}` }, ': its commands'],
    sections: commands.flatMap((command) => [
      { type: 'text', text: { code: commandUsage(command) } },
      ...explain(command),
    ]),
  }
}

function explain(command: Command): Section[] {
  const options = optionsOf(command).map((option) => ({
    name: optionName(option),
    value: describeOption(option),
  }))
  const { role, example } = command
  const who = role === 'anyone' ? role : role === 'admin' ? 'admins' : `${role}s and above`
  return [
    { type: 'text', text: command.description },
    {
      type: 'fields',
      fields: [
        ...options,
        { name: 'Who', value: who },
        { name: 'Example', value: { code: example } },
      ],
    },
  ]
}

function optionName(option: Option): string {
  return option.form === 'tag' ? optionUsage(option) : option.word.toUpperCase()
}

function describeOption({ description, values, fallback }: Option): string {
  return [
    description,
    ...(values.length > 0 ? [`One of ${values.join(', ')}.`] : []),
    ...(fallback === '' ? [] : [`${fallback} if left out.`]),
  ]
    .filter((part) => part !== '')
    .join(' ')
}
