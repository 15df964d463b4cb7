import { quote } from './quote.ts'
import { UserError } from './userError.ts'

export class DisputeNotFoundError extends UserError {
  override name = 'DisputeNotFoundError'
  constructor({ id, known }: { id: string; known: readonly string[] }) {
    super(`There is no open dispute ${quote(id)} that you may see.`, {
      hint: known.length > 0 ? `Open: ${known.slice(0, 10).join(', ')}.` : 'None is open.',
    })
  }
}

export class NothingToDisputeError extends UserError {
  override name = 'NothingToDisputeError'
  constructor({ subject, caseId }: { subject: string; caseId: string }) {
    super(`Nothing is said of ${quote(subject)} in the case ${quote(caseId)}.`, {
      hint: 'Name a freeze by its eight digits, an address with a label or on the trail, or a transaction of it.',
    })
  }
}

export class NotYourDisputeError extends UserError {
  override name = 'NotYourDisputeError'
  constructor({ id, who }: { id: string; who: string }) {
    super(`The dispute ${quote(id)} is not yours to end.`, { hint: `It takes ${who}.` })
  }
}

/** A list cannot be taken back, only spoken against. */
export class NeedsKindError extends UserError {
  override name = 'NeedsKindError'
  constructor({ address }: { address: string }) {
    super(`No member has flagged ${quote(address)}, so there is no flag to take back.`, {
      hint: 'Say what it is instead, such as as:customer.',
    })
  }
}

export class NotAClaimError extends UserError {
  override name = 'NotAClaimError'
  constructor({ text }: { text: string }) {
    super(`${quote(text)} is neither a freeze nor an address nor a transaction.`, {
      hint: 'Write a freeze by its eight digits, or paste an address, a transaction or a link to one.',
    })
  }
}
