import type { Span, Text } from '#types/message.ts'
import { formatTime } from '#utils/formatTime.ts'
import { plainText } from '#utils/plainText.ts'

/** Everything that Discord may read as markup, a mention, a link, an emoji or a time. */
const markup = /[\\`*_~|<>#+\-[\]():@.!]/g

/** Times that Discord shows, in Unix seconds. */
const maxTime = 8_640_000_000_000

/** A text as Discord shows it, with every stranger's piece made harmless. */
export function toMarkdown(text: Text): string {
  const spans: readonly Span[] = [text].flat()
  return spans.map(writeSpan).join('')
}

/** A text of at most so many characters as written, cut with a mark between two pieces or in a plain one. */
export function cutMarkdown(text: Text, max: number): string {
  const whole = toMarkdown(text)
  if (whole.length <= max) return whole
  const spans: readonly Span[] = [text].flat()
  let cut = ''
  for (const span of spans) {
    const piece = writeSpan(span)
    const left = max - 1 - cut.length
    if (piece.length > left) {
      // Escaping doubles a text at most.
      if (typeof span === 'string') cut += escapeMarkdown(span.slice(0, Math.floor(left / 2)))
      break
    }
    cut += piece
  }
  return `${cut}…`
}

/** A stranger's text that is shown as it is. */
function escapeMarkdown(text: string): string {
  return plainText(text).replace(markup, '\\$&')
}

function writeSpan(span: Span): string {
  if (typeof span === 'string') return escapeMarkdown(span)
  if ('code' in span) {
    const code = plainText(span.code).replaceAll('`', 'ˋ')
    return code.trim() === '' ? '' : `\`${code}\``
  }
  if ('strong' in span) {
    const strong = escapeMarkdown(span.strong)
    return strong.trim() === '' ? strong : `**${strong}**`
  }
  if ('link' in span) {
    const isPage = /^https?:\/\/[^\s()<>]+$/.test(span.link)
    return isPage ? `[${escapeMarkdown(span.label)}](${span.link})` : escapeMarkdown(span.label)
  }
  const shown = escapeMarkdown(formatTime(span.time))
  return Math.abs(span.time) <= maxTime ? `${shown} (<t:${Math.floor(span.time)}:f>)` : shown
}
