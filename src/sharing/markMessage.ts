import { rootOf } from '#src/case/rootOf.ts'
import type { Context } from '#src/context.ts'
import type { Message, Text } from '#types/message.ts'

/** How a case is marked, as a field; nothing where that is what the rules say of every case. */
export function markFields(
  { standing, rules }: Pick<Context, 'standing' | 'rules'>,
  caseId: string,
): { name: string; value: Text }[] {
  const mark = standing.mark.get(`case:${rootOf({ standing }, caseId)}`)
  if (!mark || mark.tlp === rules.tlp) return []
  return [{ name: 'Sharing', value: `TLP:${mark.tlp}` }]
}

/** A message with the mark of its case, in the last list of fields; of one line it is the end. */
export function markMessage(
  context: Pick<Context, 'standing' | 'rules'>,
  caseId: string,
  message: Message,
): Message {
  const [field] = markFields(context, caseId)
  if (!field) return message
  const { sections } = message
  if (sections.length === 0) {
    return { ...message, title: [message.title, '; ', field.value].flat() }
  }
  const place = sections.findLastIndex(({ type }) => type === 'fields')
  const fields = sections[place]
  if (fields?.type !== 'fields') {
    return { ...message, sections: [...sections, { type: 'fields', fields: [field] }] }
  }
  const marked = { ...fields, fields: [...fields.fields, field] }
  return { ...message, sections: sections.with(place, marked) }
}
