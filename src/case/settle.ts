import { NoCandidateError } from '#errors/case.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Candidate } from '#types/passage.ts'
import type { Signed } from '#types/standing.ts'
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
  { transaction, by, isUndone }: { transaction: string; by: Signed; isUndone: boolean },
): Promise<Candidate> {
  const caseId = rootOf(context, open.case.id)
  return decide(context, () => {
    const { standing, cases } = context.whole
    const isTied = (key: string) =>
      [...standing.tie.values()].some((tie) => tie.caseId === caseId && tie.key === key)
    // One transaction may be a candidate for several: each takes one.
    const candidate = [...standing.candidate.values()].find(
      (each) =>
        each.caseId === caseId && each.transaction === transaction && isTied(each.key) === isUndone,
    )
    const key = `${caseId} ${candidate?.key} ${transaction}`
    const part = candidate && cases.get(candidate.in)
    if (!candidate || !part || (isUndone && !standing.tie.has(key))) {
      throw new NoCandidateError({ transaction, caseId })
    }
    const tie = isUndone ? null : { caseId, key: candidate.key, transaction, by }
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
