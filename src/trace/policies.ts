import type { Account, Holding, Lot, PolicyName } from '#types/trail.ts'

/** What money goes in and out of: an account, a coin, or the coins of one transaction put together. */
export type Pot = Pick<Account, 'received' | 'paid'>

/**
 * The stolen part of one payment: all of it (`isWhole`), or the first `count` of `lots`, on a scale on which the
 * payment starts at `base`. One object serves for all transfers of a draft, and a whole payment, the usual case, needs
 * no lots at all: anything new for each transfer would cost more than the rest of the work.
 */
export type Payment = {
  /** Base units that the known balance covers, and whether that is all of it; the rest comes last and is clean. */
  amount: bigint
  isCovered: boolean
  isWhole: boolean
  base: bigint
  lots: Lot[]
  count: number
}

/**
 * How stolen money leaves and enters a pot. `take` is called before `paid` rises and `give` before `received`
 * rises, so both see it as it was. Lots are replaced and never altered: other versions of it hold
 * the same ones.
 */
export type Policy = {
  /** What is moved is never more and never less than what was stolen. */
  conserves: boolean
  /** Takes the payment that raises `pot.paid` to `paid`, at most to `received`; writes its stolen part down. */
  take(pot: Pot, holding: Holding, paid: bigint, payment: Payment): void
  /** Puts in the payment that raises `pot.received` to `received`. */
  give(pot: Pot, holding: Holding, received: bigint, payment: Payment): void
}

/** A payment that carries nothing stolen. */
export function emptyPayment(): Payment {
  return { amount: 0n, isCovered: true, isWhole: false, base: 0n, lots: [], count: 0 }
}

/** Makes a payment carry nothing. */
export function resetPayment(payment: Payment, amount: bigint, isCovered: boolean): void {
  payment.amount = amount
  payment.isCovered = isCovered
  payment.isWhole = false
  payment.count = 0
}

/** Whether any of a payment is stolen. */
export function carriesStolen({ isWhole, count }: Payment): boolean {
  return isWhole || count > 0
}

/** Base units of a payment that are stolen, added to `before`. */
export function stolenInPayment({ amount, isWhole, lots, count }: Payment, before = 0n): bigint {
  if (isWhole) return before + amount
  let sum = before
  for (let index = 0; index < count; index++) {
    const lot = lots[index]
    if (lot) sum += lot.end - lot.start
  }
  return sum
}

function addLot(payment: Payment, lot: Lot): void {
  payment.lots[payment.count] = lot
  payment.count += 1
}

/** Base units of a holding that are stolen. */
export function stolenIn({ amount, lots, first }: Holding): bigint {
  let sum = amount
  for (let index = first; index < lots.length; index++) {
    const lot = lots[index]
    if (lot) sum += lot.end - lot.start
  }
  return sum
}

/** First in, first out: the scale of the lots is all that the account ever received. */
const fifo: Policy = {
  conserves: true,
  take(pot, holding, paid, payment) {
    const { lots } = holding
    const head = lots[holding.first]
    if (head && head.start === pot.paid && head.end > paid) {
      payment.isWhole = paid > pot.paid
      lots[holding.first] = { start: paid, end: head.end }
      return
    }
    payment.base = pot.paid
    for (let lot = head; lot && lot.start < paid; lot = lots[holding.first]) {
      if (lot.end > paid) {
        addLot(payment, { start: lot.start, end: paid })
        lots[holding.first] = { start: paid, end: lot.end }
        break
      }
      addLot(payment, lot)
      holding.first += 1
    }
    if (holding.first > maxUsedLots) forgetUsedLots(holding)
  },
  give(pot, holding, received, payment) {
    append(holding, pot.received, received, payment)
  },
}

/** Last in, first out: the scale of the lots is the height of the stack, from 0 to the balance. */
const lifo: Policy = {
  conserves: true,
  take(pot, holding, paid, payment) {
    const { lots } = holding
    const top = pot.received - pot.paid
    const floor = pot.received - paid
    const upper = lots.at(-1)
    if (upper && upper.end === top && upper.start < floor) {
      payment.isWhole = paid > pot.paid
      lots[lots.length - 1] = { start: upper.start, end: floor }
      return
    }
    payment.base = 0n
    for (let lot = upper; lot && lot.end > floor; lot = lots.at(-1)) {
      const start = lot.start > floor ? lot.start : floor
      // The top of the stack is paid first, so it is the start of the payment.
      addLot(payment, { start: top - lot.end, end: top - start })
      if (start > lot.start) {
        lots[lots.length - 1] = { start: lot.start, end: start }
        break
      }
      lots.pop()
    }
  },
  give(pot, holding, received, payment) {
    append(holding, pot.received - pot.paid, received - pot.paid, payment)
  },
}

/** Every payment carries the account's stolen share, rounded down; the last one carries the rest. */
const haircut = byShare((stolen, balance, amount) =>
  amount === balance ? stolen : (stolen * amount) / balance,
)

/** Stolen money is paid first. */
const taintFirst = byShare((stolen, _balance, amount) => (stolen < amount ? stolen : amount))

/** Clean money is paid first. */
const cleanFirst = byShare((stolen, balance, amount) => {
  const clean = balance - stolen
  return amount > clean ? amount - clean : 0n
})

/** Everything that a reached account holds counts, so nothing is conserved. */
const poison: Policy = {
  conserves: false,
  take(pot, holding, paid, payment) {
    holding.amount = pot.received - paid
    payment.isWhole = paid > pot.paid
  },
  give(pot, holding, received) {
    holding.amount = received - pot.paid
  },
}

/** The six policies. Their exact rules are in the README, section "Policies". */
export const policies: Record<PolicyName, Policy> = {
  fifo,
  lifo,
  haircut,
  'taint-first': taintFirst,
  'clean-first': cleanFirst,
  poison,
}

/** A policy that needs only the balance and the stolen amount. */
function byShare(part: (stolen: bigint, balance: bigint, amount: bigint) => bigint): Policy {
  return {
    conserves: true,
    take(pot, holding, _paid, payment) {
      const { amount } = payment
      if (holding.amount === 0n || amount === 0n) return
      const taken = part(holding.amount, pot.received - pot.paid, amount)
      holding.amount -= taken
      payment.base = 0n
      if (taken === amount) payment.isWhole = true
      else if (taken > 0n) addLot(payment, { start: 0n, end: taken })
    },
    give(_pot, holding, _received, payment) {
      holding.amount = stolenInPayment(payment, holding.amount)
    },
  }
}

/** Puts a payment that takes the place from `at` to `top` behind the last lot. */
function append(holding: Holding, at: bigint, top: bigint, payment: Payment): void {
  if (payment.isWhole) {
    push(holding, at, payment.isCovered ? top : at + payment.amount)
    return
  }
  if (payment.count === 0) return
  const shift = at - payment.base
  for (let index = 0; index < payment.count; index++) {
    const stretch = payment.lots[index]
    if (stretch) push(holding, stretch.start + shift, stretch.end + shift)
  }
}

function push({ lots, first }: Holding, start: bigint, end: bigint): void {
  const last = lots.length - 1
  const tail = lots[last]
  if (tail && last >= first && tail.end === start) lots[last] = { start: tail.start, end }
  else lots.push({ start, end })
}

/** Used-up lots that stay at the head of a queue before it is moved up. */
const maxUsedLots = 64

function forgetUsedLots(holding: Holding): void {
  if (holding.first * 2 < holding.lots.length) return
  holding.lots.splice(0, holding.first)
  holding.first = 0
}
