import type { Message, Section, Severity } from '#types/message.ts'
import { type Page, paint, paintLine } from './page.ts'
import { renderFields } from './renderFields.ts'
import { renderTable } from './renderTable.ts'
import { splitWords } from './splitWords.ts'
import { wrapWords } from './wrapWords.ts'

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
  return wrapWords(splitWords(title, page.timeZone), page.width - left).map((line, index) => {
    const text = paintLine(line, page, 'strong')
    return index === 0 ? head + text : ' '.repeat(left) + text
  })
}

function renderSection(section: Section, page: Page): string[] {
  switch (section.type) {
    case 'text':
      return wrapWords(splitWords(section.text, page.timeZone), page.width).map((line) =>
        paintLine(line, page),
      )
    case 'fields':
      return renderFields(section.fields, page)
    case 'table':
      return renderTable(section, page)
  }
}
