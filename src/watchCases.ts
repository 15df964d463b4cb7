import type { createSkip } from '#chain/skipQuiet.ts'
import { silentSeconds } from '#src/case/candidates.ts'
import { holdsByContract } from '#src/case/contracts.ts'
import { expectedAt, passageOf } from '#src/case/passages.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import type { Address, Watch } from '#types/chain.ts'
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
    ...expectations(context, cases),
  }
}

/** What bridges are waited for to pay out to some cases: by what they name it by, and where they name nothing. */
export function expectations(
  context: Pick<Context, 'standing' | 'chains'>,
  cases: readonly OpenCase[],
): Pick<Watch, 'isExpected' | 'mayPayOut'> {
  const passages = cases.map((open) => passageOf(context, open.case))
  const payers = new Set(cases.flatMap((open) => silentPayers(context, open)))
  return {
    isExpected: (key) => passages.some((passage) => passage(key) !== undefined),
    mayPayOut: (address) => payers.has(address),
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

/** Contracts of bridges that may pay out to a part of a case by now without a word: whoever calls them is looked into. */
function silentPayers(
  { standing, chains }: Pick<Context, 'standing' | 'chains'>,
  { case: { id, legOf = id, chain }, head }: OpenCase,
): Address[] {
  const waited = new Set(
    [...standing.passage.values()]
      .filter(
        ({ caseId, isUntied, to, time }) =>
          isUntied && caseId === legOf && to.chain === chain && isSilent(head?.time, time),
      )
      .map(({ bridge }) => bridge),
  )
  const bridges = chains.get(chain)?.bridges ?? []
  return bridges.flatMap(({ contract, protocol }) => (waited.has(protocol) ? [contract] : []))
}

function isSilent(reached: number | undefined, paid: number): boolean {
  return reached === undefined || reached <= paid + silentSeconds
}
