import type { Address, Coin, Transaction, Transfer } from '#types/chain.ts'
import type { Account, Holding } from '#types/trail.ts'
import { emptyHolding, mintCoin, putCoin, takeCoin } from './coins.ts'
import { accountOf, type Draft } from './draft.ts'
import { type Carried, paymentAt, receive } from './followTransfer.ts'
import { isBusy } from './isBusy.ts'
import { coinJoinPrefix, isCoinJoin } from './isCoinJoin.ts'
import { carriesStolen, type Pot, resetPayment, stolenInPayment } from './policies.ts'

/** A transaction that spends coins and makes others. */
export type Spend = Pick<Transaction, 'hash'> & { coins: NonNullable<Transaction['coins']> }

/** A coin that carries stolen value, where it came to lie, and its stolen part under each policy. */
export type CarriedCoin = {
  carried: Carried
  transfer: Transfer
  stolen: bigint[]
}

/** The coins of one transaction put together, as one account that is empty afterwards. */
type Mix = Pot & { holdings: Holding[] }

/**
 * Follows a transaction of coins: those spent fill a pot in their order, those made are paid out of it in theirs, and the
 * fee is what is left. So every policy says the same of coins as of accounts.
 */
export function followCoins(draft: Draft, { hash, coins }: Spend, time: number): CarriedCoin[] {
  const payers = payersIn(draft, { coins, time })
  const idleSince = new Map([...payers.values()].map((account) => [account, account.activeAt]))
  const mix: Mix = { received: 0n, paid: 0n, holdings: draft.policies.map(emptyHolding) }
  const carrying = new Set<Account>()
  for (const coin of coins.spent) {
    const account = payers.get(coin.address)
    if (putIn(draft, mix, { coin, account }) && account) carrying.add(account)
  }
  for (const account of payers.values()) account.activeAt = time
  if (carrying.size === 0) {
    for (const coin of coins.made) receiveClean(draft, coin)
    return []
  }
  const payer = nearest(carrying)
  const made = madeIn(draft, { hash, coins })
  if (payer.firstPayee === null) payer.firstPayee = mainPayee(draft, { payers, made })
  const carried = made.flatMap((coin, place): CarriedCoin[] => {
    takeOut(draft, mix, coin.amount)
    // All leave at once: none has waited for another.
    payer.activeAt = idleSince.get(payer) ?? time
    return carryCoin(draft, { coin, place, payer, isOwn: payers.has(coin.address), time })
  })
  payer.activeAt = time
  takeOut(draft, mix, mix.received - mix.paid)
  for (let index = 0; index < draft.policies.length; index++) {
    const payment = paymentAt(draft, index)
    if (!carriesStolen(payment) || !draft.policies[index]?.conserves) continue
    draft.fees[index] = stolenInPayment(payment, draft.fees[index])
  }
  return carried
}

/** Accounts on the trail that spend in it. One that behaves like a service is parked before it does. */
function payersIn(
  draft: Draft,
  { coins: { spent, made }, time }: { coins: Spend['coins']; time: number },
): Map<Address, Account> {
  const payers = new Map<Address, Account>()
  for (const { address } of spent) {
    const account = payers.has(address) ? undefined : accountOf(draft, address)
    if (account) payers.set(address, account)
  }
  for (const account of payers.values()) {
    if (account.stop !== null) continue
    if (made.filter((coin) => isBusy(draft, account, coin.address, time)).length === 0) continue
    account.stop = 'busy'
    draft.parked.push(account.address)
  }
  return payers
}

/** Puts a coin into the pot; says whether it carries anything stolen. What a service spends is clean. */
function putIn(
  draft: Draft,
  mix: Mix,
  { coin, account }: { coin: Coin; account: Account | undefined },
): boolean {
  const payer = account?.stop === null ? account : undefined
  const held = payer && takeCoin(payer, coin.id)
  const amount = held?.amount ?? coin.amount
  if (payer) {
    const kept = payer.coins?.reduce((sum, other) => sum + other.amount, 0n) ?? 0n
    payer.paid += amount
    // Coins from before it was reached are counted in when they are spent.
    if (payer.paid + kept > payer.received) payer.received = payer.paid + kept
  }
  let carries = false
  for (const [index, policy] of draft.policies.entries()) {
    const payment = paymentAt(draft, index)
    resetPayment(payment, amount, true)
    const holding = held?.holdings[index]
    if (holding) {
      const copy = { ...holding, lots: [...holding.lots] }
      policy.take({ received: amount, paid: 0n }, copy, amount, payment)
    }
    if (carriesStolen(payment)) carries = true
    policy.give(mix, mixedAt(mix, index), mix.received + amount, payment)
  }
  mix.received += amount
  return carries
}

