import type { HouseRules } from '#types/houseRules.ts'
import type { Message, Section } from '#types/message.ts'
import type { Form } from '#types/standing.ts'
import type { Delivery } from '#types/store.ts'
import { formatDuration } from '#utils/formatTime.ts'

/** A message as a channel wants it, with how late it comes: from its block to when it was seen, and to now. */
export function shapeMessage(
  { message, decidedAt }: Pick<Delivery, 'message' | 'decidedAt'>,
  { form, delay: wanted, now }: { form: Form; delay: HouseRules['delay']; now: number },
): Message {
  const { line, blockTime, ...rest } = message
  const delay =
    blockTime === undefined || wanted === 'hidden'
      ? null
      : describeDelay({ blockTime, decidedAt, now })
  if (form === 'short') {
    const title = [line ?? message.title].flat()
    const { actions = [], ...bare } = rest
    return {
      ...bare,
      title: delay === null ? title : [...title, `; ${delay}`],
      sections: [],
      // One line, and the one button that is urgent.
      ...(actions.length > 0 && { actions: actions.slice(0, 1) }),
    }
  }
  return delay === null ? rest : { ...rest, sections: addDelay(message.sections, delay) }
}

function describeDelay(at: { blockTime: number; decidedAt: number; now: number }): string {
  const seen = formatDuration(at.decidedAt - at.blockTime)
  const posted = formatDuration(at.now - at.decidedAt)
  return `seen ${seen} after its block, posted ${posted} later`
}

/** In the last list of fields, where a reader looks for when. */
function addDelay(sections: readonly Section[], delay: string): Section[] {
  const place = sections.findLastIndex(({ type }) => type === 'fields')
  const field = { name: 'Delay', value: delay }
  const fields = sections[place]
  if (fields?.type !== 'fields') return [...sections, { type: 'fields', fields: [field] }]
  return sections.with(place, { ...fields, fields: [...fields.fields, field] })
}
