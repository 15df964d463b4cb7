import type { Address, AssetId, Transfer } from '#types/chain.ts'

/** What somebody got and handed on inside of one transaction. */
export type Handed = {
  by: Address
  to: Address
  asset: AssetId
  /** Base units. */
  amount: bigint
  /** Whose it was. @default whoever paid it last before that */
  from?: Address
}

/** The same transfers, with what `by` handed on as if it had been paid directly; as they were where they show no such thing. */
export function handOn(
  transfers: readonly Transfer[],
  { by, to, asset, amount, from }: Handed,
): readonly Transfer[] {
  const out = transfers.findIndex(
    (each) => each.from === by && each.to === to && each.asset === asset && each.amount === amount,
  )
  const into = transfers
    .slice(0, Math.max(out, 0))
    .findLastIndex(
      (each) =>
        each.to === by &&
        each.asset === asset &&
        each.amount >= amount &&
        (from === undefined || each.from === from),
    )
  const payment = transfers[into]
  if (!payment) return transfers
  return transfers.flatMap((each, index) => {
    if (index === out) return [{ ...each, from: payment.from }]
    if (index !== into) return [each]
    return payment.amount > amount ? [{ ...payment, amount: payment.amount - amount }] : []
  })
}
