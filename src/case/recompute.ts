import { type Trace, traceTransactions } from '#trace/traceTransactions.ts'
import type { Case } from '#types/case.ts'
import type { AssetId } from '#types/chain.ts'
import type { PolicyName, Rules, SeenTransaction } from '#types/trail.ts'

/**
 * Works a case out again under another policy, from the transactions that touched its trail. It knows the watched
 * addresses alone: where the policy leads to others, it ends there.
 */
export function recompute(
  theft: Case,
  seen: readonly SeenTransaction[],
  {
    asset,
    policy,
    serviceOf,
  }: { asset: AssetId; policy: PolicyName; serviceOf: Rules['serviceOf'] },
): Trace {
  const sources = theft.sources.filter((source) => source.asset === asset)
  return traceTransactions(seen, { asset, policy, sources, serviceOf })
}
