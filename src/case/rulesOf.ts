import type { Context } from '#src/context.ts'
import type { Rules } from '#types/trail.ts'
import { serviceOf } from '#utils/indexLabels.ts'

/** The rules of the house and its labels, as the trace needs them. */
export function rulesOf({ rules, labels }: Pick<Context, 'rules' | 'labels'>): Rules {
  return {
    ...rules,
    serviceOf: (address) => serviceOf(labels, address),
    isListed: (address) => serviceOf(labels.lists, address) !== null,
    isJudged: labels.isJudged,
  }
}
