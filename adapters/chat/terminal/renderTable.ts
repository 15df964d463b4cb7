import type { Section } from '#types/message.ts'
import { type Page, paint, paintLine } from './page.ts'
import { renderFields } from './renderFields.ts'
import { type Style, splitWords, type Word } from './splitWords.ts'
import { type Line, lineWidth, widestWord, wrapWords } from './wrapWords.ts'

type Table = Extract<Section, { type: 'table' }>

/** Where the cells of a table stand. */
type Layout = { columns: Table['columns']; widths: number[]; page: Page }

/** Columns between two columns of a table. */
const gap = 2

/** Rows under a header. Where the page is too narrow for unbroken words, each row becomes a block of fields. */
export function renderTable(table: Table, page: Page): string[] {
  const { columns, rows } = table
  if (columns.length === 0) return []
  const header = columns.map(({ name }) => splitWords(name, page.timeZone))
  const cells = rows.map((row) => columns.map((_, at) => splitWords(row[at] ?? '', page.timeZone)))
  const widths = fitColumns(table, [header, ...cells], page.width)
  if (widths === null) return renderBlocks(table, page)
  const layout = { columns, widths, page }
  const rule = widths.map((size) => '─'.repeat(size)).join(' '.repeat(gap))
  return [
    ...renderRow(header, layout, 'quiet'),
    paint(rule, 'dim', page),
    ...cells.flatMap((row) => renderRow(row, layout, 'plain')),
  ]
}

/** Widths of the columns: as their cells need, else the widest made narrower, else null. */
function fitColumns({ columns }: Table, rows: Word[][][], width: number): number[] | null {
  const least = columns.map(({ align }, at) => {
    // Numbers stand on the right, and one without its unit could be misread.
    const measure = align === 'right' ? lineWidth : widestWord
    return widestCell(rows, at, measure)
  })
  const widths = columns.map((_, at) => widestCell(rows, at, lineWidth))
  let excess = widths.reduce((sum, size) => sum + size + gap, -gap) - width
  for (; excess > 0; excess -= 1) {
    const slack = widths.map((size, at) => (size > (least[at] ?? 0) ? size : 0))
    const widest = slack.indexOf(Math.max(...slack))
    if (!slack[widest]) return null
    widths[widest] = slack[widest] - 1
  }
  return widths
}

/** Columns of the widest cell at a place. Not by Math.max of all, which a table of 100,000 rows would break. */
function widestCell(rows: Word[][][], at: number, measure: (words: Word[]) => number): number {
  return rows.reduce((widest, row) => Math.max(widest, measure(row[at] ?? [])), 0)
}

function renderRow(row: Word[][], layout: Layout, style: Style): string[] {
  const cells = row.map((words, at) => wrapWords(words, layout.widths[at] ?? 0))
  const height = Math.max(...cells.map((lines) => lines.length))
  return Array.from({ length: height }, (_, index) =>
    cells
      .map((lines, at) => renderCell(lines[index] ?? [], at, layout, style))
      .join(' '.repeat(gap)),
  )
}

function renderCell(line: Line, at: number, layout: Layout, style: Style): string {
  const padding = ' '.repeat(Math.max(0, (layout.widths[at] ?? 0) - lineWidth(line)))
  const text = paintLine(line, layout.page, style)
  return layout.columns[at]?.align === 'right' ? padding + text : text + padding
}

function renderBlocks({ columns, rows }: Table, page: Page): string[] {
  return rows.flatMap((row, index) => [
    ...(index > 0 ? [''] : []),
    ...renderFields(
      columns.map(({ name }, at) => ({ name, value: row[at] ?? '' })),
      page,
    ),
  ])
}
