import type { Check } from '#types/evidence.ts'
import { formatExact } from '#utils/formatAmount.ts'
import type { PacketParts } from './packet.ts'
import { type Exhibit, type Rerun, stepKey } from './rerun.ts'

/** Compares each step and the result with what comes of the chain's own transactions under the rule: pure. */
export function checkResult(
  { question, transactions, result }: PacketParts,
  { exhibit, again, isWhole }: { exhibit: Exhibit; again: Rerun; isWhole: boolean },
): Check[] {
  const { asset } = question
  const show = (amount: string | bigint) => `${formatExact(BigInt(amount), asset)} ${asset.symbol}`
  const agreed = isWhole ? 'agrees' : 'unchecked'
  const checks: Check[] = []
  for (const { hash, transfers } of transactions) {
    for (const { position, from, to, stolen } of transfers) {
      const known = again.steps.get(stepKey(hash, position)) ?? [0n, 0n, 0n]
      const isSame = known.map(String).join() === stolen.join()
      if (isSame && known.every((amount) => amount === 0n)) continue
      const subject = `step ${hash} ${position}`
      if (isSame) {
        const text = `carried ${show(stolen[0])} stolen from ${from} to ${to}`
        checks.push({ verdict: agreed, subject, text })
      } else {
        const text = `carried ${known.map(show).join(', ')} stolen by the three rules, not ${stolen.map(show).join(', ')}`
        checks.push({ verdict: 'differs', fault: 'wrong amount', subject, text })
      }
    }
  }
  checks.push(...checkCover({ exhibit, again, until: question.until }))
  const path = again.path.map(({ transaction: { hash }, transfer }) =>
    stepKey(hash, transfer.position),
  )
  const told = result.path.map(({ transaction, position }) => stepKey(transaction, position))
  const subject = 'path'
  if (path.join() === told.join()) {
    const text = `leads in ${told.length} steps from the theft to ${question.address}`
    checks.push({ verdict: agreed, subject, text })
  } else {
    const text = `is not the way by which it first came to ${question.address}`
    checks.push({ verdict: 'differs', fault: 'never happened', subject, text })
  }
  for (const name of ['arrived', 'held'] as const) {
    const isSame = again[name].map(String).join() === result[name].join()
    const subject = `result: ${name}`
    if (isSame && name === 'held' && exhibit.stops.has(question.address)) {
      const text = 'is all that arrived: what becomes of it at a service is not told'
      checks.push({ verdict: 'noted', subject, text })
      continue
    }
    const text = isSame
      ? `${result[name].map(show).join(', ')} by FIFO, taint first and clean first`
      : `is ${again[name].map(show).join(', ')} by the three rules, not ${result[name].map(show).join(', ')}`
    const fault = isSame ? {} : ({ fault: 'wrong amount' } as const)
    checks.push({ verdict: isSame ? agreed : 'differs', subject, text, ...fault })
  }
  if (again.hops !== result.hops) {
    const text = `is ${again.hops}, not ${result.hops}`
    checks.push({ verdict: 'differs', fault: 'wrong amount', subject: 'result: hops', text })
  }
  return checks
}

/** Everybody who passed stolen value on must be told whole while it did. */
function checkCover({
  exhibit,
  again,
  until,
}: {
  exhibit: Exhibit
  again: Rerun
  until: number
}): Check[] {
  const windows = new Map(exhibit.windows.map((window) => [window.address, window]))
  const omitted = (who: string, text: string): Check => ({
    verdict: 'differs',
    fault: 'omitted',
    subject: `address ${who}`,
    text,
  })
  const checks = new Map<string, Check>()
  for (const { address: who, block } of again.uncovered) {
    const text = windows.has(who)
      ? `paid at block ${block}, outside of what is told of it`
      : `paid stolen value in at block ${block} and is not told of`
    checks.set(who, omitted(who, text))
  }
  const { address, stops } = exhibit
  // What an address that is no service still holds depends on what it paid.
  if (!stops.has(address) && (windows.get(address)?.to ?? -1) < until) {
    checks.set(address, omitted(address, `is not told of up to block ${until}`))
  }
  for (const { transaction, block } of exhibit.transactions) {
    for (const { position, to } of transaction.transfers) {
      if (!again.steps.has(stepKey(transaction.hash, position))) continue
      const payee = windows.get(to)
      if (payee && block <= payee.from) {
        checks.set(to, omitted(to, `was reached at block ${block}, before what is told of it`))
      }
    }
  }
  return [...checks.values()]
}
