import type { Section } from '#types/message.ts'
import { pad, textWidth, widestWord, wrap } from './lines.ts'
import { type Page, paint } from './page.ts'
import { paintText } from './paintText.ts'
import { renderFields } from './renderFields.ts'

type Table = Extract<Section, { type: 'table' }>
type Columns = Table['columns']

/** Between two columns of a table. */
const gap = '  '

/** Rows under a header. Where the page is too narrow for unbroken words, each row becomes a block of fields. */
export function renderTable(table: Table, page: Page): string[] {
  const { columns, rows } = table
  if (columns.length === 0) return []
  const header = columns.map(({ name }) => paintText(name, page, 'dim'))
  const cells = rows.map((row) => columns.map((_, at) => paintText(row[at] ?? '', page)))
  const widths = fitColumns(columns, [header, ...cells], page.width)
  if (widths === null) return renderBlocks(table, page)
  const rule = widths.map((size) => '─'.repeat(size)).join(gap)
  return [
    ...renderRow(header, columns, widths),
    paint(rule, 'dim', page),
    ...cells.flatMap((row) => renderRow(row, columns, widths)),
  ]
}

/** Widths of the columns: as their cells need, else the widest made narrower, else null. */
function fitColumns(columns: Columns, rows: string[][], width: number): number[] | null {
  const widths = columns.map((_, at) => widestCell(rows, at, textWidth))
  let excess = widths.reduce((sum, size) => sum + size + gap.length, -gap.length) - width
  if (excess <= 0) return widths
  const least = columns.map(({ align }, at) =>
    // Numbers stand on the right, and one without its unit could be misread.
    widestCell(rows, at, align === 'right' ? textWidth : widestWord),
  )
  for (; excess > 0; excess -= 1) {
    const slack = widths.map((size, at) => (size > (least[at] ?? 0) ? size : 0))
    const widest = slack.indexOf(Math.max(...slack))
    if (!slack[widest]) return null
    widths[widest] = slack[widest] - 1
  }
  return widths
}

/** Columns of the widest cell at a place. Not by Math.max of all, which a table of 100,000 rows would break. */
function widestCell(rows: string[][], at: number, measure: (text: string) => number): number {
  return rows.reduce((widest, row) => Math.max(widest, measure(row[at] ?? '')), 0)
}

function renderRow(row: string[], columns: Columns, widths: number[]): string[] {
  const cells = row.map((text, at) => wrap(text, widths[at] ?? 0))
  const height = Math.max(...cells.map((lines) => lines.length))
  return Array.from({ length: height }, (_, index) =>
    columns.map(({ align }, at) => pad(cells[at]?.[index] ?? '', widths[at] ?? 0, align)).join(gap),
  )
}

function renderBlocks({ columns, rows }: Table, page: Page): string[] {
  return rows.flatMap((row, index) => {
    const fields = columns.map(({ name }, at) => ({ name, value: row[at] ?? '' }))
    return [...(index > 0 ? [''] : []), ...renderFields(fields, page)]
  })
}
