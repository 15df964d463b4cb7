import type { Address, Chain } from '#types/chain.ts'
import type { PrintedDocument } from '#types/evidence.ts'
import { formatAmount, formatExact } from '#utils/formatAmount.ts'
import { formatDuration, formatTime } from '#utils/formatTime.ts'
import { nameLabel } from '#utils/nameLabel.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { plainText } from '#utils/plainText.ts'
import type { Packet, PacketParts } from './packet.ts'

/** What a desk or an authority asks for, the question first: pure. */
export function describePacket(
  { entries, signature }: Packet,
  parts: PacketParts,
  chain: Pick<Chain, 'explorer'> | undefined,
): PrintedDocument {
  const { question, result } = parts
  const { asset, asked } = question
  const [fifo, first, clean] = result.arrived.map((amount) => BigInt(amount)) as [
    bigint,
    bigint,
    bigint,
  ]
  const least = [fifo, first, clean].reduce((low, each) => (each < low ? each : low))
  const most = [fifo, first, clean].reduce((top, each) => (each > top ? each : top))
  const names = namesOf(parts)
  const drill = question.case.isDrill ? [{ name: 'Drill', value: 'an exercise, no theft' }] : []
  return {
    title: plainText(`Evidence: ${question.case.name}, ${showAddress(question.address)}`),
    parts: [
      {
        title: 'What is asked',
        lines: [
          ...drill,
          { name: 'Question', value: plainText(asked.what) },
          { name: 'Address', value: names(question.address) },
          { name: 'Stolen there', value: `${formatAmount(fifo, asset)} by first in, first out` },
          {
            name: 'Bounds',
            value: `${formatAmount(least, asset)} at least, ${formatAmount(most, asset)} at most, by any of the rules`,
          },
          { name: 'Asked for', value: `${asked.days} days` },
          { name: 'Customer may be told', value: asked.mayTell ? 'yes' : 'no' },
          { name: 'Mark', value: `TLP:${question.tlp}` },
        ],
      },
      { title: 'The theft', lines: theftLines(parts, names) },
      {
        title: `The way, ${result.path.length} steps`,
        lines: wayLines(parts, { names, chain }),
      },
      {
        title: 'How it was worked out',
        lines: [
          {
            name: 'Rule',
            value:
              'version 1: first in, first out, beside taint first and clean first; exact base units',
          },
          {
            name: 'Covered',
            value: `${parts.accounts.length} addresses, ${parts.transactions.length} transactions, up to block ${question.until}`,
          },
          { name: 'Left out', value: 'moves inside contracts; balances that they change say so' },
          {
            name: 'Base units',
            value: `${result.arrived.join(', ')} (${asset.decimals} decimals)`,
          },
        ],
      },
      {
        title: 'Who says so',
        lines: [
          { name: 'By', value: plainText(question.by) },
          { name: 'At', value: formatTime(question.madeAt) },
          { name: 'Key', value: signature.key },
          { name: 'Hash', value: entries.at(-1)?.hash ?? '' },
          {
            name: 'Check it',
            value: `posse verify PACKET.json --rpc YOUR_NODE --key ${signature.key}`,
          },
        ],
      },
    ],
  }
}

type Names = (address: Address) => string

/** Addresses with what they are called, by whom and since when. */
function namesOf({ labels }: PacketParts): Names {
  const byAddress = new Map(labels.map((label) => [label.address, label]))
  return (address) => {
    const label = byAddress.get(address)
    if (!label) return showAddress(address)
    const said = nameLabel({ name: label.name, kind: label.called })
    const when = label.date ? `, ${label.date}` : ''
    return plainText(`${showAddress(address)} = ${said}, says ${label.source}${when}`)
  }
}

function theftLines({ question }: PacketParts, names: Names) {
  const { asset, sources, followAfter, stolenAt, chain } = question
  return [
    { name: 'Case', value: plainText(`${question.case.name} (${question.case.id})`) },
    { name: 'Chain', value: chain },
    { name: 'Time', value: formatTime(stolenAt) },
    ...sources.map(({ address, amount }) => ({
      name: `Held after block ${followAfter}`,
      value: `${formatExact(BigInt(amount), asset)} ${asset.symbol} at ${names(address)}`,
    })),
  ]
}

function wayLines(
  { question, transactions, result }: PacketParts,
  { names, chain }: { names: Names; chain: Pick<Chain, 'explorer'> | undefined },
) {
  const { asset, stolenAt } = question
  const byHash = new Map(transactions.map((each) => [each.hash, each]))
  return result.path.flatMap(({ transaction: hash, position }, index) => {
    const transaction = byHash.get(hash)
    const step = transaction?.transfers.find((transfer) => transfer.position === position)
    if (!transaction || !step) return []
    const amount = formatExact(BigInt(step.amount), asset)
    const stolen = formatExact(BigInt(step.stolen[0]), asset)
    const after = formatDuration(transaction.time - stolenAt)
    return [
      {
        name: `${index + 1}`,
        value: `${amount} ${asset.symbol} (${stolen} stolen) to ${names(step.to)}`,
      },
      { name: 'From', value: names(step.from) },
      {
        name: 'When',
        value: `${formatTime(transaction.time)}, ${after} after the theft, block ${transaction.block}`,
      },
      { name: 'Transaction', value: `${hash} ${position}` },
      ...(chain ? [{ name: 'Page', value: `${chain.explorer.transaction}${hash}` }] : []),
    ]
  })
}
