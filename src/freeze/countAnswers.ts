import type { Freeze } from '#types/freeze.ts'
import { reachedStage } from './stateOf.ts'

/** How one organization answers another. */
export type Answers = {
  /** Ids of organizations; `null` is the house. */
  asker: string | null
  asked: string
  requests: number
  answered: number
  /** Seconds from delivery to the first answer, the median of those answered; `null` where none was. */
  medianSeconds: number | null
  declined: number
}

/** Who asked whom, who answered and how fast, drills left out: pure. `askerOf` says for whom a request was made. */
export function countAnswers(
  freezes: readonly Freeze[],
  askerOf: (freeze: Freeze) => string | null,
): Answers[] {
  const delivered = freezes.filter(
    (freeze) => !freeze.isDrill && reachedStage(freeze, 'delivered') !== null,
  )
  const pairs = Map.groupBy(delivered, (each) => `${askerOf(each) ?? ''} ${each.organization}`)
  return [...pairs.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const times = group.flatMap((freeze) => {
      const answered = reachedStage(freeze, 'seen', 'holding', 'declined')
      const asked = reachedStage(freeze, 'delivered')
      return answered === null || asked === null ? [] : [answered - asked]
    })
    times.sort((a, b) => a - b)
    return [
      {
        asker: askerOf(first),
        asked: first.organization,
        requests: group.length,
        answered: times.length,
        medianSeconds: times[Math.floor((times.length - 1) / 2)] ?? null,
        declined: group.filter((freeze) => reachedStage(freeze, 'declined') !== null).length,
      },
    ]
  })
}
