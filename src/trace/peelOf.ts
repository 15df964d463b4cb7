import type { Coin } from '#types/chain.ts'

/** Where a small part is peeled off at least two thirds go on. */
const isLargePart = (kept: bigint, all: bigint) => kept * 3n >= all * 2n

/**
 * What a coin is in a peel chain: of two that a transaction makes the large one, which goes on at another address, is kept,
 * and the small one is peeled off. `undefined` where it is no such transaction.
 */
export function peelOf(
  { spent, made }: { spent: readonly Coin[]; made: readonly Coin[] },
  coin: Coin | undefined,
): 'kept' | 'peeled' | undefined {
  // Words of a transaction are coins of nothing.
  const [one, other, ...more] = made.filter(({ amount }) => amount > 0n)
  if (!coin?.amount || !one || !other || more.length > 0) return undefined
  const kept = one.amount > other.amount ? one : other
  const isLarge = isLargePart(kept.amount, one.amount + other.amount)
  if (!isLarge || spent.some(({ address }) => address === kept.address)) return undefined
  return coin.id === kept.id ? 'kept' : 'peeled'
}
