import type { Address, Coin } from '#types/chain.ts'

/** What stands before the hash of a transaction that mixed the coins of many. */
export const coinJoinPrefix = 'coinjoin:'

/** Outputs of less are change or notes, not what people mix: 0.0001 BTC. */
const leastMixed = 10_000n

/** Equal outputs that are telling by themselves, and those that are where they make up half of all. */
const manyEqual = 5
const fewEqual = 3

/**
 * Whether several people put their coins together so that nobody can tell whose is whose: several outputs of one amount
 * to different addresses, and coins from at least as many addresses. Pure.
 * @see https://arxiv.org/abs/1708.04748 "When the cookie meets the blockchain", section 6.1
 */
export function isCoinJoin({
  spent,
  made,
}: {
  spent: readonly Coin[]
  made: readonly Coin[]
}): boolean {
  const payees = new Map<bigint, Set<Address>>()
  for (const { amount, address } of made) {
    if (amount < leastMixed) continue
    payees.set(amount, (payees.get(amount) ?? new Set()).add(address))
  }
  const equal = Math.max(0, ...[...payees.values()].map(({ size }) => size))
  const isTelling = equal >= manyEqual || (equal >= fewEqual && equal * 2 >= made.length)
  return isTelling && new Set(spent.map(({ address }) => address)).size >= equal
}
