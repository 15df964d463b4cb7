import type { Span, Text } from '#types/message.ts'
import { formatTime } from '#utils/formatTime.ts'
import { plainText } from '#utils/plainText.ts'

export type Style = 'plain' | 'strong' | 'code' | 'quiet'

/** What is never broken over two lines. It has several pieces where the style changes without a space. */
export type Word = { text: string; style: Style }[]

/** Takes a text apart at its spaces, every piece made harmless. A `code` span stays whole, so that it can be copied. */
export function splitWords(text: Text, timeZone: string): Word[] {
  const spans: readonly Span[] = [text].flat()
  const words: Word[] = [[]]
  for (const span of spans) {
    const { style, parts } = readSpan(span, timeZone)
    for (const [index, part] of parts.entries()) {
      if (index > 0) words.push([])
      if (part !== '') words.at(-1)?.push({ text: part, style })
    }
  }
  return words
}

function readSpan(span: Span, timeZone: string): { style: Style; parts: string[] } {
  if (typeof span === 'string') return { style: 'plain', parts: plainText(span).split(' ') }
  if ('strong' in span) return { style: 'strong', parts: plainText(span.strong).split(' ') }
  if ('code' in span) return { style: 'code', parts: [plainText(span.code)] }
  return { style: 'plain', parts: [formatTime(span.time), ...localTime(span.time, timeZone)] }
}

/** `(05:08:04 local)`, with the date where it is another than in UTC, and nothing where both clocks agree. */
function localTime(seconds: number, timeZone: string): string[] {
  const utc = formatTime(seconds).replace(' UTC', '')
  // Swedish writes times as ISO 8601 does.
  const local = new Date(seconds * 1000).toLocaleString('sv-SE', { timeZone })
  if (local === utc) return []
  const [date, time] = local.split(' ')
  return [utc.startsWith(`${date} `) ? `(${time} local)` : `(${local} local)`]
}
