import { quote } from './quote.ts'
import { UserError } from './userError.ts'

/** Whose it is decides who else may see it. */
export class NotYoursToMarkError extends UserError {
  override name = 'NotYoursToMarkError'
  constructor({ what, owner }: { what: string; owner: string | null }) {
    super(`Who may see ${quote(what)} is not yours to say.`, {
      hint: `Ask a lead of ${owner ?? 'the house'}, or an admin.`,
    })
  }
}

/** What everybody may see names nobody. */
export class NobodyToNameError extends UserError {
  override name = 'NobodyToNameError'
  constructor({ tlp, named }: { tlp: string; named: readonly string[] }) {
    super(`TLP:${tlp} is for everybody in the house, also for ${quote(named.join(', '))}.`, {
      hint: 'Leave the names out, or mark it AMBER or RED.',
    })
  }
}

export class UnknownFlagError extends UserError {
  override name = 'UnknownFlagError'
  constructor({ id, known }: { id: string; known: readonly string[] }) {
    super(`There is no flag ${quote(id)}.`, {
      hint: known.length > 0 ? `Flags: ${known.join(', ')}.` : 'Nobody has flagged anything.',
    })
  }
}

/** Whoever takes a channel from the house, or from somebody else, takes what is told there. */
export class NotYoursToBindError extends UserError {
  override name = 'NotYoursToBindError'
  constructor({ organization }: { organization: string }) {
    super(`This channel is not yours to bind to ${quote(organization)}.`, {
      hint: 'A lead binds channels that belong to nobody, to the own organization; ask an admin.',
    })
  }
}
