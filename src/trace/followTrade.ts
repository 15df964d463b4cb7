import type { AssetId } from '#types/chain.ts'
import type { Draft } from './draft.ts'
import type { Trade } from './findTrades.ts'
import { type Carried, payTrade, receive } from './followTransfer.ts'
import { carriesStolen, emptyPayment, type Payment, stolenInPayment } from './policies.ts'

/** One output of a swap that carried stolen value, and its stolen part under each policy. */
export type CarriedOutput = {
  carried: Carried
  output: Trade['got'][number]
  stolen: bigint[]
}

/**
 * Follows a swap: what was stolen of the payment leaves its ledger and comes into those of what came out, at the rate of
 * the swap itself. Each output carries the share of the payment that was stolen, rounded down.
 */
export function followTrade(
  draft: Draft,
  trade: Trade,
  { draftOf, time }: { draftOf: (asset: AssetId) => Draft; time: number },
): { given: bigint[]; outputs: CarriedOutput[] } {
  const payer = payTrade(draft, trade, time)
  const payments = draft.payments.map((payment) => ({ ...payment, lots: [...payment.lots] }))
  const given = payments.map((payment) => stolenInPayment(payment))
  for (const [index, amount] of given.entries()) {
    if (draft.policies[index]?.conserves) {
      draft.swappedOut[index] = (draft.swappedOut[index] ?? 0n) + amount
    }
  }
  const activeAt = payer?.activeAt ?? time
  const outputs = trade.got.flatMap((output): CarriedOutput[] => {
    const into = draftOf(output.asset)
    into.payments = payments.map((payment) =>
      scale(payment, { of: trade.amount, to: output.amount }),
    )
    into.payer = undefined
    const carries = into.payments.some(carriesStolen)
    const stolen = into.payments.map((payment) => stolenInPayment(payment))
    for (const [index, amount] of stolen.entries()) {
      if (into.policies[index]?.conserves) {
        into.swappedIn[index] = (into.swappedIn[index] ?? 0n) + amount
      }
    }
    const { to, asset, amount, position } = output
    // Several outputs leave at once: none of them has waited for another.
    if (payer) payer.activeAt = activeAt
    const transfer = { position, from: trade.payer, to, asset, amount }
    const carried = receive(into, transfer, { payer: carries ? payer : undefined, time })
    return carried ? [{ carried, output, stolen }] : []
  })
  return { given, outputs }
}

/** The stolen stretches of a payment of `of` as they lie in one of `to`. */
function scale(payment: Payment, { of, to }: { of: bigint; to: bigint }): Payment {
  const { amount, isCovered, isWhole, base, lots, count } = payment
  if (isWhole && isCovered) return { ...emptyPayment(), amount: to, isWhole: true }
  const stretches = isWhole ? [{ start: base, end: base + amount }] : lots.slice(0, count)
  const scaled = stretches
    .map(({ start, end }) => ({ start: ((start - base) * to) / of, end: ((end - base) * to) / of }))
    .filter(({ start, end }) => end > start)
  return { ...emptyPayment(), amount: to, lots: scaled, count: scaled.length }
}
