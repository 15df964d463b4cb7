import type { Address, Crossing, Transaction } from '#types/chain.ts'
import type { Passage } from '#types/passage.ts'
import type { Account } from '#types/trail.ts'

/**
 * Where a payment to a bridge goes on, as the bridge says; or as a memo claims that came with a payment. Of several that
 * one transaction says, the one of this amount, each once; where none can be told from the others, nothing.
 */
export function crossingOf(
  { crossings = [] }: Transaction,
  used: Set<Crossing>,
  { payee: { address, stop }, amount }: { payee: Account; amount: bigint },
): Crossing | undefined {
  const own = crossings.filter(({ by }) => by === address)
  if (stop !== 'bridge') return own.find(({ isClaimed }) => isClaimed)
  const all = own.length > 0 ? own : crossings.filter(({ isClaimed }) => !isClaimed)
  const found =
    all.length === 1 ? all[0] : all.find((each) => each.amount === amount && !used.has(each))
  if (found) used.add(found)
  return found
}

/** What comes out at an address. Of several each is taken once, in their order; a single one may be paid in parts. */
export function takeArriving(arriving: Passage[], address: Address): Passage | undefined {
  const [first, ...others] = arriving.filter(({ to }) => to.address === address)
  if (first && others.length > 0) arriving.splice(arriving.indexOf(first), 1)
  return first
}
