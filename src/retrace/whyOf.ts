import type { Context } from '#src/context.ts'
import type { Flag } from '#types/standing.ts'
import { showAddress } from '#utils/parseAddress.ts'

/** The decisions that a retrace of a case follows, as people read them. */
export function whyOf({ standing }: Pick<Context, 'standing'>, caseId: string): string {
  const causes = standing.retrace.get(caseId)?.causes ?? []
  const reasons = causes.map((cause) => {
    const flag = standing.flag.get(cause)
    return flag ? describeFlag(flag) : cause
  })
  return [...new Set(reasons)].join('; ') || 'a decision'
}

function describeFlag({ address, kind, by, withdrawn }: Flag): string {
  const short = showAddress(address)
  if (withdrawn) return `${withdrawn.by.name} took back that ${short} is ${kind}`
  return `${by.name} flagged ${short} as ${kind}`
}
