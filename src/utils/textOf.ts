import type { Span, Text } from '#types/message.ts'
import { formatTime } from './formatTime.ts'

/** A text without its form, on one line. It may still hold anybody's words. */
export function textOf(text: Text): string {
  const spans: readonly Span[] = isList(text) ? text : [text]
  return spans.map(spanText).join('')
}

function isList(text: Text): text is readonly Span[] {
  return Array.isArray(text)
}

function spanText(span: Span): string {
  if (typeof span === 'string') return span
  if ('code' in span) return span.code
  if ('strong' in span) return span.strong
  if ('link' in span) return span.link
  return formatTime(span.time)
}
