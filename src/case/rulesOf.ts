import type { Context } from '#src/context.ts'
import { labelsFor } from '#src/sharing/labelsFor.ts'
import type { Case } from '#types/case.ts'
import type { Rules } from '#types/trail.ts'
import { serviceOf } from '#utils/indexLabels.ts'

/** The rules of the house and its labels, as the trace of a case needs them. What is a source of it never ends it. */
export function rulesOf(
  context: Pick<Context, 'rules' | 'labels' | 'standing' | 'chains'>,
  { id, chain, sources }: Pick<Case, 'id' | 'chain' | 'sources'>,
): Rules {
  const labels = labelsFor(context, id)
  const own = new Set(sources.map(({ address }) => address))
  const issuers = new Map(
    context.chains
      .get(chain)
      ?.tokens.flatMap(({ contract, issuers = [] }) =>
        issuers.map((issuer) => [issuer, contract] as const),
      ),
  )
  return {
    ...context.rules,
    issuerOf: (address) => issuers.get(address),
    serviceOf: (address) => (own.has(address) ? null : serviceOf(labels, address)),
    isListed: (address) => serviceOf(labels.lists, address) !== null,
    isJudged: labels.isJudged,
  }
}
