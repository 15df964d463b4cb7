import type {
  Address,
  AssetId,
  Block,
  Coin,
  Crossing,
  Transaction,
  Transfer,
} from '#types/chain.ts'
import {
  type Hop,
  type Ledger,
  type LedgerChange,
  type Rules,
  type SeenTransaction,
  type Trail,
  type TrailChange,
  trailPolicies,
} from '#types/trail.ts'
import { withoutConduits } from './conduits.ts'
import { type Arriving, arrivingIn, crossingOf, isToVault, takeArriving } from './crossings.ts'
import { accountOf, type Book, type Draft, openDraft, openLedger } from './draft.ts'
import { findTrades, type Trade } from './findTrades.ts'
import { followArrival } from './followArrival.ts'
import { followCoins, giveCoin, type Spend } from './followCoins.ts'
import { followTrade } from './followTrade.ts'
import { type Carried, followFee, followTransfer } from './followTransfer.ts'
import { peelOf } from './peelOf.ts'
import { stolenInPayment } from './policies.ts'

/** Balances after the block before, by asset and address, in base units. */
export type PriorBalances = ReadonlyMap<AssetId, ReadonlyMap<Address, bigint>>

/** What is followed of a block: a draft of each ledger, and what came of it so far. */
type Run = {
  trail: Trail
  block: Block
  rules: Rules
  balances: PriorBalances
  drafts: Map<AssetId, Draft>
  hops: Hop[]
  /** What bridges said and was found to belong to a payment. */
  usedCrossings: Set<Crossing>
}

/**
 * Follows a block through a trail: pure, the trail stays as it was.
 * Call it, read the balances that are `missing`, and call it again until none is.
 */
export function followBlock(
  trail: Trail,
  block: Block,
  { rules, balances }: { rules: Rules; balances: PriorBalances },
): TrailChange {
  const run: Run = {
    ...{ trail, block, rules, balances },
    ...{ drafts: new Map(), hops: [], usedCrossings: new Set<Crossing>() },
  }
  for (const ledger of trail.ledgers.values()) addDraft(run, ledger)
  const seen: SeenTransaction[] = []
  const parked: TrailChange['parked'] = []
  const { number, hash, parentHash } = block
  const seenIn = { number, hash, parentHash }
  for (const transaction of block.transactions) {
    followTransaction(run, transaction)
    for (const address of takeParked(run.drafts))
      parked.push({ address, transaction: transaction.hash })
    const opened = takeOpened(run.drafts)
    if (opened.length > 0 || touchesTrail(run.drafts, transaction)) {
      seen.push({ transaction, time: block.time, block: seenIn, opened })
    }
  }
  const drafts = [...run.drafts.values()]
  const isOn = (address: Address) =>
    drafts.some(({ accounts, ledger }) => accounts.has(address) || ledger.accounts.has(address))
  return {
    ledgers: drafts.filter(isChanged).map(changeOf),
    hops: run.hops,
    parked,
    seen,
    issuerActs: block.transactions.flatMap(({ hash: transaction, issuerActs = [] }) =>
      issuerActs.filter(({ address }) => isOn(address)).map((act) => ({ ...act, transaction })),
    ),
    missing: drafts.flatMap(({ ledger, missing }) =>
      [...missing].map((address) => ({ asset: ledger.asset, address })),
    ),
  }
}

function addDraft({ drafts, rules, balances }: Run, ledger: Ledger): Draft {
  const { asset } = ledger
  const book: Book = { isComplete: false, balances: new Map(balances.get(asset)) }
  const draft = openDraft(ledger, { rules, book })
  drafts.set(asset, draft)
  return draft
}

/** Follows what a transaction pays, then its swaps, and its fee last. */
function followTransaction(run: Run, transaction: Transaction): void {
  const { drafts, rules, block, hops } = run
  const { coins } = transaction
  const crossings = [...(transaction.crossings ?? []), ...(rules.toldOf?.(transaction.hash) ?? [])]
  if (coins) {
    followSpend(run, { ...transaction, coins, crossings })
    return
  }
  const isFollowed = (asset: AssetId, address: Address): boolean => {
    const draft = drafts.get(asset)
    const account = draft?.accounts.get(address) ?? draft?.ledger.accounts.get(address)
    return account?.stop === null
  }
  const parts = findTrades(transaction, { isFollowed, rules })
  const transfers = withoutConduits(parts.transfers, { isFollowed, rules, crossings })
  const arriving = arrivingIn(transaction, { block, rules })
  for (const transfer of transfers) {
    const isPaidOut =
      !transfer.isFee && !transfer.isUnlisted && !isFollowed(transfer.asset, transfer.from)
    const isOn = (address: Address) => isFollowed(transfer.asset, address)
    const came = isPaidOut ? takeArriving(arriving, transfer, isOn) : undefined
    if (came) {
      arrive(run, transaction, { transfer, came })
      continue
    }
    const draft = drafts.get(transfer.asset)
    if (draft && transfer.isFee) {
      followFee(draft, transfer, block.time)
      continue
    }
    const carried = draft && followTransfer(draft, transfer, block.time)
    if (!carried) continue
    const { payee, isFirstContact } = carried
    const isNew = isFirstContact && payee.stop === null && !rules.isJudged(payee.address)
    if (isNew && isToVault(crossings, transfer)) payee.stop = 'bridge'
    const stolen = draft.payments.map((payment) => stolenInPayment(payment))
    const crossing = crossingOf(crossings, run.usedCrossings, {
      payee: carried.payee,
      transfer,
    })
    const hop = hopOf(run, transaction, { transfer, carried })
    hops.push({ ...hop, stolen, ...(crossing && { crossing }) })
  }
  for (const trade of parts.trades) followOneTrade(run, { ...transaction, crossings }, trade)
  const { fee } = transaction
  const draft = fee && drafts.get(fee.asset)
  if (draft) followFee(draft, fee, block.time)
}

