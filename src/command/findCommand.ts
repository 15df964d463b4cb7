import { InputTooLongError, UnknownCommandError } from '#errors/input.ts'
import { type Command, nounOf } from '#src/defineCommand.ts'
import { nearest } from '#utils/nearest.ts'

/** Characters of a command: room for a pasted list of a hundred addresses. */
const maxCommandLength = 8_000

/** A command, and what was typed behind its name. */
export type FoundCommand = { command: Command; line: string }

/**
 * The command that a line names, the one of two words before the one of one; nothing typed is `help`. `undefined` where
 * there is none.
 * @throws InputTooLongError
 */
export function findCommand(commands: readonly Command[], text: string): FoundCommand | undefined {
  if (text.length > maxCommandLength) throw new InputTooLongError({ text, max: maxCommandLength })
  const typed = text.trim()
  const { noun, verb, both } = readName(typed)
  const candidates = [
    { name: `${noun} ${verb}`, written: both },
    { name: typed === '' ? 'help' : noun, written: noun },
  ]
  for (const { name, written } of candidates) {
    const command = commands.find((known) => known.name === name.toLowerCase())
    if (command) return { command, line: typed.slice(written.length).trim() }
  }
  return undefined
}

/**
 * What to say of a line that names no command: what was most likely meant, or else what goes with its noun. Only
 * `commands` are suggested.
 */
export function noCommand(commands: readonly Command[], text: string): UnknownCommandError {
  const names = commands.map(({ name }) => name)
  const typed = readName(text.trim())
  const [noun, verb] = [typed.noun.toLowerCase(), typed.verb.toLowerCase()]
  const verbs = names.filter((name) => name.startsWith(`${noun} `))
  const isNoun = verbs.length > 0
  const phrase = verb === '' ? null : nearest(`${noun} ${verb}`, names)
  const word = isNoun
    ? nearestVerb(noun, verb, verbs)
    : nearest(noun, [...new Set(names.map(nounOf))])
  const name = verb !== '' && (isNoun || phrase !== null) ? typed.both : typed.noun
  return new UnknownCommandError({ name, nearest: phrase ?? word, verbs })
}

function nearestVerb(noun: string, verb: string, names: readonly string[]): string | null {
  const meant = nearest(
    verb,
    names.map((name) => name.slice(noun.length + 1)),
  )
  return meant === null ? null : `${noun} ${meant}`
}

/** The first two words of a line, and both as they stand there. */
function readName(typed: string): { noun: string; verb: string; both: string } {
  const [both = '', noun = '', verb = ''] = /^([^\s,;]*)(?:\s+([^\s,;]+))?/.exec(typed) ?? []
  return { noun, verb, both }
}