/** Takes an amount out of the pot; its stolen stretches are then in `draft.payments`. */
function takeOut(draft: Draft, mix: Mix, amount: bigint): void {
  const paid = least(mix.paid + amount, mix.received)
  for (const [index, policy] of draft.policies.entries()) {
    const payment = paymentAt(draft, index)
    resetPayment(payment, paid - mix.paid, paid - mix.paid === amount)
    policy.take(mix, mixedAt(mix, index), paid, payment)
  }
  mix.paid = paid
}

/** Puts the payment in hand into the account of whom a coin was made for. */
function carryCoin(
  draft: Draft,
  {
    coin,
    place,
    payer,
    isOwn,
    time,
  }: { coin: Coin; place: number; payer: Account; isOwn: boolean; time: number },
): CarriedCoin[] {
  if (!draft.payments.some(carriesStolen)) {
    receiveClean(draft, coin)
    return []
  }
  const { address: to, amount } = coin
  const { asset } = draft.ledger
  const transfer = { position: `o${place}`, from: payer.address, to, asset, amount }
  const stolen = draft.payments.map((payment) => stolenInPayment(payment))
  const carried = receive(draft, transfer, { payer, time, give: giveCoin(coin) })
  // Change that comes back to an address that paid has moved nowhere, and is no more of the case than before.
  if (carried && isOwn) giveBack(carried.payee, amount, draft.rules.busyStrangers !== null)
  return carried && !isOwn ? [{ carried, transfer, stolen }] : []
}

/** Change undoes so much of what was paid: else whoever uses one address again and again would seem to live off the case. */
function giveBack(account: Account, amount: bigint, isCounted: boolean): void {
  const back = least(amount, account.paid)
  account.paid -= back
  account.received -= back
  if (isCounted) account.fromCase -= back
}

/** Puts a coin into an account. A service keeps an amount: its coins are of no use to anyone. */
export function giveCoin(coin: Pick<Coin, 'id' | 'amount'>) {
  return (draft: Draft, payee: Account, amount: bigint): void => {
    payee.received += amount
    const names = draft.ledger.policies
    const minted = mintCoin(coin, { payments: draft.payments, names })
    putCoin(payee, minted)
    if (payee.stop !== null && payee.stop !== 'busy') payee.coins = []
  }
}

function receiveClean(draft: Draft, { address, amount }: Coin): void {
  const account = accountOf(draft, address)
  if (account) account.received += amount
}

/** What is made of the pot: all of it rests where nobody can tell whose is whose, unless a person has judged that. */
function madeIn({ rules }: Draft, { hash, coins: { spent, made } }: Spend): readonly Coin[] {
  const address = `${coinJoinPrefix}${hash}`
  const isCleared = rules.isJudged(address) && rules.serviceOf(address) === null
  if (!isCoinJoin({ spent, made }) || isCleared) return made
  return [{ id: `${hash}:0`, address, amount: made.reduce((sum, { amount }) => sum + amount, 0n) }]
}

/** Who goes on with the trail: of a peel chain the kept part, which is the larger one. */
function mainPayee(
  { rules }: Draft,
  { payers, made }: { payers: ReadonlyMap<Address, Account>; made: readonly Coin[] },
): Address | null {
  const others = made.filter(
    ({ address }) =>
      !payers.has(address) &&
      !address.startsWith(coinJoinPrefix) &&
      rules.serviceOf(address) === null,
  )
  const main = others.reduce<Coin | null>(
    (most, coin) => (most === null || coin.amount > most.amount ? coin : most),
    null,
  )
  return main?.address ?? null
}

/** Who is the fewest payments away from a source. */
function nearest(accounts: ReadonlySet<Account>): Account {
  const [first, ...others] = accounts
  if (!first) throw new RangeError('Somebody carries what is stolen.')
  const hopsOf = ({ holdings }: Account) => Math.min(...holdings.map(({ hops }) => hops))
  return others.reduce((near, each) => (hopsOf(each) < hopsOf(near) ? each : near), first)
}

function mixedAt({ holdings }: Mix, index: number): Holding {
  const holding = holdings[index]
  if (!holding) throw new RangeError('A pot has one holding for each policy.')
  return holding
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}
