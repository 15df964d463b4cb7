import type { Check } from '#types/evidence.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { formatTime } from '#utils/formatTime.ts'
import { plainText } from '#utils/plainText.ts'
import type { PacketQuestion } from './packet.ts'
import { exitCodeOf } from './verifyPacket.ts'

const words = {
  agrees: 'agrees   ',
  differs: 'DIFFERS  ',
  unchecked: 'unchecked',
  noted: 'note     ',
}

const endings = [
  'It agrees: what the packet says comes of the chain itself.',
  'It differs: do not rely on this packet.',
  'What could be checked agrees; the rest cannot be checked with this node and these lists.',
]

/** What was checked, a line each, and what it amounts to. */
export function renderChecks(question: PacketQuestion, checks: readonly Check[]): string {
  const { asset } = question
  const sources = question.sources.map(
    ({ address, amount }) => `${formatAmount(BigInt(amount), asset)} at ${address}`,
  )
  const count = (verdict: Check['verdict']) =>
    checks.filter((check) => check.verdict === verdict).length
  return [
    `Question: did stolen ${plainText(asset.symbol)} of the case "${plainText(question.case.name)}" come to ${question.address}`,
    `  by block ${question.until}, if after block ${question.followAfter} (${formatTime(question.stolenAt)}) the theft lay with`,
    ...sources.map((source) => `  ${source}?`),
    ...(question.case.isDrill ? ['  It is a drill, no theft.'] : []),
    '',
    ...checks.map(({ verdict, subject, text, fault }) => {
      const kind = fault ? ` [${fault}]` : ''
      return plainText(`${words[verdict]}  ${subject}${kind}: ${text}`)
    }),
    '',
    `${count('agrees')} agree, ${count('differs')} differ, ${count('unchecked')} cannot be checked.`,
    endings[exitCodeOf(checks)],
  ].join('\n')
}
