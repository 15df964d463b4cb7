import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import {
  InputTooLongError,
  InvalidOptionError,
  MissingOptionError,
  UnknownCommandError,
} from '#errors/input.ts'
import { UserError } from '#errors/userError.ts'
import type { CommandCall } from '#types/chat.ts'
import type { Reply } from '#types/message.ts'
import { nearest } from '#utils/nearest.ts'
import { commandUsage, isList } from './commandUsage.ts'
import type { Context } from './context.ts'
import type { Command } from './defineCommand.ts'

/** Characters of a command: room for a pasted list of a hundred addresses. */
const maxCommandLength = 8_000

/**
 * Runs a command as a person typed it. Never rejects: a person's mistake is answered in a sentence, a fault of ours
 * with a reference that stands in the log.
 */
export async function runCommand(
  context: Context,
  commands: readonly Command[],
  call: CommandCall,
): Promise<Reply> {
  try {
    const { command, words } = findCommand(commands, call.text)
    return await command.run(context, parseWords(command, words))
  } catch (error) {
    if (error instanceof UserError) return sayError(error)
    const reference = randomBytes(4).toString('hex')
    context.log.error({ err: error, reference, user: call.user.id }, 'Command failed')
    const text = `Nothing was changed. Tell whoever runs Posse the reference ${reference}.`
    return { title: 'Something went wrong', severity: 'amber', sections: [{ type: 'text', text }] }
  }
}

function findCommand(
  commands: readonly Command[],
  text: string,
): { command: Command; words: string[] } {
  if (text.length > maxCommandLength) throw new InputTooLongError({ text, max: maxCommandLength })
  const [name = 'help', ...words] = text.split(/[\s,;]+/).filter((word) => word !== '')
  const command = commands.find((known) => known.name === name.toLowerCase())
  if (command) return { command, words }
  const names = commands.map((known) => known.name)
  throw new UnknownCommandError({ name, nearest: nearest(name.toLowerCase(), names) })
}

/** Puts words into a command's options by their order and checks them. */
function parseWords(command: Command, words: readonly string[]): Record<string, unknown> {
  const given: Record<string, unknown> = {}
  let next = 0
  for (const [option, schema] of Object.entries(command.options.shape)) {
    if (next >= words.length) break
    given[option] = isList(schema) ? words.slice(next) : words[next]
    next = isList(schema) ? words.length : next + 1
  }
  const usage = commandUsage(command)
  const extra = words[next]
  if (extra !== undefined) {
    const reason = 'it is one word too many'
    throw new InvalidOptionError({
      option: `/posse ${command.name}`,
      text: extra,
      reason,
      hint: `Usage: ${usage}`,
    })
  }
  const parsed = z.safeParse(command.options, given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const option = String(issue?.path[0] ?? '')
  if (given[option] === undefined)
    throw new MissingOptionError({ option: option.toUpperCase(), usage })
  const text = String(given[option])
  throw new InvalidOptionError({
    option,
    text,
    reason: issue?.message ?? '',
    hint: `Usage: ${usage}`,
  })
}

function sayError({ message, hint }: UserError): Reply {
  return {
    title: message,
    severity: 'amber',
    sections: hint ? [{ type: 'text', text: hint }] : [],
  }
}
