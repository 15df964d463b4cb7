/** How far a loop is behind its chain. */
export type CatchUp = {
  /** Blocks still to follow. */
  left: number
  /** Part of what was to do that is done, from 0 to 1. */
  done: number
  /** At the pace so far; `null` before there is one. */
  secondsLeft: number | null
}

/** Estimates when a loop that started behind block `from` reaches `head`. */
export function estimateCatchUp({
  from,
  number,
  head,
  elapsedMs,
}: {
  from: number
  number: number
  head: number
  elapsedMs: number
}): CatchUp {
  const left = Math.max(head - number, 0)
  const followed = number - from
  const done = followed + left === 0 ? 1 : followed / (followed + left)
  const secondsLeft = followed > 0 ? (elapsedMs / 1000 / followed) * left : null
  return { left, done, secondsLeft }
}
