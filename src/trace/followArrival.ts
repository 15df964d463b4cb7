import type { Transfer } from '#types/chain.ts'
import type { Passage } from '#types/passage.ts'
import { type Account, type PolicyName, trailPolicies } from '#types/trail.ts'
import { type Draft, openAccount } from './draft.ts'
import { type Carried, paymentAt, receive } from './followTransfer.ts'
import { holdingAt } from './holdingAt.ts'
import { resetPayment, stolenInPayment } from './policies.ts'

/**
 * Takes in what a bridge pays out: so much of it is stolen as was of what the bridge took, rounded down. Answers `null`
 * where that is nothing, or too little to follow.
 */
export function followArrival(
  draft: Draft,
  transfer: Transfer,
  {
    passage,
    time,
    give,
  }: {
    passage: Passage
    time: number
    give?: (draft: Draft, payee: Account, amount: bigint) => void
  },
): { carried: Carried; stolen: bigint[] } | null {
  const { from, to, amount } = transfer
  for (const [index, name] of draft.ledger.policies.entries()) {
    const payment = paymentAt(draft, index)
    resetPayment(payment, amount, true)
    const stolen = partOf(passage, name, amount)
    if (stolen === 0n) continue
    payment.base = 0n
    payment.lots[0] = { start: 0n, end: stolen }
    payment.count = 1
  }
  const stolen = draft.payments.map((payment) => stolenInPayment(payment))
  if (stolen.every((part) => part === 0n)) return null
  for (const [index, part] of stolen.entries()) {
    if (!draft.policies[index]?.conserves) continue
    draft.swappedIn[index] = (draft.swappedIn[index] ?? 0n) + part
  }
  // Whoever pays out is no account of the trail: what came in elsewhere rests there.
  const payer = openAccount(draft.ledger, {
    address: from,
    prior: 0n,
    stop: null,
    time: passage.time,
    firstPayer: null,
    path: to,
  })
  for (let index = 0; index < draft.policies.length; index++) {
    holdingAt(payer, index).hops = passage.hops
  }
  const carried = receive(draft, transfer, { payer, time, ...(give && { give }) })
  return carried ? { carried, stolen } : null
}

/** The stolen part of `amount`; of rules that no trail keeps, as the first one says. */
function partOf({ amount: whole, stolen }: Passage, name: PolicyName, amount: bigint): bigint {
  const kept = (trailPolicies as readonly PolicyName[]).indexOf(name)
  const part = stolen[Math.max(kept, 0)] ?? 0n
  if (name === 'poison') return part > 0n ? amount : 0n
  return whole === 0n ? 0n : (part * amount) / whole
}
