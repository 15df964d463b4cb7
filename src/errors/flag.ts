import { quote } from './quote.ts'
import { UserError } from './userError.ts'

/** A case whose source kept what it got would have no trail. */
export class SourceFlaggedError extends UserError {
  override name = 'SourceFlaggedError'
  constructor({ address, caseId }: { address: string; caseId: string }) {
    super(`${quote(address)} is a source of the case ${quote(caseId)} and cannot be a service.`, {
      hint: 'Close that case, and open it again with other sources.',
    })
  }
}

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
