import { CaseStateError, UnknownChainError } from '#errors/case.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { CaseFile, Signed } from '#types/standing.ts'
import { isOpen } from './openCases.ts'

/**
 * Stops following a case; everything about it stays and can be looked up.
 * @throws CaseStateError
 */
export async function closeCase(
  context: Context,
  open: OpenCase,
  { by, why }: { by: Signed; why: string },
): Promise<void> {
  await turnCase(context, open, {
    state: 'closed',
    by,
    text: `Closed the case${why ? `: ${why}` : ''}.`,
  })
  await context.follower.stop(open.case.id)
  for (const leg of legsOf(context, open)) {
    if (isOpen(context, leg.case.id)) await closeCase(context, leg, { by, why })
  }
}

/**
 * Follows a closed case again, from where it was left.
 * @throws CaseStateError, UnknownChainError
 */
export async function reopenCase(
  context: Context,
  open: OpenCase,
  { by }: { by: Signed },
): Promise<void> {
  const known = context.follower.chains()
  if (!known.includes(open.case.chain)) {
    throw new UnknownChainError({ chain: open.case.chain, known })
  }
  await turnCase(context, open, { state: 'open', by, text: 'Reopened the case.' })
  context.follower.start([open])
  for (const leg of legsOf(context, open)) {
    if (!isOpen(context, leg.case.id)) await reopenCase(context, leg, { by })
  }
}

/** Its parts on other chains, which are followed as long as it is. */
export function legsOf({ whole }: Context, { case: { id } }: OpenCase): OpenCase[] {
  return [...whole.cases.values()].filter(({ case: { legOf } }) => legOf === id)
}

async function turnCase(
  context: Context,
  open: OpenCase,
  { state, by, text }: { state: CaseFile['state']; by: Signed; text: string },
): Promise<void> {
  const { id } = open.case
  await decide(context, () => {
    if (isOpen(context, id) === (state === 'open')) throw new CaseStateError({ caseId: id, state })
    const before = context.standing.case.get(id)
    const opener = before?.case ? (before.opener ?? before.by) : undefined
    const file: CaseFile = {
      caseId: id,
      case: before?.case ?? null,
      state,
      by,
      ...(opener && { opener }),
    }
    return {
      standing: [{ kind: 'case', key: id, value: file }],
      timeline: [{ caseId: id, key: `${state}:${by.at}`, at: by.at, kind: 'decision', by, text }],
      result: undefined,
    }
  })
}
