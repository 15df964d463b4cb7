import type { types } from '@slack/bolt'
import type { Action, Message, Section, Severity, Text } from '#types/message.ts'
import { plainText } from '#utils/plainText.ts'
import { textOf } from '#utils/textOf.ts'
import {
  maxBlocks,
  maxButtons,
  maxButtonText,
  maxButtonValue,
  maxFallback,
  maxMessageText,
  maxTableColumns,
  maxTableRows,
  maxTableText,
  maxText,
} from './limits.ts'
import { cutLine, joinLines, type Line, lengthOf, toLine } from './richText.ts'

type ActionsBlock = types.ActionsBlock
type KnownBlock = types.KnownBlock
type TableBlock = types.TableBlock

/** A message of Slack: `text` is what notifications and screen readers say. */
export type Page = { text: string; blocks: KnownBlock[] }

/** Signs that say the same in colour and in shape. */
const signs: Record<Severity, string> = { red: '🔴 ', amber: '🟠 ', info: '🔵 ' }

/** Room for the title and for buttons on a page of their own limit. */
const maxPageText = maxMessageText - 500
const maxPageBlocks = maxBlocks - 2

type Table = Extract<Section, { type: 'table' }>
type Piece =
  | { type: 'line'; line: Line; length: number }
  | { type: 'table'; block: TableBlock; length: number }

/**
 * A message as Slack shows it, in as many pages as its limits ask for; buttons stand on the first. Every text is a
 * plain piece of rich text, so that no markup, mention or link of a stranger's comes to be one. `onCut` hears of texts
 * that were too long.
 */
export function renderBlocks(
  message: Message,
  { onCut = () => undefined, page = null }: { onCut?: () => void; page?: string | null } = {},
): Page[] {
  const pieces = piecesOf(message).map((piece) => cutPiece(piece, onCut))
  const pages = fillPages(pieces)
  const text = fallbackOf(message)
  return pages.map((own, at) => ({
    text,
    blocks: [
      ...(at === 0 && page !== null ? [mention(page)] : []),
      ...toBlocks(own),
      ...(at === 0 ? actionBlocks(message.actions ?? []) : []),
    ],
  }))
}

/** What a notification says: escaped as Slack asks, so that it calls nobody. */
export function fallbackOf({ title, severity, sections }: Message): string {
  const first = sections.find((section) => section.type === 'text')
  const more = first?.type === 'text' ? `: ${textOf(first.text)}` : ''
  const said = plainText(`${severity ? signs[severity] : ''}${textOf(title)}${more}`)
  const escaped = said.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return escaped.slice(0, maxFallback).toWellFormed() || ' '
}

function mention(usergroup: string): KnownBlock {
  return {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [{ type: 'usergroup', usergroup_id: usergroup }],
      },
    ],
  }
}

function piecesOf({ title, severity, sections }: Message): Piece[] {
  const sign: Text = severity ? signs[severity] : ''
  const hasTable = sections.filter(({ type }) => type === 'table').length === 1
  const pieces: Piece[] = [toPiece(toLine([sign, title].flat(), { bold: true }))]
  for (const section of sections) {
    const table = section.type === 'table' && hasTable ? toTable(section) : null
    if (table) pieces.push(table)
    else pieces.push(...linesOf(section).map(toPiece))
  }
  return pieces
}

function toPiece(line: Line): Piece {
  return { type: 'line', line, length: line.length + 1 }
}

function linesOf(section: Section): Line[] {
  switch (section.type) {
    case 'text':
      return [toLine(section.text)]
    case 'fields':
      return section.fields.map(({ name, value }) =>
        joinParts([toLine({ strong: name }), toLine(['  ', value].flat())]),
      )
    case 'table':
      return tableLines(section)
  }
}

function tableLines({ columns, rows }: Table): Line[] {
  if (columns.length === 0) return []
  const head = columns.map(({ name }) => toLine({ strong: name }))
  const body = rows.map((row) => columns.map((_, at) => toLine(row[at] ?? '')))
  return [head, ...body].map((cells) =>
    joinParts(cells.flatMap((cell, at) => (at === 0 ? [cell] : [toLine('  ·  '), cell]))),
  )
}

function joinParts(parts: readonly Line[]): Line {
  return {
    elements: parts.flatMap(({ elements }) => elements),
    length: parts.reduce((sum, { length }) => sum + length, 0),
  }
}

/** A table of Slack's own, where it is small enough for one. */
function toTable({ columns, rows }: Table): Piece | null {
  const isSmall = rows.length < maxTableRows && columns.length <= maxTableColumns
  if (!isSmall || columns.length === 0) return null
  const head = columns.map(({ name }) => toLine({ strong: name }))
  const cells = [head, ...rows.map((row) => columns.map((_, at) => toLine(row[at] ?? '')))]
  const length = cells.flat().reduce((sum, cell) => sum + cell.length, 0)
  if (length > maxTableText || cells.flat().some((cell) => cell.length > maxText)) return null
  const block: TableBlock = {
    type: 'table',
    column_settings: columns.map(({ align }) => ({
      align: align ?? 'left',
      is_wrapped: align !== 'right',
    })),
    rows: cells.map((row) =>
      row.map((cell) => ({ type: 'rich_text' as const, elements: [joinLines([cell])] })),
    ),
  }
  return { type: 'table', block, length }
}

function cutPiece(piece: Piece, onCut: () => void): Piece {
  if (piece.type === 'table' || piece.length <= maxPageText) return piece
  onCut()
  return toPiece(cutLine(piece.line, maxPageText - 1))
}

/** Puts pieces on pages in order; each page holds at least one. */
function fillPages(pieces: readonly Piece[]): Piece[][] {
  const pages: Piece[][] = []
  let left = 0
  for (const piece of pieces) {
    const page = pages.at(-1)
    const blocks = page?.filter(({ type }) => type === 'table').length ?? 0
    if (!page || piece.length > left || blocks * 2 + 2 > maxPageBlocks) {
      pages.push([piece])
      left = maxPageText - piece.length
    } else {
      page.push(piece)
      left -= piece.length
    }
  }
  return pages
}

/** Lines that follow each other are one block. */
function toBlocks(pieces: readonly Piece[]): KnownBlock[] {
  const blocks: KnownBlock[] = []
  let lines: Line[] = []
  const flush = () => {
    if (lines.length > 0) blocks.push({ type: 'rich_text', elements: [joinLines(lines)] })
    lines = []
  }
  for (const piece of pieces) {
    if (piece.type === 'line') lines.push(piece.line)
    else {
      flush()
      blocks.push(piece.block)
    }
  }
  flush()
  return blocks
}

function actionBlocks(actions: readonly Action[]): ActionsBlock[] {
  const fitting = actions.filter(({ command }) => command.length <= maxButtonValue)
  if (fitting.length === 0) return []
  return [
    {
      type: 'actions',
      elements: fitting.slice(0, maxButtons).map(({ label, command, style }, at) => ({
        type: 'button',
        action_id: `run:${at}`,
        text: {
          type: 'plain_text',
          emoji: false,
          text: plainText(label).slice(0, maxButtonText).toWellFormed(),
        },
        value: command,
        ...(style && { style }),
      })),
    },
  ]
}

/** Characters of everything that people see in a page. */
export function pageLength({ blocks }: Page): number {
  const count = (value: unknown): number => {
    if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + count(each), 0)
    if (typeof value !== 'object' || value === null) return 0
    if ('type' in value && ['text', 'link', 'date'].includes(String(value.type))) {
      return lengthOf(value as never)
    }
    return Object.values(value).reduce((sum: number, each) => sum + count(each), 0)
  }
  return count(blocks)
}
