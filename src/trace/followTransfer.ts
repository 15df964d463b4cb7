import type { Address, Fee, Transfer } from '#types/chain.ts'
import type { Account } from '#types/trail.ts'
import { accountOf, type Draft, openAccount } from './draft.ts'
import { holdingAt } from './holdingAt.ts'
import { isBusy } from './isBusy.ts'
import { coinJoinPrefix } from './isCoinJoin.ts'
import {
  carriesStolen,
  emptyPayment,
  type Payment,
  resetPayment,
  stolenInPayment,
} from './policies.ts'

/** What a transfer did: it carried stolen value from the payer to the payee. */
export type Carried = {
  payer: Account
  payee: Account
  isFirstContact: boolean
  isSplit: boolean
  isMerger: boolean
  path: Address
  idleSeconds: number
}

/**
 * Follows one transfer through a draft; its stolen stretches stay in `draft.payments` until the next one.
 * Answers `null` when it carried nothing stolen or too little to follow.
 */
export function followTransfer(draft: Draft, transfer: Transfer, time: number): Carried | null {
  const { from, to, amount } = transfer
  if (amount === 0n || from === to) return null
  const payer = accountOf(draft, from)
  draft.payer = payer
  const carries = payer ? pay(draft, payer, transfer, time) : payFromBook(draft, from, amount)
  if (payer && !carries) payer.activeAt = time
  return receive(draft, transfer, { payer: carries ? payer : undefined, time })
}

/**
 * Puts the payment in hand, which carries stolen value where a `payer` is given, into the account of its payee.
 * Answers `null` where it carried nothing, or too little to follow.
 */
export function receive(
  draft: Draft,
  transfer: Transfer,
  {
    payer,
    time,
    give = giveAmount,
  }: {
    payer: Account | undefined
    time: number
    /** How it is put in. @default as an amount */
    give?: (draft: Draft, payee: Account, amount: bigint) => void
  },
): Carried | null {
  const { from, to, amount } = transfer
  let payee = accountOf(draft, to)
  if (!payer) {
    if (payee) give(draft, payee, amount)
    else receiveInBook(draft, to, amount)
    return null
  }
  const idleSeconds = time - payer.activeAt
  payer.activeAt = time
  const isFirstContact = payee === undefined
  const path = pathOf(payer, to)
  payee ??= reach(draft, transfer, { time, firstPayer: from, path })
  if (payee === undefined) {
    drop(draft)
    receiveInBook(draft, to, amount)
    return null
  }
  give(draft, payee, amount)
  countHops(draft, payer, payee)
  const isSplit = payee.stop === null && paidAnother(payer, to)
  const isMerger = !isFirstContact && payee.stop === null && payee.firstPayer !== from
  if (payee.stop === null && payer.address !== to) payer.firstPayee ??= to
  if (draft.rules.busyStrangers !== null) payee.fromCase += amount
  payee.activeAt = time
  return { payer, payee, isFirstContact, isSplit, isMerger, path, idleSeconds }
}

/** Takes what somebody on the trail gave in a swap; its stolen stretches are then in `draft.payments`. */
export function payTrade(
  draft: Draft,
  { payer: from, amount }: { payer: Address; amount: bigint },
  time: number,
): Account | undefined {
  const payer = accountOf(draft, from)
  draft.payer = undefined
  carryNothing(draft)
  if (payer?.stop === null && take(draft, payer, amount)) return payer
  if (payer) payer.activeAt = time
  return undefined
}

/** A path starts at a source and at a split, and is known by its first payee. */
function pathOf(payer: Account, to: Address): Address {
  // What somebody swaps for themselves stays on its path.
  if (payer.address === to) return payer.path
  return payer.firstPayer === null || paidAnother(payer, to) ? to : payer.path
}

/** Whether an account passed stolen value on before, to another address than this one. */
function paidAnother({ address, firstPayee }: Account, to: Address): boolean {
  return address !== to && firstPayee !== null && firstPayee !== to
}

/** Follows the fee of a transaction, paid after its transfers out of what is left. */
export function followFee(draft: Draft, { from, amount }: Fee, time: number): void {
  // Nearly always the payer of the transfer just followed.
  const payer = draft.payer?.address === from ? draft.payer : accountOf(draft, from)
  if (!payer) {
    payFromBook(draft, from, amount)
    return
  }
  payer.activeAt = time
  if (payer.stop !== null) return
  take(draft, payer, amount)
  for (let index = 0; index < draft.policies.length; index++) {
    const payment = paymentAt(draft, index)
    if (!carriesStolen(payment) || !draft.policies[index]?.conserves) continue
    draft.fees[index] = stolenInPayment(payment, draft.fees[index])
  }
}

