import type { AlertGroup } from '#types/alert.ts'

/** How alerts were told: `told + folded + muted` are all there were, bursts themselves aside. */
export type AlertTally = {
  /** Groups that were told. */
  told: number
  /** Counted in the card of another alert. */
  folded: number
  /** Echoes, and movements that a burst stands for. */
  muted: number
}

/** Counts what groups of alerts stand for. */
export function tallyGroups(groups: Iterable<AlertGroup>): AlertTally & { bursts: number } {
  const tally = { told: 0, folded: 0, muted: 0, bursts: 0 }
  for (const { head, count, muted } of groups) {
    tally.muted += muted
    if (head.kind === 'burst') tally.bursts += 1
    else {
      tally.told += 1
      tally.folded += count - 1
    }
  }
  return tally
}
