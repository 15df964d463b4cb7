import { quote } from './quote.ts'
import { UserError } from './userError.ts'

/** Opening a service to the trail would make suspects of all its customers. */
export class FlagNeedsLeadError extends UserError {
  override name = 'FlagNeedsLeadError'
  constructor({ address, kind }: { address: string; kind: string }) {
    super(`${quote(address)} counts as ${quote(kind)}, and to say otherwise takes a lead.`, {
      hint: 'Ask a lead to flag it, or leave a note with /posse note.',
    })
  }
}

export class NoFlagError extends UserError {
  override name = 'NoFlagError'
  constructor({ address }: { address: string }) {
    super(`No flag of ${quote(address)} is yours to take back.`, {
      hint: 'Who flagged it is shown by /posse lookup; a lead may take back any.',
    })
  }
}
