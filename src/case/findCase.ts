import { CaseNotFoundError } from '#errors/input.ts'
import { UserError } from '#errors/userError.ts'
import type { Context } from '#src/context.ts'
import type { OpenCase } from '#types/openCase.ts'

/**
 * The case that a person names, or the one that is being followed when they name none.
 * @throws CaseNotFoundError, UserError
 */
export function findCase({ cases }: Context, caseId?: string): OpenCase {
  const known = [...cases.keys()]
  if (caseId !== undefined) {
    const open = cases.get(caseId.toLowerCase())
    if (!open) throw new CaseNotFoundError({ caseId, known })
    return open
  }
  // Its parts on other chains belong to it.
  const thefts = [...cases.values()].filter(({ case: { legOf } }) => legOf === undefined)
  const followed = thefts.filter(({ head }) => head !== null)
  const [only] = followed.length > 0 ? followed : thefts
  if (only && followed.length <= 1) return only
  throw new UserError('Several cases are followed.', { hint: `Name one: ${known.join(', ')}.` })
}
