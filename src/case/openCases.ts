import type { Context } from '#src/context.ts'
import type { OpenCase } from '#types/openCase.ts'

/** The cases that nobody has closed. */
export function openCases({ cases, standing }: Pick<Context, 'cases' | 'standing'>): OpenCase[] {
  return [...cases.values()].filter((open) => isOpen({ standing }, open.case.id))
}

export function isOpen({ standing }: Pick<Context, 'standing'>, caseId: string): boolean {
  return standing.case.get(caseId)?.state !== 'closed'
}
