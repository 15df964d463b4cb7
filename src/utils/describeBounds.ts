import type { Asset } from '#types/chain.ts'
import { trailPolicies } from '#types/trail.ts'
import { formatAmount } from './formatAmount.ts'

/**
 * How certain a stolen amount is, given under each policy of a trail. Where all agree the rule does not matter;
 * where they differ, other money was in the same account.
 */
export function describeBounds(stolen: readonly bigint[], asset: Asset): string {
  const sorted = trailPolicies
    .map((policy, index) => ({ policy, amount: stolen[index] ?? 0n }))
    .sort((a, b) => (a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : 0))
  const [low, , high] = sorted
  if (!low || !high || low.amount === high.amount) {
    return `certain: ${trailPolicies.join(', ')} agree`
  }
  const show = ({ policy, amount }: typeof low) => `${formatAmount(amount, asset)} (${policy})`
  return `between ${show(low)} and ${show(high)}: other money is mixed in`
}
