import type { Message, Section, Severity } from '#types/message.ts'
import { wrap } from './lines.ts'
import { type Page, paint } from './page.ts'
import { paintText } from './paintText.ts'
import { renderFields } from './renderFields.ts'
import { renderTable } from './renderTable.ts'

/** Signs that say the same in colour, without it, and to whoever cannot tell red from green. */
const marks: Record<Severity, { sign: string; colour: 'red' | 'yellow' | 'blue' }> = {
  red: { sign: '!!', colour: 'red' },
  amber: { sign: '! ', colour: 'yellow' },
  info: { sign: '· ', colour: 'blue' },
}

/**
 * A message as lines of text: its title under a mark, then its sections. Nothing a stranger wrote can colour it,
 * move the cursor or hide a character; words (addresses, hashes) are never broken.
 */
export function renderText(message: Message, page: Page): string {
  const indent = message.severity ? 3 : 2
  const inner = { ...page, width: Math.max(1, page.width - indent) }
  const lines = renderTitle(message, page)
  let before: Section | null = null
  for (const section of message.sections) {
    const shown = renderSection(section, inner)
    if (shown.length === 0) continue
    const isParagraph = before?.type === 'text' && section.type === 'text'
    if (before && !isParagraph) lines.push('')
    for (const line of shown) lines.push(' '.repeat(indent) + line)
    before = section
  }
  return lines.map((line) => line.trimEnd()).join('\n')
}

function renderTitle({ title, severity }: Message, page: Page): string[] {
  const { sign, colour } = severity ? marks[severity] : { sign: '', colour: 'blue' as const }
  const dot = page.colours && sign ? '● ' : ''
  const head = sign ? `${paint(`${dot}${sign}`, colour, page)} ` : ''
  const left = sign ? dot.length + sign.length + 1 : 0
  return wrap(paintText(title, page, 'bold'), page.width - left).map(
    (line, index) => (index === 0 ? head : ' '.repeat(left)) + line,
  )
}

function renderSection(section: Section, page: Page): string[] {
  switch (section.type) {
    case 'text':
      return wrap(paintText(section.text, page), page.width)
    case 'fields':
      return renderFields(section.fields, page)
    case 'table':
      return renderTable(section, page)
  }
}
