import type { Rules } from '#types/trail.ts'

/** Nobody is a service, nobody was judged, nothing is too small, and nobody is parked. */
export const plainRules: Rules = {
  serviceOf: () => null,
  isListed: () => false,
  isJudged: () => false,
  dustPerMillion: 0n,
  busyStrangers: null,
}