function followSpend(run: Run, spend: Transaction & Spend): void {
  const { asset, spent, made } = spend.coins
  const draft = run.drafts.get(asset)
  const carriedCoins = draft ? followCoins(draft, spend, run.block.time) : []
  for (const { carried, transfer, stolen } of carriedCoins) {
    const crossing = crossingOf(spend.crossings ?? [], run.usedCrossings, {
      payee: carried.payee,
      transfer,
    })
    const hop = hopOf(run, spend, { transfer, carried })
    const peel = peelOf(spend.coins, made[Number(transfer.position.slice(1))])
    run.hops.push({ ...hop, stolen, ...(crossing && { crossing }), ...(peel && { peel }) })
    // Whom a memo makes a vault holds the coins of many, if it is one: a person says which.
    const { payee } = carried
    if (draft && crossing?.isClaimed && payee.stop === null && !run.rules.isJudged(payee.address)) {
      payee.stop = 'busy'
      draft.parked.push(payee.address)
    }
  }
  // What somebody on the trail spends comes out of no bridge, whatever its words say.
  const isOn = (address: Address) => draft !== undefined && accountOf(draft, address)?.stop === null
  const isOwn = spent.some(({ address }) => isOn(address))
  const { rules, block } = run
  const arriving = isOwn ? [] : arrivingIn(spend, { block, rules })
  for (const [place, coin] of made.entries()) {
    const from = spent[0]?.address
    if (from === undefined) continue
    const { address: to, amount } = coin
    const transfer = { position: `o${place}`, from, to, asset, amount }
    const came = takeArriving(arriving, transfer, isOn)
    if (came) arrive(run, spend, { transfer, came, coin })
  }
}

function arrive(
  run: Run,
  transaction: Transaction,
  {
    transfer,
    came: { passage, isBack },
    coin,
  }: { transfer: Transfer; came: Arriving; coin?: Coin },
): void {
  const { asset } = transfer
  const draft = run.drafts.get(asset) ?? addDraft(run, emptyLedger(asset))
  // A coin was counted in as one that carries nothing.
  const known = coin && accountOf(draft, coin.address)
  if (known) known.received -= transfer.amount
  const options = { passage, time: run.block.time, ...(coin && { give: giveCoin(coin) }) }
  const came = followArrival(draft, transfer, options)
  if (!came) {
    if (known) known.received += transfer.amount
    return
  }
  const { bridge, chain, transaction: source, key } = passage
  const arrived = { bridge, chain, transaction: source, key, ...(isBack && { isBack }) }
  const hop = hopOf(run, transaction, { transfer, carried: came.carried })
  run.hops.push({ ...hop, stolen: came.stolen, arrived })
}

/** Of what came out nothing may have been stolen: it begins with the first swap into it, or the first arrival. */
function emptyLedger(asset: AssetId): Ledger {
  return openLedger({ asset, policies: trailPolicies })
}

function followOneTrade(run: Run, transaction: Transaction, trade: Trade): void {
  const draftOf = (asset: AssetId) => run.drafts.get(asset) ?? addDraft(run, emptyLedger(asset))
  const { asset, amount } = trade
  const { time } = run.block
  const { given, outputs } = followTrade(draftOf(asset), trade, { draftOf, time })
  for (const { carried, output, stolen } of outputs) {
    const transfer = { ...output, from: trade.payer }
    const hop = hopOf(run, transaction, { transfer, carried })
    const { payee } = carried
    const crossing = crossingOf(transaction.crossings ?? [], run.usedCrossings, { payee, transfer })
    const swapped = { asset, amount, stolen: given }
    run.hops.push({ ...hop, stolen, swapped, ...(crossing && { crossing }) })
  }
}

/** Whatever changes the books changes an account, but for an output of a swap too small to follow. */
function isChanged({ accounts, swappedIn, ledger }: Draft): boolean {
  return accounts.size > 0 || swappedIn.some((amount, index) => amount !== ledger.swappedIn[index])
}

function changeOf(draft: Draft): LedgerChange {
  const { ledger, accounts, fees, dropped, swappedIn, swappedOut, dust } = draft
  return { asset: ledger.asset, accounts, fees, dropped, swappedIn, swappedOut, dust }
}

function hopOf(
  { trail, block }: Run,
  { hash }: Transaction,
  { transfer, carried }: { transfer: Transfer; carried: Carried },
): Omit<Hop, 'stolen'> {
  const { position, from, to, asset, amount } = transfer
  const { payee, isFirstContact, isSplit, isMerger, path, idleSeconds } = carried
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

function touchesTrail(
  drafts: Map<AssetId, Draft>,
  { transfers, coins, fee, delegated = [] }: Transaction,
): boolean {
  const isOn = (asset: AssetId, address: Address): boolean => {
    const draft = drafts.get(asset)
    return (
      draft !== undefined && (draft.accounts.has(address) || draft.ledger.accounts.has(address))
    )
  }
  if (fee && isOn(fee.asset, fee.from)) return true
  if (coins) {
    return [...coins.spent, ...coins.made].some(({ address }) => isOn(coins.asset, address))
  }
  // Whoever lets code pay for them may be named nowhere else.
  if (delegated.some((address) => [...drafts.keys()].some((asset) => isOn(asset, address)))) {
    return true
  }
  return transfers.some(({ asset, from, to }) => isOn(asset, from) || isOn(asset, to))
}
