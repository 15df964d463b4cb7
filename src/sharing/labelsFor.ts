import type { Context } from '#src/context.ts'
import type { Flag } from '#types/standing.ts'
import type { Labels } from '#utils/layerLabels.ts'
import { audienceOfCase, audienceOfFlag, includes } from './audience.ts'

type Parts = Pick<Context, 'standing' | 'rules' | 'labels'>

/** Whether a flag counts in a case: everybody who sees what became of the trail must be allowed to know why. */
export function countsIn(context: Omit<Parts, 'labels'>, flag: Flag, caseId: string): boolean {
  return includes(audienceOfFlag(context, flag), audienceOfCase(context, caseId))
}

/** The labels that count in a case and may be shown with it. */
export function labelsFor(context: Parts, caseId: string): Labels {
  return context.labels.view((flag) => countsIn(context, flag, caseId))
}
