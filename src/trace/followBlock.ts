import type { Address, AssetId, Block, Transaction, Transfer } from '#types/chain.ts'
import type { Account, Hop, Rules, Trail } from '#types/trail.ts'
import { type Book, type Draft, openDraft } from './draft.ts'
import { type Carried, followFee, followTransfer } from './followTransfer.ts'
import { stolenInPayment } from './policies.ts'

/** One ledger's part of a change: the accounts and totals to put in the place of today's. */
export type LedgerChange = {
  asset: AssetId
  /** `undefined` takes the account off the trail (undoing the block that opened it). */
  accounts: Map<Address, Account | undefined>
  fees: bigint[]
  dropped: bigint[]
}

/** A transaction that touched the trail, kept so that other policies can be worked out later. */
export type SeenTransaction = {
  transaction: Transaction
  time: number
  /** Accounts opened by it, with the balance they held before. */
  opened: { asset: AssetId; address: Address; prior: bigint }[]
}

/** What a block does to a trail. Nothing is changed until `applyChange`. */
export type TrailChange = {
  ledgers: LedgerChange[]
  hops: Hop[]
  /** Addresses that are parked from this block on. */
  parked: Address[]
  seen: SeenTransaction[]
  /** Reached addresses whose balance before this block must be read first; the change is good only when none is left. */
  missing: { asset: AssetId; address: Address }[]
}

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
  for (const transaction of block.transactions) {
    for (const transfer of transaction.transfers) {
      const draft = drafts.get(transfer.asset)
      const carried = draft && followTransfer(draft, transfer, block.time)
      if (carried) {
        const stolen = draft.payments.map((payment) => stolenInPayment(payment))
        hops.push({ ...hopOf(trail, block, transaction, transfer, carried), stolen })
      }
    }
    const { fee } = transaction
    const feeDraft = fee && drafts.get(fee.asset)
    if (feeDraft) followFee(feeDraft, fee)
    const opened = takeOpened(drafts)
    if (opened.length > 0 || touchesTrail(drafts, transaction)) {
      seen.push({ transaction, time: block.time, opened })
    }
  }
  const touched = [...drafts.values()].filter((draft) => draft.accounts.size > 0)
  return {
    ledgers: touched.map(({ ledger, accounts, fees, dropped }) => ({
      asset: ledger.asset,
      accounts,
      fees,
      dropped,
    })),
    hops,
    parked: touched.flatMap(parkedIn),
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
  { payee, isFirstContact, isSplit, idleSeconds }: Carried,
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
    idleSeconds,
  }
}

function takeOpened(drafts: Map<AssetId, Draft>): SeenTransaction['opened'] {
  const opened: SeenTransaction['opened'] = []
  for (const [asset, draft] of drafts) {
    for (const known of draft.opened) opened.push({ asset, ...known })
    draft.opened = []
  }
  return opened
}

function touchesTrail(
  drafts: Map<AssetId, Draft>,
  { transfers, fee }: Transaction,
): boolean {
  const isOn = (asset: AssetId, address: Address): boolean => {
    const draft = drafts.get(asset)
    return draft !== undefined && (draft.accounts.has(address) || draft.ledger.accounts.has(address))
  }
  if (fee && isOn(fee.asset, fee.from)) return true
  return transfers.some(({ asset, from, to }) => isOn(asset, from) || isOn(asset, to))
}

function parkedIn({ ledger, accounts }: Draft): Address[] {
  return [...accounts.values()]
    .filter(({ stop, address }) => stop === 'busy' && ledger.accounts.get(address)?.stop !== 'busy')
    .map(({ address }) => address)
}
