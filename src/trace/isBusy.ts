import type { Address } from '#types/chain.ts'
import type { Account } from '#types/trail.ts'
import { accountOf, type Draft } from './draft.ts'

const secondsPerDay = 86_400

/** An account that got at least this share of its money from the case is the thief's own, however many it pays. */
const ownSharePerCent = 90n

/**
 * Counts a payee and says whether an unlabelled payer now behaves like a service: it has paid more strangers
 * in one day than the rules allow, and not with money of the case alone.
 */
export function isBusy(draft: Draft, payer: Account, payee: Address, time: number): boolean {
  const limit = draft.rules.busyStrangers
  if (limit === null) return false
  const day = Math.floor(time / secondsPerDay)
  const known = payer.strangers.day === day ? payer.strangers.addresses : []
  const isNew = known.length <= limit && !known.includes(payee) && isStranger(draft, payee)
  // Replaced and not altered: the account before this block still holds the old list.
  const addresses = isNew ? [...known, payee] : known
  payer.strangers = { day, addresses }
  if (addresses.length <= limit || payer.fromCase * 100n >= payer.received * ownSharePerCent) {
    return false
  }
  return !draft.rules.isJudged(payer.address)
}

function isStranger(draft: Draft, address: Address): boolean {
  return accountOf(draft, address) === undefined && !draft.rules.isListed(address)
}
