import type { Span, Text } from '#types/message.ts'
import { formatTime } from '#utils/formatTime.ts'
import { plainText } from '#utils/plainText.ts'
import { glue } from './lines.ts'
import { type Format, type Page, paint } from './page.ts'

/** A text with every piece made harmless, then painted. `format` is for pieces that have none of their own. */
export function paintText(text: Text, page: Page, format: Format = 'none'): string {
  const spans: readonly Span[] = [text].flat()
  return spans.map((span) => paintSpan(span, page, format)).join('')
}

function paintSpan(span: Span, page: Page, format: Format): string {
  if (typeof span === 'string') return paint(plainText(span), format, page)
  if ('strong' in span) return paint(plainText(span.strong), 'bold', page)
  // To be copied, so not to be broken over two lines.
  if ('code' in span) return paint(glue(plainText(span.code)), 'cyan', page)
  // A terminal shows the page itself, and makes of it what it wants.
  if ('link' in span) return paint(glue(plainText(span.link)), format, page)
  return paint(showTime(span.time, page.timeZone), format, page)
}

/** `2022-04-04 03:08:04 UTC (05:08:04 local)`, with the local date where it is another, and UTC alone where it is the same. */
function showTime(seconds: number, timeZone: string): string {
  const shown = formatTime(seconds)
  const utc = shown.replace(' UTC', '')
  // Swedish writes times as ISO 8601 does.
  const local = new Date(seconds * 1000).toLocaleString('sv-SE', { timeZone })
  if (local === utc) return glue(shown)
  const [date, time] = local.split(' ')
  return `${glue(shown)} ${glue(`(${utc.startsWith(`${date} `) ? time : local} local)`)}`
}
