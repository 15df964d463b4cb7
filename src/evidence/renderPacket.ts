import type { PrintedDocument } from '#types/evidence.ts'
import { formatTime } from '#utils/formatTime.ts'
import { writeCsv } from '#utils/writeCsv.ts'
import type { PacketParts } from './packet.ts'

/** A packet as Markdown: values are code, so that none of them means anything there. */
export function renderMarkdown({ title, parts }: PrintedDocument): string {
  const code = (text: string) => `\`${text.replaceAll('`', '´')}\``
  const blocks = parts.map(({ title: heading, lines }) =>
    [`## ${heading}`, '', ...lines.map(({ name, value }) => `- **${name}:** ${code(value)}`)].join(
      '\n',
    ),
  )
  return `# ${title.replace(/[\\`*_[\]<>#|]/g, (sign) => `\\${sign}`)}\n\n${blocks.join('\n\n')}\n`
}

const columns = [
  ...['block', 'time', 'transaction', 'position', 'from', 'to', 'asset', 'amount'],
  ...['stolen_fifo', 'stolen_taint_first', 'stolen_clean_first'],
]

/** Every transfer of a packet as CSV, amounts in base units; no value of it is a formula. */
export function renderCsv({ question, transactions }: PacketParts): string {
  const rows = transactions.flatMap(({ hash, block, time, transfers }) =>
    transfers.map(({ position, from, to, amount, stolen }) => [
      ...[block, formatTime(time), hash, position, from, to, question.asset.id, amount],
      ...stolen,
    ]),
  )
  return writeCsv(columns, rows)
}
