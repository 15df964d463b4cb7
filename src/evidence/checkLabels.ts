import type { Check } from '#types/evidence.ts'
import { serviceKinds } from '#types/label.ts'
import { type LabelIndex, serviceOf } from '#utils/indexLabels.ts'
import type { PacketLabel, PacketParts } from './packet.ts'

/**
 * Compares what a packet calls addresses with the lists at hand: pure. Where a label decides nothing, what no list knows
 * is only noted.
 */
export function checkLabels(
  { question, labels, accounts, transactions }: PacketParts,
  known: LabelIndex,
): Check[] {
  const sources = new Set(question.sources.map(({ address }) => address))
  const payers = new Set(transactions.flatMap(({ transfers }) => transfers.map(({ from }) => from)))
  const stolen = question.sources.reduce((sum, { amount }) => sum + BigInt(amount), 0n)
  const named = labels.map((label) =>
    label.called === 'dust'
      ? checkDust(label, { transactions, floor: BigInt(question.rule.dustFloor), stolen })
      : checkLabel(label, known, { isPayer: payers.has(label.address) }),
  )
  const through = accounts.flatMap(({ address }): Check[] => {
    const kind = sources.has(address) ? null : serviceOf(known, address)
    if (kind === null || address === question.address) return []
    const text = `is a ${kind} by the lists here, where a trail ends; the packet follows it on`
    return [{ verdict: 'differs', fault: 'lying label', subject: `address ${address}`, text }]
  })
  return [...named, ...through]
}

function checkLabel(
  { address, name, called, source, date, isStop }: PacketLabel,
  known: LabelIndex,
  { isPayer }: { isPayer: boolean },
): Check {
  const subject = `label of ${address}`
  const said = `${name || 'without a name'} (${called})`
  if (
    isStop &&
    called !== 'busy' &&
    called !== 'swap' &&
    !(serviceKinds as readonly string[]).includes(called)
  ) {
    const text = `is called ${said}, where no trail ends; the packet ends it`
    return { verdict: 'differs', fault: 'lying label', subject, text }
  }
  const opinions = known.get(address) ?? []
  const same = opinions.find(({ kind }) => kind === called)
  if (same && sameName(same.name, name)) {
    return { verdict: 'agrees', subject, text: `${said}, as ${same.source} says` }
  }
  const [first] = opinions
  if (first && (isStop || !same)) {
    const text = `is called ${said}; by ${first.source} it is ${first.name} (${first.kind})`
    return same
      ? { verdict: 'unchecked', subject, text }
      : { verdict: 'differs', fault: 'lying label', subject, text }
  }
  // Only where money comes back from it the amounts depend on the label.
  const verdict = isStop && isPayer ? 'unchecked' : 'noted'
  const text = `is called ${said} by ${source}${date ? `, ${date}` : ''}; no list here knows it`
  return { verdict, subject, text }
}

/** Lists number the wallets of one service: the first word is its name. */
function sameName(one: string, other: string): boolean {
  const word = (name: string) =>
    name
      .trim()
      .toLowerCase()
      .split(/[\s:]+/, 1)[0]
  return word(one) === word(other)
}

/** What the house did not follow, being too small. */
function checkDust(
  { address }: PacketLabel,
  {
    transactions,
    floor,
    stolen,
  }: { transactions: PacketParts['transactions']; floor: bigint; stolen: bigint },
): Check {
  const subject = `label of ${address}`
  const sums = [0n, 0n, 0n]
  for (const { to, stolen: parts } of transactions.flatMap((each) => each.transfers)) {
    if (to !== address) continue
    for (const [index, amount] of parts.entries())
      sums[index] = (sums[index] ?? 0n) + BigInt(amount)
  }
  const most = sums.reduce((top, sum) => (sum > top ? sum : top), 0n)
  // No house leaves a hundredth of a theft out of sight: a rule that says so is made to hide something.
  if (most < floor && floor <= stolen / 100n) {
    const text = `got ${most} stolen, too little to follow by the rule (${floor})`
    return { verdict: 'agrees', subject, text }
  }
  const text = `got ${most} stolen, not less than the rule leaves out (${floor})`
  return { verdict: 'differs', fault: 'lying label', subject, text }
}
