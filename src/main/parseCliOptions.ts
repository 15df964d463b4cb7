import { parseArgs } from 'node:util'
import { UserError } from '#errors/userError.ts'

type OptionTypes = Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>
export type OptionValue = string | boolean | (string | boolean)[] | undefined

/** Options and the words beside them. @throws UserError */
export function parseOptions(
  args: string[],
  options: OptionTypes,
): { values: Record<string, OptionValue>; positionals: string[] } {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    // Node's first sentence names the option; its advice that follows helps nobody here.
    const [sentence = ''] = cause.message.split(/\.\s/)
    throw new UserError(`${sentence.replace(/\.$/, '')}.`, { hint: 'See posse help.', cause })
  }
}

export function asText(value: OptionValue): string | undefined {
  return typeof value === 'string' ? value : undefined
}
