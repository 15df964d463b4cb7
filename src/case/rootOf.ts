import type { Context } from '#src/context.ts'

/** The case that was opened for a theft, of one that may be its part on another chain. */
export function rootOf({ standing }: Pick<Context, 'standing'>, caseId: string): string {
  return standing.case.get(caseId)?.case?.legOf ?? caseId
}
