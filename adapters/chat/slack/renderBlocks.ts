import type { types } from '@slack/bolt'
import type { Action, Message, Section, Severity, Text } from '#types/message.ts'
import { hasLongText } from '#utils/hasLongText.ts'
import { plainText } from '#utils/plainText.ts'
import { textOf } from '#utils/textOf.ts'
import { maxButtons, maxButtonText, maxButtonValue, maxFallback, maxMessageText } from './limits.ts'
import { cutLine, joinLines, type Line, lengthOf, toLine } from './richText.ts'

type ActionsBlock = types.ActionsBlock
type KnownBlock = types.KnownBlock

/** A message of Slack: `text` is what notifications and screen readers say. */
export type Page = { text: string; blocks: KnownBlock[] }

/** Signs that say the same in colour and in shape. */
const signs: Record<Severity, string> = { red: '🔴 ', amber: '🟠 ', info: '🔵 ' }

/** Leaves room for buttons. */
const maxPageText = maxMessageText - 500

const nothing: Line = { elements: [], length: 0 }

type Table = Extract<Section, { type: 'table' }>
/**
 * A message as Slack shows it, in as many pages as its limits ask for; buttons stand on the first. Every text is a
 * plain piece of rich text, so that no markup, mention or link of a stranger's comes to be one. `onCut` hears of texts
 * that were too long.
 */
export function renderBlocks(
  message: Message,
  { onCut = () => undefined, page = null }: { onCut?: () => void; page?: string | null } = {},
): Page[] {
  if (hasLongText(message)) onCut()
  const lines = allLines(message).map((line) => {
    if (line.length < maxPageText) return line
    onCut()
    return cutLine(line, maxPageText - 1)
  })
  const pages = fillPages(lines)
  const text = fallbackOf(message)
  return pages.map((own, at) => ({
    text,
    blocks: [
      ...(at === 0 && page !== null ? [mention(page)] : []),
      toBlock(own),
      ...(at === 0 ? actionBlocks(message.actions ?? []) : []),
    ],
  }))
}

/** What a notification says: without anything that Slack could read as markup, a mention or a link. */
export function fallbackOf({ title, severity, sections }: Message): string {
  const first = sections.find((section) => section.type === 'text')
  const more = first?.type === 'text' ? `: ${textOf(first.text)}` : ''
  const said = plainText(`${severity ? signs[severity] : ''}${textOf(title)}${more}`)
  const escaped = said
    .replace(/[*_~`]/g, ' ')
    .replaceAll('@', '＠')
    .replaceAll('://', ': //')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
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

function allLines({ title, severity, sections }: Message): Line[] {
  const sign: Text = severity ? signs[severity] : ''
  // A line without anything between two sections.
  const lines = sections.map(linesOf).filter((own) => own.length > 0)
  return [
    toLine([sign, title].flat(), { bold: true }),
    ...lines.flatMap((own) => [nothing, ...own]),
  ]
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
  if (columns.length === 0 || rows.length === 0) return []
  const head = columns.map(({ name }) => toLine({ strong: name }))
  const body = rows.map((row) => columns.map((_, at) => toLine(cellOf(row[at]))))
  return [head, ...body].map((cells) =>
    joinParts(cells.flatMap((cell, at) => (at === 0 ? [cell] : [toLine('  ·  '), cell]))),
  )
}

/** What is empty is shown as such: all else stands in a row without columns. */
function cellOf(cell: Text = ''): Text {
  return textOf(cell) === '' ? '–' : cell
}

function joinParts(parts: readonly Line[]): Line {
  return {
    elements: parts.flatMap(({ elements }) => elements),
    length: parts.reduce((sum, { length }) => sum + length, 0),
  }
}

/** Puts lines on pages in order; each page holds at least one. */
function fillPages(lines: readonly Line[]): Line[][] {
  const pages: Line[][] = []
  let left = 0
  for (const line of lines) {
    const page = pages.at(-1)
    const length = line.length + 1
    if (!page || length > left) {
      pages.push([line])
      left = maxPageText - length
    } else {
      page.push(line)
      left -= length
    }
  }
  return pages
}

function toBlock(lines: readonly Line[]): KnownBlock {
  return { type: 'rich_text', elements: [joinLines(lines)] }
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
