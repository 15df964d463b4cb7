import { NoCandidateError } from '#errors/case.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Candidate } from '#types/passage.ts'
import type { Signed } from '#types/standing.ts'
import { isTied } from './candidates.ts'
import { retraceOf } from './passages.ts'
import { rootOf } from './rootOf.ts'

/**
 * Says that a transaction is what came out of a bridge, or takes that back: the part of the case on that chain is worked
 * out again with it.
 * @throws NoCandidateError
 */
export async function settle(
  context: Context,
  open: OpenCase,
  {
    transaction,
    of,
    by,
    isUndone,
  }: {
    transaction: string
    /** The passage that it came out of. @default whichever it may be, one that is not told yet */
    of?: string
    by: Signed
    isUndone: boolean
  },
): Promise<Candidate> {
  const caseId = rootOf(context, open.case.id)
  return decide(context, () => {
    const { standing, cases } = context.whole
    // Where the passage is named it may come out in several.
    const isSettled = (each: Candidate) => {
      const tie = standing.tie.get(`${caseId} ${each.key} ${transaction}`)
      return of === undefined ? isTied(context.whole, each) : tie !== undefined && !tie.isTakenBack
    }
    // One transaction may be a candidate for several: each takes one.
    const candidate = [...standing.candidate.values()].find(
      (each) =>
        each.caseId === caseId &&
        each.transaction === transaction &&
        (of === undefined || each.key === of) &&
        isSettled(each) === isUndone,
    )
    const key = `${caseId} ${candidate?.key} ${transaction}`
    const part = candidate && cases.get(candidate.in)
    const known = standing.tie.get(key)
    if (!candidate || !part || (isUndone && !known)) {
      throw new NoCandidateError({ transaction, caseId })
    }
    const tie = {
      caseId,
      key: candidate.key,
      transaction,
      by,
      ...(isUndone && { isTakenBack: true }),
    }
    const text = isUndone
      ? `Took back that ${transaction} is what came out of the bridge.`
      : `Said that ${transaction} is what came out of the bridge.`
    const at = by.at
    return {
      standing: [{ kind: 'tie', key, value: tie }, retraceOf(context.whole, part, candidate.key)],
      timeline: [{ caseId, key: `tie:${transaction}:${at}`, at, kind: 'decision', by, text }],
      result: candidate,
    }
  })
}
