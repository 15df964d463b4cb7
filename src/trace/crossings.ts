import type {
  Address,
  AssetId,
  Block,
  Crossing,
  Settlement,
  Transaction,
  Transfer,
} from '#types/chain.ts'
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
  if (stop !== 'bridge' && stop !== 'burn') return kept(own.find(({ isClaimed }) => isClaimed))
  const told = crossings.filter(
    ({ by, vault, takers = [], isClaimed }) =>
      stop === 'burn' || (!isClaimed && [by, vault, ...takers].includes(address)),
  )
  const all = (own.length > 0 ? own : told).filter((each) => (each.asset ?? asset) === asset)
  const found =
    all.length === 1 ? all[0] : all.find((each) => each.amount === amount && !used.has(each))
  if (found) used.add(found)
  return kept(found)
}

function kept(crossing: Crossing | undefined): Crossing | undefined {
  if (!crossing) return undefined
  const { takers: _, ...rest } = crossing
  return rest
}

/** Whether a bridge says that a payment went on through it to one of its vaults, which differ from day to day. */
export function isToVault(
  crossings: readonly Crossing[],
  { to, asset, amount }: Transfer,
): boolean {
  return crossings.some(
    (each) =>
      !each.isClaimed && each.vault === to && each.asset === asset && each.amount === amount,
  )
}

/** What a transaction pays out of bridges for a passage, on the terms of the event that says so. */
export type Arriving = Omit<Settlement, 'bridge' | 'key' | 'isRefund'> & {
  passage: Passage
  isBack: boolean
}

/**
 * Seconds by which clocks of chains may differ; those of Bitcoin's kind go wrong by hours. Two that are months apart, as
 * those of test nets, say nothing of each other.
 */
const skew = { accounts: 60, coins: 7_200, unrelated: 2_592_000 }

/**
 * What of the case a transaction pays out of bridges. Nothing comes out before it went in. Where a memo alone says that it
 * went into one, words of coins do not prove that it came out: anybody can write both.
 */
export function arrivingIn(
  { hash, settlements = [], coins }: Transaction,
  { block, rules }: { block: Pick<Block, 'chain' | 'number' | 'time'>; rules: Rules },
): Arriving[] {
  const { chain, number, time } = block
  const isAfter = (passage: Passage): boolean => {
    if (passage.chain === chain) return number > passage.block
    const isOfCoins = [chain, passage.chain].some((each) => each.startsWith('bip122:'))
    const early = passage.time - time
    return early <= (isOfCoins ? skew.coins : skew.accounts) || early > skew.unrelated
  }
  const hasTerms = ({ payee, amount }: Settlement) => payee !== undefined || amount !== undefined
  const told = settlements.flatMap((settlement): Arriving[] => {
    const { bridge: _, key, isRefund = false, ...terms } = settlement
    // Of a packet and of what it pays the one that says more.
    const isRepeated = settlements.some((each) => each.key === key && hasTerms(each))
    if (isRepeated && !hasTerms(settlement)) return []
    const passage = rules.passageOf?.(key)
    if (!passage || (isRefund ? passage.chain : passage.to.chain) !== chain) return []
    const isProven = isRefund || !passage.isClaimed || !coins
    return isProven && isAfter(passage) ? [{ ...terms, passage, isBack: isRefund }] : []
  })
  const tied = (rules.tiesOf?.(hash) ?? []).flatMap((key): Arriving[] => {
    const passage = rules.passageOf?.(key)
    return passage?.to.chain === chain ? [{ passage, isBack: false }] : []
  })
  return [...told, ...tied]
}

/**
 * What comes out by a payment: only what the bridge says that it pays, and to whom. Of several each is taken once, in
 * their order; a single one may be paid in parts.
 */
export function takeArriving(
  arriving: Arriving[],
  transfer: { to: Address; asset: AssetId; amount: bigint },
  isFollowed: (address: Address) => boolean,
): Arriving | undefined {
  const [first, ...others] = arriving.filter((each) => isFor(each, transfer, isFollowed))
  if (!first) return undefined
  if (first.amount !== undefined) first.amount -= transfer.amount
  if (first.amount === 0n || others.length > 0) arriving.splice(arriving.indexOf(first), 1)
  return first
}

function isFor(
  { passage, isBack, payee, named = payee, ...terms }: Arriving,
  { to, asset, amount }: { to: Address; asset: AssetId; amount: bigint },
  isFollowed: (address: Address) => boolean,
): boolean {
  if (terms.asset !== undefined && terms.asset !== asset) return false
  if (terms.amount !== undefined && terms.amount < amount) return false
  if (payee !== undefined && payee !== to) return false
  if (named === null) return true
  if (isBack) return passage.payer === to || isFollowed(to)
  return (named ?? to) === passage.to.address
}
