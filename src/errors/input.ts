import type { AccountId, Role } from '#types/member.ts'
import type { Filled } from '#types/message.ts'
import { quote } from './quote.ts'
import { UserError } from './userError.ts'

export class InvalidAddressError extends UserError {
  override name = 'InvalidAddressError'
  constructor({ text }: { text: string }) {
    super(`${quote(text)} is not an address.`, {
      hint: 'An Ethereum address is 0x and 40 hex digits; one of Bitcoin begins with bc1, 1 or 3.',
    })
  }
}

export class AddressChecksumError extends UserError {
  override name = 'AddressChecksumError'
  constructor({ text }: { text: string }) {
    super(`The address ${quote(text)} fails its checksum: a digit or a letter's case is wrong.`, {
      hint: 'Copy it again from its source, or write it all in lower case if you are sure of it.',
    })
  }
}

export class InvalidTransactionError extends UserError {
  override name = 'InvalidTransactionError'
  constructor({ text }: { text: string }) {
    super(`${quote(text)} is not a transaction.`, {
      hint: 'The hash of a transaction is 64 hex digits, behind 0x on Ethereum.',
    })
  }
}

export class InvalidSubjectError extends UserError {
  override name = 'InvalidSubjectError'
  constructor({ text }: { text: string }) {
    super(`${quote(text)} is neither an address nor a transaction.`, {
      hint: 'Paste an address (0x and 40 hex digits), a transaction (0x and 64), or a link to either.',
    })
  }
}

export class InvalidAmountError extends UserError {
  override name = 'InvalidAmountError'
  constructor({ text, reason, hint = weiHint }: { text: string; reason: string; hint?: string }) {
    super(`${quote(text)} is not an amount: ${reason}.`, { hint })
  }
}

const weiHint = 'Write a whole number of wei, or a decimal number with a unit such as 1.5ETH.'

export class InvalidDurationError extends UserError {
  override name = 'InvalidDurationError'
  readonly reason: string
  constructor({ text, reason }: { text: string; reason: string }) {
    super(`${quote(text)} is not a span of time: ${reason}.`, {
      hint: 'Write 30m, 2h, 1d12h or 1 week.',
    })
    this.reason = reason
  }
}

export class InvalidTimeError extends UserError {
  override name = 'InvalidTimeError'
  constructor({ text, reason }: { text: string; reason: string }) {
    super(`${quote(text)} is not a clear time: ${reason}.`, {
      hint: 'Write it as 2025-02-21 14:16 UTC, as Unix seconds, or as 2h ago.',
    })
  }
}

/** A name or a note that could fool a reader. */
export class InvalidTextError extends UserError {
  override name = 'InvalidTextError'
  constructor({ text, what, reason }: { text: string; what: string; reason: string }) {
    super(`${quote(text)} cannot be ${what}: ${reason}.`, {
      hint: 'Write it on one line, in characters that can be seen.',
    })
  }
}

export class CaseNotFoundError extends UserError {
  override name = 'CaseNotFoundError'
  constructor({ caseId, known }: { caseId: string; known: string[] }) {
    super(`There is no case ${quote(caseId)}.`, {
      hint: known.length > 0 ? `Open cases: ${known.join(', ')}.` : 'No case is open.',
    })
  }
}

export class UnknownCommandError extends UserError {
  override name = 'UnknownCommandError'
  /** `verbs` are the commands that begin with the noun that was typed. */
  constructor({ name, nearest, verbs = [] }: UnknownCommand) {
    const known = verbs.map((verb) => `/posse ${verb}`).join(', ')
    const others = known === '' ? 'All commands: /posse help.' : `There are: ${known}.`
    super(`There is no command ${quote(name)}.`, {
      hint: nearest ? `Did you mean /posse ${nearest}?` : others,
    })
  }
}

type UnknownCommand = { name: string; nearest: string | null; verbs?: readonly string[] }

/** The role of a member does not reach; the sentence depends on the command alone. */
export class NotAllowedError extends UserError {
  override name = 'NotAllowedError'
  constructor({ role }: { role: Role }) {
    super(`You may not do that here: it takes ${role === 'admin' ? 'an' : 'a'} ${role}.`, {
      hint: 'What you may do: /posse help.',
    })
  }
}

/** Somebody whom the house does not know; the same whatever was asked, and whether it exists or not. */
export class UnknownAccountError extends UserError {
  override name = 'UnknownAccountError'
  constructor({ account }: { account: AccountId }) {
    super('Only members may ask that.', {
      hint: `Ask to be let in: /posse access request. Your account is ${quote(account)}.`,
    })
  }
}

/** Somebody whom the house does not know asks on and on. */
export class TooManyCommandsError extends UserError {
  override name = 'TooManyCommandsError'
  constructor() {
    super('You have asked often enough for this hour.', {
      hint: 'Members may ask as often as they like: ask to be let in, and wait for the answer.',
    })
  }
}

export class InvalidOptionError extends UserError {
  override name = 'InvalidOptionError'
  readonly option: string
  constructor({ option, text, reason, hint }: InvalidOption) {
    super(`${quote(text)} does not fit ${option}: ${reason}.`, { hint })
    this.option = option
  }
}

type InvalidOption = { option: string; text: string; reason: string; hint: string }

export class MissingOptionError extends UserError {
  override name = 'MissingOptionError'
  /** What was given of a command, where it was one. */
  readonly filled: Filled | undefined
  constructor({ option, usage, filled }: { option: string; usage: string; filled?: Filled }) {
    super(`${option} is missing.`, { hint: `Usage: ${usage}` })
    this.filled = filled
  }
}

export class InputTooLongError extends UserError {
  override name = 'InputTooLongError'
  constructor({ text, max }: { text: string; max: number }) {
    super(`${quote(text)} has ${text.length} characters and a command at most ${max}.`, {
      hint: 'Send it in several commands.',
    })
  }
}

export class InvalidSourcesError extends UserError {
  override name = 'InvalidSourcesError'
  constructor({ text, reason = 'it is not ADDRESS=AMOUNT' }: { text: string; reason?: string }) {
    super(`${quote(text)} says no source: ${reason}.`, {
      hint: 'Write 0xADDRESS=1250.5ETH, and @0xTRANSACTION behind it if you know that of the theft.',
    })
  }
}

export class InvalidConfidenceError extends UserError {
  override name = 'InvalidConfidenceError'
  constructor({ text }: { text: string }) {
    super(`${quote(text)} says no share.`, { hint: 'Write how sure you are as 60% or 0.6.' })
  }
}

export class InvalidCountError extends UserError {
  override name = 'InvalidCountError'
  constructor({ text, max }: { text: string; max: number }) {
    super(`${quote(text)} is no whole number from 1 to ${max}.`, { hint: 'Write digits alone.' })
  }
}

export class UnknownTopicError extends UserError {
  override name = 'UnknownTopicError'
  constructor({
    text,
    nearest,
    known,
  }: { text: string; nearest: string | null; known: readonly string[] }) {
    super(`${quote(text)} is no topic.`, {
      hint: nearest ? `Did you mean ${quote(nearest)}?` : `Topics: ${known.join(', ')}.`,
    })
  }
}
