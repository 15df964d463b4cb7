import type { Address, AssetId, Block, Transaction, Transfer } from '#types/chain.ts'
import {
  type Hop,
  type Rules,
  type SeenTransaction,
  type Trail,
  type TrailChange,
  trailPolicies,
} from '#types/trail.ts'
import { type Book, type Draft, openDraft, openLedger } from './draft.ts'
import { findTrades } from './findTrades.ts'
import { followTrade } from './followTrade.ts'
import { type Carried, followFee, followTransfer } from './followTransfer.ts'
import { stolenInPayment } from './policies.ts'

/** Balances after the block before, by asset and address, in base units. */
export type PriorBalances = ReadonlyMap<AssetId, ReadonlyMap<Address, bigint>>

/**
 * Follows a block through a trail: pure, the trail stays as it was.
 * Call it, read the balances that are `missing`, and call it again until none is.
 */
export function followBlock(
  trail: Trail,
  block: Block,
  { rules, balances }: { rules: Rules; balances: PriorBalances },
): TrailChange {
  const drafts = new Map<AssetId, Draft>()
  for (const [asset, ledger] of trail.ledgers) {
    const book: Book = { isComplete: false, balances: new Map(balances.get(asset)) }
    drafts.set(asset, openDraft(ledger, { rules, book }))
  }
  const hops: Hop[] = []
  const seen: SeenTransaction[] = []
  const parked: TrailChange['parked'] = []
  const { number, hash, parentHash } = block
  const seenIn = { number, hash, parentHash }
  const draftOf = (asset: AssetId): Draft => {
    const known = drafts.get(asset)
    if (known) return known
    // Nothing of it was stolen: it begins with the first swap into it.
    const ledger = openLedger({ asset, policies: trailPolicies })
    const book: Book = { isComplete: false, balances: new Map(balances.get(asset)) }
    const made = openDraft(ledger, { rules, book })
    drafts.set(asset, made)
    return made
  }
  const isFollowed = (asset: AssetId, address: Address): boolean => {
    const draft = drafts.get(asset)
    const account = draft?.accounts.get(address) ?? draft?.ledger.accounts.get(address)
    return account?.stop === null
  }
  for (const transaction of block.transactions) {
    const { transfers, trades } = findTrades(transaction, { isFollowed, rules })
    for (const transfer of transfers) {
      const draft = drafts.get(transfer.asset)
      if (draft && transfer.isFee) {
        followFee(draft, transfer, block.time)
        continue
      }
      const carried = draft && followTransfer(draft, transfer, block.time)
      if (carried) {
        const stolen = draft.payments.map((payment) => stolenInPayment(payment))
        hops.push({ ...hopOf(trail, block, transaction, transfer, carried), stolen })
      }
    }
    for (const trade of trades) {
      const draft = draftOf(trade.asset)
      const { given, outputs } = followTrade(draft, trade, { draftOf, time: block.time })
      const swapped = { asset: trade.asset, amount: trade.amount, stolen: given }
      for (const { carried, output, stolen } of outputs) {
        const transfer = { ...output, from: trade.payer }
        const hop = hopOf(trail, block, transaction, transfer, carried)
        hops.push({ ...hop, stolen, swapped })
      }
    }
    const { fee } = transaction
    const feeDraft = fee && drafts.get(fee.asset)
    if (feeDraft) followFee(feeDraft, fee, block.time)
    for (const address of takeParked(drafts))
      parked.push({ address, transaction: transaction.hash })
    const opened = takeOpened(drafts)
    if (opened.length > 0 || touchesTrail(drafts, transaction)) {
      seen.push({ transaction, time: block.time, block: seenIn, opened })
    }
  }
  // Whatever changes the books changes an account, but for an output of a swap too small to follow.
  const touched = [...drafts.values()].filter(
    ({ accounts, swappedIn, ledger }) =>
      accounts.size > 0 || swappedIn.some((amount, index) => amount !== ledger.swappedIn[index]),
  )
  return {
    ledgers: touched.map(({ ledger, accounts, fees, dropped, swappedIn, swappedOut, dust }) => ({
      asset: ledger.asset,
      accounts,
      fees,
      dropped,
      swappedIn,
      swappedOut,
      dust,
    })),
    hops,
    parked,
    seen,
    missing: [...drafts.values()].flatMap(({ ledger, missing }) =>
      [...missing].map((address) => ({ asset: ledger.asset, address })),
    ),
  }
}

function hopOf(
  trail: Trail,
  block: Block,
  { hash }: Transaction,
  { position, from, to, asset, amount }: Transfer,
  { payee, isFirstContact, isSplit, isMerger, path, idleSeconds }: Carried,
): Omit<Hop, 'stolen'> {
  return {
    caseId: trail.caseId,
    chain: trail.chain,
    block: block.number,
    time: block.time,
    transaction: hash,
    position,
    from,
    to,
    asset,
    amount,
    hops: Math.min(...payee.holdings.map(({ hops }) => hops)),
    stop: payee.stop,
    isFirstContact,
    isSplit,
    isMerger,
    path,
    idleSeconds,
  }
}

function takeOpened(drafts: Map<AssetId, Draft>): NonNullable<SeenTransaction['opened']> {
  return [...drafts].flatMap(([asset, draft]) =>
    draft.opened.splice(0).map((known) => ({ asset, ...known })),
  )
}

function takeParked(drafts: Map<AssetId, Draft>): Address[] {
  return [...drafts.values()].flatMap((draft) => draft.parked.splice(0))
}

function touchesTrail(drafts: Map<AssetId, Draft>, { transfers, fee }: Transaction): boolean {
  const isOn = (asset: AssetId, address: Address): boolean => {
    const draft = drafts.get(asset)
    return (
      draft !== undefined && (draft.accounts.has(address) || draft.ledger.accounts.has(address))
    )
  }
  if (fee && isOn(fee.asset, fee.from)) return true
  return transfers.some(({ asset, from, to }) => isOn(asset, from) || isOn(asset, to))
}
