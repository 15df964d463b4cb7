import { quote } from './quote.ts'
import { UserError } from './userError.ts'

// No code ever stands in one of these: what was typed is not repeated.

export class CodeNeededError extends UserError {
  override name = 'CodeNeededError'
  constructor({ act }: { act: string }) {
    super(`${quote(act)} takes a code of yours.`, {
      hint: 'Send it again with code: and the six digits that your authenticator shows.',
    })
  }
}

export class NotEnrolledError extends UserError {
  override name = 'NotEnrolledError'
  constructor({ account }: { account: string }) {
    super(`The account ${quote(account)} has no authenticator here.`, {
      hint: 'Enroll one with /posse totp enroll.',
    })
  }
}

export class MalformedCodeError extends UserError {
  override name = 'MalformedCodeError'
  constructor() {
    super('That is no code.', { hint: 'A code is the six digits that your authenticator shows.' })
  }
}

export class WrongCodeError extends UserError {
  override name = 'WrongCodeError'
  constructor({ left }: { left: number }) {
    super('That code is wrong; nothing was done.', {
      hint: `Wait for the next one, and check the clock of your phone. Wrong codes left for now: ${left}.`,
    })
  }
}

export class UsedCodeError extends UserError {
  override name = 'UsedCodeError'
  constructor() {
    super('That code was used already; nothing was done.', {
      hint: 'Wait half a minute for the next one: each counts once.',
    })
  }
}

export class TooManyCodesError extends UserError {
  override name = 'TooManyCodesError'
  constructor({ minutes }: { minutes: number }) {
    super('Too many wrong codes; nothing was done.', {
      hint: `Try again in ${minutes} min. If it was not you, tell an admin.`,
    })
  }
}

export class NoSealingKeyError extends UserError {
  override name = 'NoSealingKeyError'
  constructor() {
    super('This Posse has no key to seal secrets with.', {
      hint: 'Whoever runs it sets POSSE_KEY to 64 hex digits, made by openssl rand -hex 32.',
    })
  }
}

export class SecretNotOpenedError extends UserError {
  override name = 'SecretNotOpenedError'
  constructor({ account }: { account: string }) {
    super(`The secret of the account ${quote(account)} does not open with the key POSSE_KEY.`, {
      hint: 'Whoever runs Posse puts the former key back.',
    })
  }
}

/** Whoever got hold of somebody's chat could put an authenticator of their own in the place of theirs. */
export class AlreadyEnrolledError extends UserError {
  override name = 'AlreadyEnrolledError'
  constructor({ account }: { account: string }) {
    super(`The account ${quote(account)} has an authenticator already.`, {
      hint: 'To take another one, send it with code: and what the old one shows.',
    })
  }
}

export class NothingToConfirmError extends UserError {
  override name = 'NothingToConfirmError'
  constructor({ account }: { account: string }) {
    super(`No authenticator of the account ${quote(account)} waits to be confirmed.`, {
      hint: 'Enroll one with /posse totp enroll.',
    })
  }
}
