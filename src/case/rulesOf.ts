import type { Context } from '#src/context.ts'
import { labelsFor } from '#src/sharing/labelsFor.ts'
import type { Case } from '#types/case.ts'
import type { Rules } from '#types/trail.ts'
import { serviceOf } from '#utils/indexLabels.ts'
import { tiesOf, toldOf } from './candidates.ts'
import { passageOf } from './passages.ts'

/** The rules of the house and its labels, as the trace of a case needs them. What is a source of it never ends it. */
export function rulesOf(
  context: Pick<Context, 'rules' | 'labels' | 'standing' | 'chains'>,
  theft: Pick<Case, 'id' | 'legOf' | 'chain' | 'sources'>,
): Rules {
  const { id, chain, sources } = theft
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
    passageOf: passageOf(context, theft),
    tiesOf: tiesOf(context, theft),
    toldOf: toldOf(context, theft),
    issuerOf: (address) => issuers.get(address),
    serviceOf: (address) => (own.has(address) ? null : serviceOf(labels, address)),
    isListed: (address) => serviceOf(labels.lists, address) !== null,
    isJudged: labels.isJudged,
  }
}
