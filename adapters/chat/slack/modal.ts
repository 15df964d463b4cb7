import type { types } from '@slack/bolt'
import type { CommandSpec, OptionSpec } from '#types/desk.ts'
import type { Filled } from '#types/message.ts'
import { plainText } from '#utils/plainText.ts'
import {
  maxInput,
  maxLabel,
  maxModalMetadata,
  maxModalTitle,
  maxOptions,
  maxOptionText,
  maxViewBlocks,
} from './limits.ts'

type ModalView = types.ModalView
type InputBlock = types.InputBlock

/** Where an answer to a form belongs. */
export type FormPlace = {
  channel: string
  thread?: string
  /** Whether people talk under that message already. */
  isThreadOpen?: boolean
}

/** What Slack calls our forms. */
export const formId = 'posse_form'
const actionId = 'value'

/** A form for the options of a command, with what is known filled in. */
export function renderModal(
  spec: CommandSpec,
  { given }: Pick<Filled, 'given'>,
  place: FormPlace,
): ModalView {
  return {
    type: 'modal',
    callback_id: formId,
    title: label(`/posse ${spec.name}`, maxModalTitle),
    submit: label('Send', maxModalTitle),
    close: label('Cancel', maxModalTitle),
    private_metadata: JSON.stringify({ command: spec.name, ...place }).slice(0, maxModalMetadata),
    blocks: [
      { type: 'section' as const, text: label(spec.description, maxLabel) },
      ...spec.options.map((option) => inputOf(option, given[option.word])),
    ].slice(0, maxViewBlocks),
  }
}

/** What was filled in, by the words of the options, and what the form was for. */
export function readModal(view: {
  private_metadata: string
  state: { values: Record<string, Record<string, unknown>> }
}): Filled & { place: FormPlace } {
  const { command, ...place } = JSON.parse(view.private_metadata)
  const given: Record<string, string> = {}
  for (const [word, actions] of Object.entries(view.state.values)) {
    const text = fieldText(actions[actionId])
    if (text !== '') given[word] = text
  }
  return { command, given, place }
}

function fieldText(state: unknown): string {
  if (typeof state !== 'object' || state === null) return ''
  if ('value' in state && typeof state.value === 'string') return state.value
  if ('selected_option' in state && typeof state.selected_option === 'object') {
    return String((state.selected_option as { value?: string } | null)?.value ?? '')
  }
  return ''
}

function inputOf(option: OptionSpec, value: string | undefined): InputBlock {
  const { word, description, isRequired } = option
  return {
    type: 'input',
    block_id: word,
    optional: !isRequired,
    label: label(word, maxLabel),
    ...(description !== '' && { hint: label(description, maxLabel) }),
    element: elementOf(option, value),
  }
}

function elementOf(
  { values, isLong }: OptionSpec,
  value: string | undefined,
): InputBlock['element'] {
  if (values.length > 0 && values.length <= maxOptions && !isLong) {
    const options = values.map((each) => ({ text: label(each, maxOptionText), value: each }))
    const chosen = options.find((each) => each.value === value)
    return {
      type: 'static_select',
      action_id: actionId,
      options,
      ...(chosen && { initial_option: chosen }),
    }
  }
  return {
    type: 'plain_text_input',
    action_id: actionId,
    multiline: isLong,
    max_length: maxInput,
    ...(value && { initial_value: value.slice(0, maxInput) }),
  }
}

function label(text: string, max: number): types.PlainTextElement {
  const shown = plainText(text)
  const cut = shown.length > max ? `${shown.slice(0, max - 1).toWellFormed()}…` : shown
  return { type: 'plain_text', emoji: false, text: cut }
}
