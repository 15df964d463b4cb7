import { quote } from './quote.ts'
import { UserError } from './userError.ts'

export class OrganizationNotFoundError extends UserError {
  override name = 'OrganizationNotFoundError'
  constructor({ id, known }: { id: string; known: readonly string[] }) {
    super(`There is no organization ${quote(id)}.`, {
      hint:
        known.length > 0
          ? `Known: ${known.slice(0, 20).join(', ')}.`
          : 'Add it first: /posse org add ID "NAME" exchange',
    })
  }
}

export class NoKeyError extends UserError {
  override name = 'NoKeyError'
  constructor({ id }: { id: string }) {
    super(`The organization ${quote(id)} has given no key yet.`, {
      hint: `They make one with posse org keygen FILE; then /posse org add ${id} key:PUBLICKEY`,
    })
  }
}

export class WrongSignatureError extends UserError {
  override name = 'WrongSignatureError'
  constructor({ id }: { id: string }) {
    super(`That is no signature of the nonce by the key of ${quote(id)}.`, {
      hint: `They sign what /posse org verify ${id} shows, as a whole, with posse org sign.`,
    })
  }
}

export class InvalidShiftError extends UserError {
  override name = 'InvalidShiftError'
  constructor({ text, reason }: { text: string; reason: string }) {
    super(`${quote(text)} is no shift: ${reason}.`, {
      hint: 'Write days, hours and a time zone, such as mon-fri 09:00-18:00 Asia/Seoul.',
    })
  }
}

/** Members answer for their own organization alone. */
export class NotYourOrganizationError extends UserError {
  override name = 'NotYourOrganizationError'
  constructor({ id }: { id: string }) {
    super(`That is not yours to say of ${quote(id)}.`, {
      hint: 'Its own leads change its key, channels, languages and what it requires; all else is for leads of the house.',
    })
  }
}

export class NotAContactError extends UserError {
  override name = 'NotAContactError'
  constructor({ id, account }: { id: string; account: string }) {
    super(`${quote(account)} is no contact of ${quote(id)}.`, {
      hint: `Add it: /posse org contacts ${id} add freeze account:${account}`,
    })
  }
}
