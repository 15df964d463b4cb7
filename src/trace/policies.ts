import type { Account, Holding, Lot, PolicyName } from '#types/trail.ts'

/**
 * The stolen stretches of one payment: the first `count` of `lots`. `base` is where the payment starts on their
 * scale. One payment serves for all transfers of a draft, since a new array for each would cost more than the rest.
 */
export type Payment = { base: bigint; lots: Lot[]; count: number }

/**
 * How stolen money leaves and enters an account. `take` is called before `paid` rises and `give` before `received`
 * rises, so both see the account as it was.
 */
export type Policy = {
  /** What is moved is never more and never less than what was stolen. */
  conserves: boolean
  /** Takes the payment that raises `account.paid` to `paid`, at most to `received`; writes its stolen stretches down. */
  take(account: Account, holding: Holding, paid: bigint, payment: Payment): void
  give(account: Account, holding: Holding, amount: bigint, payment: Payment): void
}

/** A payment that carries nothing stolen. */
export function emptyPayment(): Payment {
  return { base: 0n, lots: [], count: 0 }
}

/** Base units of a payment that are stolen, added to `before`. */
export function stolenInPayment({ lots, count }: Payment, before = 0n): bigint {
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
  take(account, holding, paid, payment) {
    const { lots } = holding
    payment.base = account.paid
    for (let lot = lots[holding.first]; lot && lot.start < paid; lot = lots[holding.first]) {
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
  give(account, holding, _amount, payment) {
    append(holding, account.received, payment)
  },
}

/** Last in, first out: the scale of the lots is the height of the stack, from 0 to the balance. */
const lifo: Policy = {
  conserves: true,
  take(account, holding, paid, payment) {
    const { lots } = holding
    const top = account.received - account.paid
    const floor = account.received - paid
    payment.base = 0n
    for (let lot = lots.at(-1); lot && lot.end > floor; lot = lots.at(-1)) {
      const start = lot.start > floor ? lot.start : floor
      // The top of the stack is paid first, so it is the start of the payment.
      addLot(payment, { start: top - lot.end, end: top - start })
      lots.pop()
      if (start > lot.start) {
        lots.push({ start: lot.start, end: start })
        break
      }
    }
  },
  give(account, holding, _amount, payment) {
    append(holding, account.received - account.paid, payment)
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
  take(account, holding, paid, payment) {
    const amount = paid - account.paid
    holding.amount = account.received - paid
    payment.base = 0n
    if (amount > 0n) addLot(payment, { start: 0n, end: amount })
  },
  give(account, holding, amount) {
    holding.amount = account.received - account.paid + amount
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
    take(account, holding, paid, payment) {
      payment.base = 0n
      const amount = paid - account.paid
      if (holding.amount === 0n || amount === 0n) return
      const taken = part(holding.amount, account.received - account.paid, amount)
      if (taken === 0n) return
      holding.amount -= taken
      addLot(payment, { start: 0n, end: taken })
    },
    give(_account, holding, _amount, payment) {
      if (payment.count > 0) holding.amount += stolenInPayment(payment)
    },
  }
}

/** Puts a payment that starts at `at` behind the last lot. */
function append({ lots, first }: Holding, at: bigint, payment: Payment): void {
  if (payment.count === 0) return
  const shift = at - payment.base
  for (let index = 0; index < payment.count; index++) {
    const stretch = payment.lots[index]
    if (!stretch) return
    const start = stretch.start + shift
    const end = stretch.end + shift
    const last = lots.length - 1
    const tail = lots[last]
    if (tail && last >= first && tail.end === start) lots[last] = { start: tail.start, end }
    else lots.push({ start, end })
  }
}

/** Used-up lots that stay at the head of a queue before it is moved up. */
const maxUsedLots = 64

function forgetUsedLots(holding: Holding): void {
  if (holding.first * 2 < holding.lots.length) return
  holding.lots.splice(0, holding.first)
  holding.first = 0
}
