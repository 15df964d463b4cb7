import { quote } from './quote.ts'
import { UserError } from './userError.ts'

export class InvalidAddressError extends UserError {
  override name = 'InvalidAddressError'
  constructor({ text }: { text: string }) {
    super(`${quote(text)} is not an address.`, {
      hint: 'An Ethereum address is 0x and 40 hex digits.',
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

export class InvalidAmountError extends UserError {
  override name = 'InvalidAmountError'
  constructor({ text, reason }: { text: string; reason: string }) {
    super(`${quote(text)} is not an amount: ${reason}.`, {
      hint: 'Write a whole number of wei, or a decimal number with a unit such as 1.5ETH.',
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
  constructor({ name, nearest }: { name: string; nearest: string | null }) {
    super(`There is no command ${quote(name)}.`, {
      hint: nearest ? `Did you mean /posse ${nearest}?` : 'All commands: /posse help.',
    })
  }
}

export class InvalidOptionError extends UserError {
  override name = 'InvalidOptionError'
  constructor({ option, text, reason, hint }: InvalidOption) {
    super(`${quote(text)} does not fit ${option}: ${reason}.`, { hint })
  }
}

type InvalidOption = { option: string; text: string; reason: string; hint: string }

export class MissingOptionError extends UserError {
  override name = 'MissingOptionError'
  constructor({ option, usage }: { option: string; usage: string }) {
    super(`${option} is missing.`, { hint: `Usage: ${usage}` })
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
