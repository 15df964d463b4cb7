import { openLedger } from '#trace/draft.ts'
import type { Case } from '#types/case.ts'
import type { OpenCase } from '#types/openCase.ts'
import { type Rules, trailPolicies } from '#types/trail.ts'

/** Opens a case: its sources hold what was stolen and nothing has moved yet. */
export function openCase(theft: Case, { serviceOf }: { serviceOf: Rules['serviceOf'] }): OpenCase {
  const ledgers = theft.assets.map(({ id }) => {
    const sources = theft.sources.filter(({ asset }) => asset === id)
    const options = { asset: id, policies: trailPolicies, sources, serviceOf, time: theft.stolenAt }
    return [id, openLedger(options)] as const
  })
  return {
    case: theft,
    trail: { caseId: theft.id, chain: theft.chain, ledgers: new Map(ledgers) },
    head: null,
    hops: [],
    seen: [],
    parked: [],
    groups: new Map(),
    undo: [],
  }
}
