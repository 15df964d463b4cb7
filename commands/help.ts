import { z } from 'zod'
import { UnknownCommandError } from '#errors/input.ts'
import { commandUsage } from '#src/commandUsage.ts'
import { type Command, defineCommand } from '#src/defineCommand.ts'
import { nearest } from '#utils/nearest.ts'

/** Help lists the commands, itself among them, so it is handed the list. */
export function createHelp(list: () => readonly Command[]): Command {
  return defineCommand({
    name: 'help',
    description: 'Says what can be asked and how.',
    options: z.object({ command: z.string().optional().describe('A command to explain.') }),
    example: '/posse help lookup',
    run(_context, { command: name }) {
      if (name === undefined) return listCommands(list())
      const command = list().find((known) => known.name === name.toLowerCase())
      const names = list().map((known) => known.name)
      if (!command) throw new UnknownCommandError({ name, nearest: nearest(name, names) })
      return explainCommand(command)
    },
    complete: () => list().map(({ name }) => name),
  })
}

function listCommands(commands: readonly Command[]) {
  return {
    title: 'Posse follows stolen funds',
    sections: [
      {
        type: 'table' as const,
        columns: [{ name: 'command' }, { name: 'what it does' }],
        rows: commands.map((command) => [{ code: commandUsage(command) }, command.description]),
      },
    ],
  }
}

function explainCommand(command: Command) {
  const options = Object.entries(command.options.shape).map(([option, schema]) => ({
    name: option.toUpperCase(),
    value: z.globalRegistry.get(schema)?.description ?? '',
  }))
  return {
    title: [{ code: commandUsage(command) }],
    sections: [
      { type: 'text' as const, text: command.description },
      {
        type: 'fields' as const,
        fields: [...options, { name: 'Example', value: { code: command.example } }],
      },
    ],
  }
}
