import { quote } from './quote.ts'
import { UserError } from './userError.ts'

/** Who is a member need not ask. */
export class AlreadyMemberError extends UserError {
  override name = 'AlreadyMemberError'
  constructor({ account, role }: { account: string; role: string }) {
    super(`The account ${quote(account)} is a ${role} already.`, {
      hint: 'What it may do: /posse help.',
    })
  }
}

/** Strangers cannot fill the memory of the house. */
export class TooManyRequestsError extends UserError {
  override name = 'TooManyRequestsError'
  constructor() {
    super('Too many requests for access wait for an answer.', {
      hint: 'Ask a person of the house directly, or try again tomorrow.',
    })
  }
}

export class RequestNotFoundError extends UserError {
  override name = 'RequestNotFoundError'
  constructor({ account, known }: { account: string; known: readonly string[] }) {
    super(`No request of the account ${quote(account)} waits for you.`, {
      hint: known.length > 0 ? `Waiting: ${known.join(', ')}.` : 'Nobody waits.',
    })
  }
}

/** A lead lets people of the own organization in, up to responders; all else takes an admin. */
export class NotYoursToGrantError extends UserError {
  override name = 'NotYoursToGrantError'
  constructor({ organization, role }: { organization: string; role: string }) {
    super(`You cannot make somebody of ${quote(organization)} a ${role}.`, {
      hint: 'A lead lets in viewers and responders of the own organization; ask an admin.',
    })
  }
}
