import type { APIActionRowComponent, APIComponentInMessageActionRow, APIEmbed } from 'discord.js'
import type { Action, Message, Section, Severity, Span, Text } from '#types/message.ts'
import { hasLongText } from '#utils/hasLongText.ts'
import { plainText } from '#utils/plainText.ts'
import { textOf } from '#utils/textOf.ts'
import {
  maxCustomId,
  maxDescription,
  maxEmbedText,
  maxLabel,
  maxRowButtons,
  maxRows,
} from './limits.ts'
import { cutMarkdown, toMarkdown } from './toMarkdown.ts'

/** What a message of Discord holds. */
export type Page = {
  embeds: APIEmbed[]
  components: APIActionRowComponent<APIComponentInMessageActionRow>[]
}

/** Signs and colours that say the same. */
const signs: Record<Severity, { sign: string; color: number }> = {
  red: { sign: '🔴 ', color: 0xd92d20 },
  amber: { sign: '🟠 ', color: 0xf79009 },
  info: { sign: '🔵 ', color: 0x2e90fa },
}

/** Characters of a page: one embed. */
const maxPage = Math.min(maxDescription, maxEmbedText)

/** Before a custom id that is a command. */
export const runPrefix = 'run:'

/**
 * A message as Discord shows it, in as many pages as its limits ask for; buttons stand on the first. `onCut` hears of
 * lines that were too long.
 */
export function renderEmbeds(
  message: Message,
  { onCut = () => undefined }: { onCut?: () => void } = {},
): Page[] {
  const { severity, actions = [] } = message
  if (hasLongText(message)) onCut()
  const color = severity ? { color: signs[severity].color } : {}
  return fillPages(linesOf(message).map((line) => cutLine(line, onCut))).map((lines, at) => ({
    embeds: [{ description: lines.join('\n') || '…', ...color }],
    components: at === 0 ? renderActions(actions) : [],
  }))
}

function linesOf({ title, severity, sections }: Message): Text[] {
  const sign = severity ? signs[severity].sign : ''
  const lines = sections.map(sectionLines).filter((own) => own.length > 0)
  return [[sign, ...toBold([title].flat())], ...lines.flatMap((own) => ['', ...own])]
}

/** Bold as a whole; two bold pieces in a row would show their marks. */
function toBold(spans: readonly Span[]): Span[] {
  const bold: Span[] = []
  for (const span of spans) {
    const text = typeof span === 'string' ? span : 'strong' in span ? span.strong : null
    const last = bold.at(-1)
    if (text === null) bold.push(span)
    else if (typeof last === 'object' && 'strong' in last) last.strong += text
    else bold.push({ strong: text })
  }
  return bold
}

function sectionLines(section: Section): Text[] {
  switch (section.type) {
    case 'text':
      return [section.text]
    case 'fields':
      return section.fields.map(({ name, value }) => [{ strong: name }, '  ', value].flat())
    case 'table': {
      const { columns, rows } = section
      if (columns.length === 0 || rows.length === 0) return []
      const head: Text[] = columns.map(({ name }) => ({ strong: name }))
      return [head, ...rows.map((row) => columns.map((_, at) => cellOf(row[at])))].map((cells) =>
        cells.flatMap((cell, at) => (at === 0 ? [cell].flat() : [' · ', cell].flat())),
      )
    }
  }
}

/** What is empty is shown as such: all else stands in a row without columns. */
function cellOf(cell: Text = ''): Text {
  return textOf(cell) === '' ? '–' : cell
}

function cutLine(line: Text, onCut: () => void): string {
  const whole = toMarkdown(line)
  if (whole.length <= maxPage) return whole
  onCut()
  return cutMarkdown(line, maxPage)
}

/** Puts lines on pages in order. */
function fillPages(lines: readonly string[]): string[][] {
  const pages: string[][] = []
  let left = 0
  for (const line of lines) {
    const page = pages.at(-1)
    if (!page || line.length + 1 > left) {
      pages.push([line])
      left = maxPage - line.length
    } else {
      page.push(line)
      left -= line.length + 1
    }
  }
  return pages
}

const styles = { primary: 1, secondary: 2, danger: 4 } as const

/** Buttons in rows; a command that is too long for one has none. */
export function renderActions(actions: readonly Action[]): Page['components'] {
  const buttons = actions
    .filter(({ command }) => command.length + runPrefix.length <= maxCustomId)
    .slice(0, maxRows * maxRowButtons)
    .map(({ label, command, style = 'secondary' as const }) => ({
      type: 2 as const,
      style: styles[style],
      label: plainText(label).slice(0, maxLabel).toWellFormed(),
      custom_id: runPrefix + command,
    }))
  const unique = [...new Map(buttons.map((button) => [button.custom_id, button])).values()]
  const rows = Math.ceil(unique.length / maxRowButtons)
  return Array.from({ length: rows }, (_, at) => ({
    type: 1,
    components: unique.slice(at * maxRowButtons, (at + 1) * maxRowButtons),
  }))
}