/** Pays out of an account on the trail; says whether anything stolen left with the payment. */
function pay(draft: Draft, payer: Account, { to, amount }: Transfer, time: number): boolean {
  if (payer.stop === null && isBusy(draft, payer, to, time)) {
    payer.stop = 'busy'
    draft.parked.push(payer.address)
  }
  if (payer.stop === null) return take(draft, payer, amount)
  carryNothing(draft)
  return false
}

/** Takes what the known balance covers of a payment; what it lacks is clean money of unknown origin. */
function take(draft: Draft, payer: Account, amount: bigint): boolean {
  const due = payer.paid + amount
  const isCovered = due <= payer.received
  const paid = isCovered ? due : payer.received
  const known = isCovered ? amount : payer.received - payer.paid
  let carries = false
  for (let index = 0; index < draft.policies.length; index++) {
    const payment = paymentAt(draft, index)
    resetPayment(payment, known, isCovered)
    draft.policies[index]?.take(payer, holdingAt(payer, index), paid, payment)
    if (carriesStolen(payment)) carries = true
  }
  payer.paid = paid
  return carries
}

function giveAmount(draft: Draft, payee: Account, amount: bigint): void {
  const received = payee.received + amount
  for (let index = 0; index < draft.policies.length; index++) {
    draft.policies[index]?.give(payee, holdingAt(payee, index), received, paymentAt(draft, index))
  }
  payee.received = received
}

function carryNothing({ payments }: Draft): void {
  for (const payment of payments) resetPayment(payment, 0n, true)
}

function countHops(draft: Draft, payer: Account, payee: Account): void {
  for (let index = 0; index < draft.policies.length; index++) {
    if (!carriesStolen(paymentAt(draft, index))) continue
    const holding = holdingAt(payee, index)
    holding.hops = Math.min(holding.hops, holdingAt(payer, index).hops + 1)
  }
}

function drop(draft: Draft): void {
  for (const [index, payment] of draft.payments.entries()) {
    draft.dropped[index] = stolenInPayment(payment, draft.dropped[index])
  }
}

/** Whether all that an address off the trail got so far, this payment included, is below the floor. */
function isDust(draft: Draft, address: Address): boolean {
  if (draft.dustFloor === 0n) return false
  const before = draft.dust.get(address) ?? draft.ledger.dust.get(address) ?? 0n
  const parts = draft.payments.map((payment) => stolenInPayment(payment))
  const sum = before + parts.reduce((most, part) => (part > most ? part : most), 0n)
  if (sum >= draft.dustFloor) return false
  draft.dust.set(address, sum)
  return true
}

/** Opens the account of a new payee, unless the stolen part is dust that opens no trail. */
function reach(
  draft: Draft,
  { to: address, position }: Transfer,
  { time, firstPayer, path }: { time: number; firstPayer: Address; path: Address },
): Account | undefined {
  const stop = address.startsWith(coinJoinPrefix) ? 'mixer' : draft.rules.serviceOf(address)
  if (stop === null && isDust(draft, address)) return
  const prior = draft.book.balances.get(address)
  // What a service held before is of no use to anyone: it never pays on.
  if (prior === undefined && !draft.book.isComplete && stop === null) draft.missing.add(address)
  const account = openAccount(draft.ledger, {
    address,
    prior: prior ?? 0n,
    stop,
    time,
    firstPayer,
    path,
  })
  draft.accounts.set(address, account)
  // Nor is it read again when a decision makes it no service: nobody watched it.
  if (!draft.book.isComplete && stop === null)
    draft.opened.push({ address, prior: prior ?? 0n, position })
  return account
}

/** Pays out of an address that is not on the trail: never anything stolen. */
function payFromBook(draft: Draft, address: Address, amount: bigint): false {
  const { book, rules } = draft
  carryNothing(draft)
  const known = book.balances.get(address)
  // A service keeps what it gets; what it pays is clean money.
  if (known === undefined || rules.serviceOf(address) !== null) return false
  book.balances.set(address, amount < known ? known - amount : 0n)
  return false
}

function receiveInBook({ book }: Draft, address: Address, amount: bigint): void {
  const known = book.balances.get(address)
  if (known !== undefined || book.isComplete) book.balances.set(address, (known ?? 0n) + amount)
}

/** The payment in hand under the policy at `index` of the ledger. */
export function paymentAt(draft: Draft, index: number): Payment {
  return draft.payments[index] ?? emptyPayment()
}
