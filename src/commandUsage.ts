import { z } from 'zod'
import type { Command } from './defineCommand.ts'

/** How a command is typed: `/posse lookup ADDRESS...`. Options in brackets may be left out. */
export function commandUsage({ name, options }: Command): string {
  const words = Object.entries(options.shape).map(([option, schema]) => {
    const word = option.toUpperCase()
    if (isList(schema)) return `${word.replace(/(?<=SS)ES$|S$/, '')}...`
    return z.safeParse(schema, undefined).success ? `[${word}]` : word
  })
  return ['/posse', name, ...words].join(' ')
}

/** Whether an option takes all the words that are left. */
export function isList(schema: unknown): boolean {
  return schema instanceof z.ZodArray
}
