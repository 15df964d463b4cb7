/** What a message says: a person's text, and of a bot what stands in its blocks, since its text is for notifications. */
export function textOfMessage({
  text = '',
  blocks,
  bot_id: bot,
}: {
  text?: string
  blocks?: unknown
  bot_id?: string
}): string {
  return (bot === undefined ? '' : textsIn(blocks).join(' ')) || text
}

/** Texts and links, however deep they stand. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) =>
    typeof each === 'string' && (key === 'text' || key === 'url') ? [each] : textsIn(each),
  )
}
