import type { Command } from '#src/defineCommand.ts'
import { type Option, optionsOf } from './optionsOf.ts'

/** How a command is typed: `/posse lookup ADDRESS...`. Options in brackets may be left out. */
export function commandUsage(command: Command): string {
  const words = optionsOf(command).map((option) => {
    const word = optionUsage(option)
    return option.isRequired ? word : `[${word}]`
  })
  return ['/posse', command.name, ...words].join(' ')
}

/** How one option is typed: `CASE`, `ADDRESS...`, `min:MIN`. */
export function optionUsage({ word, form }: Option): string {
  const upper = word.toUpperCase()
  if (form === 'tag') return `${word}:${upper}`
  return form === 'rest' ? `${upper.replace(/(?<=SS)ES$|S$/, '')}...` : upper
}
