import type { createSkip } from '#chain/skipQuiet.ts'
import { holdsByContract } from '#src/case/contracts.ts'
import { expectedAt } from '#src/case/passages.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import type { Watch } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Context } from './context.ts'

/** What a block is read for: what is on the trails of some cases, and what bridges will pay out to. */
export function watchOf(context: Context, cases: readonly OpenCase[]): Watch {
  const rules = cases.map((open) => rulesOf(context, open.case))
  const expected = cases.map((open) => expectedAt(context, open)).filter(({ size }) => size > 0)
  return {
    isWatched: (address) =>
      cases.some(({ watched }) => watched.has(address)) ||
      expected.some((addresses) => addresses.has(address)),
    isService: (address) => rules.every(({ serviceOf }) => serviceOf(address) !== null),
    hasContract: cases.some((open) => holdsByContract(context, open)),
  }
}

/** What must be looked at of a chain while its cases catch up. */
export function quietOf(
  context: Context,
  cases: readonly OpenCase[],
): Parameters<typeof createSkip>[1] {
  return {
    watched: () => cases.map(({ watched }) => watched),
    isAnyBlock: () =>
      cases.some((open) => holdsByContract(context, open) || expectedAt(context, open).size > 0),
  }
}
