import type { Address, ChainId, Crossing, Transaction, Transfer } from '#types/chain.ts'
import type { Passage } from '#types/passage.ts'
import type { Account, Rules } from '#types/trail.ts'

/**
 * Where a payment to a bridge goes on, as the bridge says; or as a memo claims that came with a payment. What is burned may
 * go on by anybody's word: it is gone here in any case. Of several that one transaction says, the one of this asset and
 * amount, each once; where none can be told from the others, nothing.
 */
export function crossingOf(
  crossings: readonly Crossing[],
  used: Set<Crossing>,
  { payee: { address, stop }, transfer: { asset, amount } }: { payee: Account; transfer: Transfer },
): Crossing | undefined {
  const own = crossings.filter(({ by }) => by === address)
  if (stop !== 'bridge' && stop !== 'burn') return own.find(({ isClaimed }) => isClaimed)
  const told = crossings.filter(({ isClaimed }) => stop === 'burn' || !isClaimed)
  const all = (own.length > 0 ? own : told).filter((each) => (each.asset ?? asset) === asset)
  const found =
    all.length === 1 ? all[0] : all.find((each) => each.amount === amount && !used.has(each))
  if (found) used.add(found)
  return found
}

/** What a transaction pays out of bridges; of what is given back, to whoever paid or is on the trail. */
export type Arriving = Passage & { isBack: boolean }

/**
 * What of the case a transaction pays out of bridges on `chain`. Where a memo alone says that it went into one, words of
 * coins do not prove that it came out: anybody can write both.
 */
export function arrivingIn(
  { hash, settlements = [], coins }: Transaction,
  { chain, rules }: { chain: ChainId; rules: Rules },
): Arriving[] {
  const told = settlements.flatMap(({ key, isRefund = false }) => {
    const passage = rules.passageOf?.(key)
    if (!passage || (isRefund ? passage.chain : passage.to.chain) !== chain) return []
    const isProven = isRefund || !passage.isClaimed || !coins
    return isProven ? [{ ...passage, isBack: isRefund }] : []
  })
  const tied = (rules.tiesOf?.(hash) ?? []).flatMap((key) => {
    const passage = rules.passageOf?.(key)
    return passage?.to.chain === chain ? [{ ...passage, isBack: false }] : []
  })
  return [...told, ...tied]
}

/** What comes out at an address. Of several each is taken once, in their order; a single one may be paid in parts. */
export function takeArriving(
  arriving: Arriving[],
  address: Address,
  isFollowed: (address: Address) => boolean,
): Arriving | undefined {
  const [first, ...others] = arriving.filter(({ isBack, to, payer }) =>
    isBack ? payer === address || isFollowed(address) : to.address === address,
  )
  if (first && others.length > 0) arriving.splice(arriving.indexOf(first), 1)
  return first
}
