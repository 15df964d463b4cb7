import type { types } from '@slack/bolt'
import type { Span, Text } from '#types/message.ts'
import { formatTime } from '#utils/formatTime.ts'
import { plainText } from '#utils/plainText.ts'

type RichTextElement = types.RichTextElement
type RichTextSection = types.RichTextSection

/** A line of text as Slack's own editor would make it: nothing in it is read as markup, a mention or a link. */
export type Line = { elements: RichTextElement[]; length: number }

/** How the reader's Slack shows a time of its own. */
const localFormat = '{date_num} {time_secs}'

/** A text with every piece made harmless. `bold` is for pieces that have no form of their own. */
export function toLine(text: Text, { bold = false }: { bold?: boolean } = {}): Line {
  const spans: readonly Span[] = [text].flat()
  const elements = spans.flatMap((span) => toElements(span, bold))
  return { elements, length: elements.reduce((sum, element) => sum + lengthOf(element), 0) }
}

function toElements(span: Span, bold: boolean): RichTextElement[] {
  if (typeof span === 'string') return plain(span, bold)
  if ('strong' in span) return plain(span.strong, true)
  if ('code' in span)
    return withText(span.code, (text) => ({ type: 'text', text, style: { code: true } }))
  if ('link' in span) {
    const label = plainText(span.label)
    // Ours alone, and still looked at: nothing but a page of an explorer is ever a link.
    if (!/^https?:\/\/[^\s<>|]+$/.test(span.link)) return plain(span.label, bold)
    return [{ type: 'link', url: span.link, text: label }]
  }
  const fallback = formatTime(span.time)
  return [
    { type: 'text', text: `${fallback} (` },
    { type: 'date', timestamp: span.time, format: localFormat, fallback },
    { type: 'text', text: ' your time)' },
  ]
}

function plain(text: string, bold: boolean): RichTextElement[] {
  return withText(text, (shown) => ({
    type: 'text',
    text: shown,
    ...(bold && { style: { bold: true } }),
  }))
}

/** Slack refuses an element without text. */
function withText(text: string, make: (shown: string) => RichTextElement): RichTextElement[] {
  const shown = plainText(text)
  return shown === '' ? [] : [make(shown)]
}

/** Characters of an element as people see it. */
export function lengthOf(element: RichTextElement): number {
  if (element.type === 'text') return element.text.length
  if (element.type === 'link') return (element.text ?? element.url).length + element.url.length
  if (element.type === 'date') return localFormat.length + (element.fallback?.length ?? 0)
  return 0
}

/** A line that takes no more than this many characters, cut with a mark. */
export function cutLine(line: Line, max: number): Line {
  if (line.length <= max) return line
  const elements: RichTextElement[] = []
  let left = max - 1
  for (const element of line.elements) {
    const length = lengthOf(element)
    if (length > left) {
      if (element.type === 'text' && left > 0) {
        elements.push({ ...element, text: element.text.slice(0, left).toWellFormed() })
      }
      break
    }
    elements.push(element)
    left -= length
  }
  elements.push({ type: 'text', text: '…' })
  return { elements, length: elements.reduce((sum, element) => sum + lengthOf(element), 0) }
}

/** Lines as one section, each on its own. */
export function joinLines(lines: readonly Line[]): RichTextSection {
  const elements = lines.flatMap(({ elements: own }, at) =>
    at === 0 ? own : [{ type: 'text' as const, text: '\n' }, ...own],
  )
  return {
    type: 'rich_text_section',
    elements: elements.length > 0 ? elements : [{ type: 'text', text: ' ' }],
  }
}
