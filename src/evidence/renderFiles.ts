import type { Context } from '#src/context.ts'
import type { EvidenceOffice } from '#types/evidence.ts'
import type { ReplyFile, Text } from '#types/message.ts'
import type { Json } from '#utils/canonicalJson.ts'
import { canonicalJson } from '#utils/canonicalJson.ts'
import { describeBounds } from '#utils/describeBounds.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { describePacket } from './describePacket.ts'
import type { Packet } from './packet.ts'
import { renderCsv, renderMarkdown } from './renderPacket.ts'
import { partsOf } from './sealPacket.ts'

/** A packet as files, with what a card says of it. */
export async function renderFiles(
  { chains }: Context,
  packet: Packet,
  { printPdf }: Pick<EvidenceOffice, 'printPdf'>,
): Promise<{ name: string; files: ReplyFile[]; fields: { name: string; value: Text }[] }> {
  const parts = partsOf(packet)
  if (!parts) throw new RangeError('A packet has a question and a result.')
  const { question, result, accounts, transactions } = parts
  const head = packet.entries.at(-1)?.hash ?? ''
  const name = ['evidence', question.case.id, question.address.slice(0, 10), head.slice(0, 8)].join(
    '-',
  )
  const document = describePacket(packet, parts, chains.get(question.chain))
  const arrived = result.arrived.map(BigInt)
  const texts = {
    json: canonicalJson(packet as unknown as Json),
    csv: renderCsv(parts),
    md: renderMarkdown(document),
  }
  return {
    name,
    files: [
      ...Object.entries(texts).map(([end, text]) => ({
        name: `${name}.${end}`,
        data: Buffer.from(text),
      })),
      { name: `${name}.pdf`, data: await printPdf(document) },
    ],
    fields: [
      { name: 'Stolen there', value: formatAmount(arrived[0] ?? 0n, question.asset) },
      { name: 'Certainty', value: describeBounds(arrived, question.asset) },
      { name: 'Way', value: `${result.path.length} steps from the theft` },
      {
        name: 'Covered',
        value: `${accounts.length} addresses, ${transactions.length} transactions, to block ${question.until}`,
      },
      { name: 'Mark', value: `TLP:${question.tlp}` },
      { name: 'Hash', value: { code: head } },
    ],
  }
}
