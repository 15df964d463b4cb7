import { quote } from './quote.ts'
import { UserError } from './userError.ts'

export class InvalidAccountError extends UserError {
  override name = 'InvalidAccountError'
  constructor({ text }: { text: string }) {
    super(`${quote(text)} is no account.`, {
      hint: 'Write the platform and the id there, such as slack:U024BE7LH or discord:80351110224678912.',
    })
  }
}

export class MemberNotFoundError extends UserError {
  override name = 'MemberNotFoundError'
  constructor({
    what,
    text,
    known,
  }: { what: 'member' | 'organization'; text: string; known: readonly string[] }) {
    super(`There is no ${what} ${quote(text)}.`, {
      hint: known.length > 0 ? `Known: ${known.join(', ')}.` : `No ${what} is known yet.`,
    })
  }
}

/** What the settings say, a command does not change: nobody locks the house out of itself. */
export class FixedMemberError extends UserError {
  override name = 'FixedMemberError'
  constructor({ account }: { account: string }) {
    super(`The role of ${quote(account)} stands in the settings.`, {
      hint: 'Change it there and send SIGHUP; nothing was changed.',
    })
  }
}
