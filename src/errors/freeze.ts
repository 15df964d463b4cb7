import { quote } from './quote.ts'
import { UserError } from './userError.ts'

export class FreezeNotFoundError extends UserError {
  override name = 'FreezeNotFoundError'
  constructor({ id, known }: { id: string; known: readonly string[] }) {
    super(`There is no freeze ${quote(id)} that you may see.`, {
      hint: known.length > 0 ? `Open: ${known.slice(0, 10).join(', ')}.` : 'None is open.',
    })
  }
}

/** What people do to a freeze, as a sentence says it. */
const acts: Record<string, string> = {
  approve: 'approved',
  deliver: 'delivered',
  see: 'seen',
  hold: 'held',
  'make durable': 'made durable',
  decline: 'declined',
  release: 'released',
  renew: 'renewed',
  return: 'returned',
  expire: 'expired',
  withdraw: 'withdrawn',
}

export class FreezeStateError extends UserError {
  override name = 'FreezeStateError'
  constructor({ id, state, act }: { id: string; state: string; act: string }) {
    super(`The freeze ${quote(id)} is ${state} and cannot be ${acts[act] ?? act} now.`, {
      hint: `How it came to that: /posse freeze status ${id}`,
    })
  }
}

export class FreezeAmountError extends UserError {
  override name = 'FreezeAmountError'
  constructor({ id, amount, most }: { id: string; amount: string; most: string }) {
    super(`${quote(amount)} is not what the freeze ${quote(id)} can be about.`, {
      hint: `There is ${most} at most; leave the amount out for all of it.`,
    })
  }
}

/** The same person asks and approves, or a stranger answers for an organization. */
export class NotYoursToDecideError extends UserError {
  override name = 'NotYoursToDecideError'
  constructor({ id, who }: { id: string; who: string }) {
    super(`The freeze ${quote(id)} waits for ${who}.`, {
      hint: 'Ask them; nothing was changed.',
    })
  }
}

export class NobodyToAskError extends UserError {
  override name = 'NobodyToAskError'
  constructor({ organization }: { organization: string }) {
    super(`The organization ${quote(organization)} has no channel and no contact.`, {
      hint: `Name one first: /posse org add ${organization} channels:slack:C024BE91L, or /posse org contacts ${organization}.`,
    })
  }
}

/** Nothing stolen stands at the address, as far as the case knows. */
export class NothingToFreezeError extends UserError {
  override name = 'NothingToFreezeError'
  constructor({ address, caseId }: { address: string; caseId: string }) {
    super(`Nothing of the case ${quote(caseId)} has come to ${quote(address)}.`, {
      hint: `What is known of it: /posse lookup ${address}`,
    })
  }
}

export class AlreadyAskedError extends UserError {
  override name = 'AlreadyAskedError'
  constructor({ address, organization }: { address: string; organization: string }) {
    super(`${quote(organization)} is being asked about ${quote(address)} already.`, {
      hint: 'A lead of the house may tell you more.',
    })
  }
}

/** Whom a case is not shared with, nobody asks by accident. */
export class NotSharedError extends UserError {
  override name = 'NotSharedError'
  constructor({ organization, caseId }: { organization: string; caseId: string }) {
    super(`The case ${quote(caseId)} is not shared with ${quote(organization)}.`, {
      hint: `Share it first: /posse mark case ${caseId} AMBER ${organization}`,
    })
  }
}
