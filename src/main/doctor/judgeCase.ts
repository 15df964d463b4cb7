import type { LiveChain } from '#config/settings.ts'
import type { Case } from '#types/case.ts'
import { countOf } from '#utils/countOf.ts'
import type { Check } from './check.ts'
import { bestHead, deepestReach, type Probe } from './judgeNodes.ts'

/** The last block followed; `null` before the first, `undefined` where the database did not tell. */
export type Progress = number | null | undefined

/** Where a case stands, and whether the nodes tell what is needed from there on. */
export function judgeCase(
  theft: Case,
  {
    chain,
    probes,
    progress,
    now,
  }: { chain: LiveChain['chain']; probes: readonly Probe[]; progress: Progress; now: number },
): Check {
  const about = `Case ${theft.id}`
  const head = bestHead(chain.id, { probes, now })
  const place = describePlace(theft, progress)
  if (!head) {
    const advice = 'see the nodes'
    return { about, state: 'warn', text: `${place}; no node tells where its chain is`, advice }
  }
  const at = progress ?? theft.followAfter ?? 0
  const behind = head.number - at
  if (behind < 0) {
    const text = `${place}, and the newest block of ${chain.name} is ${head.number}`
    // A node that lags is no reason to change a setting.
    return typeof progress === 'number'
      ? { about, state: 'warn', text, advice: 'wait until the nodes have caught up' }
      : { about, state: 'fail', text, advice: 'correct followAfter' }
  }
  const reach = deepestReach(chain.id, { probes, now })
  if (behind > reach) {
    const text = `${place}, ${countOf(behind, 'block')} back, and no node surely tells balances of more than ${countOf(reach, 'block')} back`
    const advice = `list a node of ${chain.name} with an archive that deep`
    // A case that was followed for long stands far from its beginning.
    return { about, state: progress === undefined ? 'warn' : 'fail', text, advice }
  }
  const lag = behind === 0 ? 'at the head' : `${countOf(behind, 'block')} behind the head`
  return { about, state: 'ok', text: `${place}, ${lag}` }
}

function describePlace({ followAfter = 0 }: Case, progress: Progress): string {
  if (typeof progress === 'number') return `followed to block ${progress}`
  const start = `starts after block ${followAfter}`
  return progress === null ? start : `${start}, how far it was followed is not known`
}
