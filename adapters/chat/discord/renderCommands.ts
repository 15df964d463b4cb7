import type {
  APIApplicationCommandBasicOption,
  APIApplicationCommandOptionChoice,
  APIApplicationCommandSubcommandOption,
  RESTPutAPIApplicationGuildCommandsJSONBody,
} from 'discord.js'
import type { CommandSpec, OptionSpec, Shortcut } from '#types/desk.ts'
import {
  maxChoices,
  maxChoiceText,
  maxCommandDescription,
  maxCommandName,
  maxCommandOptions,
} from './limits.ts'

type Registered = RESTPutAPIApplicationGuildCommandsJSONBody

/** Who may post may see the commands that are for members; what each may is looked at when it is used. */
const sendMessages = '2048'

/** The name of the user command. */
export const whoIs = 'Who is this?'

export type Commands = {
  /** What Discord is told of them. */
  body: Registered
  /** The command behind what a person picked: `posse-case open` is `case open`. */
  nameOf(picked: string): string | undefined
}

/**
 * Commands as Discord registers them: `/posse` holds those of one word, as many as it takes, and `/posse-more` the rest; a
 * command for each noun holds the others by their verbs, since one holds 25 and 8,000 characters.
 * @throws RangeError where a group holds more than that
 */
export function renderCommands(
  specs: readonly CommandSpec[],
  shortcuts: readonly Pick<Shortcut, 'label'>[],
): Commands {
  const names = new Map<string, string>()
  const short = specs.filter(({ name }) => !name.includes(' '))
  const groups = Map.groupBy(specs, (spec) => {
    if (spec.name.includes(' ')) return `posse-${spec.group}`
    return short.indexOf(spec) < maxCommandOptions ? 'posse' : 'posse-more'
  })
  const slash = [...groups].map(([name, own]) => {
    if (own.length > maxCommandOptions) {
      throw new RangeError(`/${name} has ${own.length} commands, and Discord takes 25.`)
    }
    const options = own.map((spec) => {
      const verb = spec.name.split(' ').at(-1) ?? ''
      names.set(`${name} ${verb}`, spec.name)
      return subcommand(verb, spec)
    })
    const isOpen = own.some(({ isPublic }) => isPublic)
    return {
      name,
      type: 1 as const,
      description: shorten(describe(name, own)),
      options,
      ...common(isOpen),
    }
  })
  const onMessages = shortcuts.map(({ label }) => ({
    name: label.slice(0, maxCommandName),
    type: 3 as const,
    ...common(false),
  }))
  const onPeople = { name: whoIs, type: 2 as const, ...common(false) }
  return {
    body: [...slash, ...onMessages, onPeople],
    nameOf: (picked) => names.get(picked),
  }
}

/** In servers alone, and not in conversations. */
function common(isOpen: boolean) {
  return {
    contexts: [0],
    integration_types: [0],
    default_member_permissions: isOpen ? null : sendMessages,
  }
}

function describe(name: string, specs: readonly CommandSpec[]): string {
  if (name === 'posse') return 'Follows stolen funds: look up, flag, acknowledge, ask for help.'
  const verbs = specs.map((spec) => spec.name.split(' ').at(-1)).join(', ')
  return `${name.replace('posse-', '')}: ${verbs}`
}

function subcommand(name: string, spec: CommandSpec): APIApplicationCommandSubcommandOption {
  const [needed, free] = [true, false].map((is) =>
    spec.options.filter(({ isRequired }) => isRequired === is),
  )
  return {
    type: 1,
    name,
    description: shorten(spec.description),
    options: [...(needed ?? []), ...(free ?? [])].map(optionOf),
  }
}

function optionOf(option: OptionSpec): APIApplicationCommandBasicOption {
  const { word, description, isRequired, values, isLong, isCompleted } = option
  const base = { type: 3 as const, name: word, description: shorten(description || word) }
  const isChoice = values.length > 0 && values.length <= maxChoices && !isLong
  const choices: APIApplicationCommandOptionChoice<string>[] = values.map((value) => ({
    name: value.slice(0, maxChoiceText),
    value: value.slice(0, maxChoiceText),
  }))
  return {
    ...base,
    required: isRequired,
    ...(isChoice ? { choices } : isCompleted || values.length > 0 ? { autocomplete: true } : {}),
  }
}

/** At most as long as Discord takes, cut at a word. */
function shorten(text: string): string {
  if (text.length <= maxCommandDescription) return text
  return `${text.slice(0, maxCommandDescription - 1).replace(/\s+\S*$/, '')}…`
}
