import { type Command, groupOf } from '#src/defineCommand.ts'
import type { CommandSpec } from '#types/desk.ts'
import { optionsOf } from './optionsOf.ts'

/** A command as platforms register it: everything they show comes from here. */
export function specOf(command: Command): CommandSpec {
  const { name, description, role } = command
  return {
    name,
    group: groupOf(command),
    description,
    isPublic: role === 'anyone',
    options: optionsOf(command).map(
      ({ word, description, isRequired, form, values, complete }) => ({
        word,
        description,
        isRequired,
        isLong: form === 'rest' || form === 'text',
        values,
        isCompleted: complete !== undefined,
      }),
    ),
  }
}
