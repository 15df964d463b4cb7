import type {
  APILabelComponent,
  APIModalInteractionResponseCallbackData,
  APIStringSelectComponent,
  APITextInputComponent,
} from 'discord.js'
import QuickLRU from 'quick-lru'
import type { CommandSpec, OptionSpec } from '#types/desk.ts'
import type { Filled } from '#types/message.ts'
import {
  maxCustomId,
  maxInputDescription,
  maxInputLabel,
  maxInputs,
  maxInputText,
  maxMenuOptions,
  maxModalTitle,
} from './limits.ts'

/** Before the custom id of a form, and of the button that opens it again. */
export const formPrefix = 'form:'
export const againPrefix = 'again:'

/** Forms that are open at a time. */
const maxForms = 10_000

export type Forms = {
  /** A form for the options of a command; what is known of those that have no room in it is kept. */
  open(spec: CommandSpec, given: Filled['given']): APIModalInteractionResponseCallbackData
  /** The command of a form, by its custom id, with what was filled in. */
  close(customId: string, fields: Filled['given']): Filled
  /** Keeps a form to be opened again; answers a custom id. */
  keep(filled: Filled): string
  recall(customId: string): Filled | undefined
}

export function createForms(): Forms {
  const kept = new QuickLRU<string, Filled>({ maxSize: maxForms })
  let forms = 0

  function remember(filled: Filled): string {
    forms += 1
    const id = forms.toString(36)
    kept.set(id, filled)
    return id
  }

  return {
    open(spec, given) {
      const id = remember({ command: spec.name, given })
      return {
        title: cut(`/posse ${spec.name}`, maxModalTitle),
        custom_id: cut(`${formPrefix}${id}:${spec.name}`, maxCustomId),
        components: inputsOf(spec, given).map((option) => labelOf(option, given[option.word])),
      }
    },
    close(customId, fields) {
      const [, id = '', command = ''] = /^form:(\w+):(.*)$/.exec(customId) ?? []
      const before = kept.get(id)
      const known = before?.command === command ? before.given : {}
      const given = Object.fromEntries(
        Object.entries({ ...known, ...fields }).filter(([, value]) => value.trim() !== ''),
      )
      return { command, given }
    },
    keep: (filled) => `${againPrefix}${remember(filled)}`,
    recall: (customId) => kept.get(customId.slice(againPrefix.length)),
  }
}

/** As many as there is room for: first what is needed and not known, then what is not known. */
function inputsOf(spec: CommandSpec, given: Filled['given']): OptionSpec[] {
  const rank = ({ word, isRequired }: OptionSpec) =>
    (isRequired ? 0 : 2) + (given[word] === undefined ? 0 : 1)
  return [...spec.options].sort((a, b) => rank(a) - rank(b)).slice(0, maxInputs)
}

/** A field with its name and what it is for: a menu where there is little to choose from. */
function labelOf(option: OptionSpec, value?: string): APILabelComponent {
  const { word, description } = option
  return {
    type: 18,
    label: cut(word, maxInputLabel),
    ...(description !== '' && { description: cut(description, maxInputDescription) }),
    component: isMenu(option) ? menuOf(option, value) : inputOf(option, value),
  }
}

function isMenu({ values, isLong }: OptionSpec): boolean {
  return values.length > 0 && values.length <= maxMenuOptions && !isLong
}

function menuOf(
  { word, isRequired, values }: OptionSpec,
  value?: string,
): APIStringSelectComponent {
  return {
    type: 3,
    custom_id: word,
    required: isRequired,
    options: values.map((each) => ({ label: each, value: each, default: each === value })),
  }
}

function inputOf({ word, isRequired, isLong }: OptionSpec, value?: string): APITextInputComponent {
  return {
    type: 4,
    custom_id: word,
    style: isLong ? 2 : 1,
    required: isRequired,
    max_length: maxInputText,
    ...(value && { value: value.slice(0, maxInputText) }),
  }
}

function cut(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max - 1).toWellFormed()}…` : text
}
