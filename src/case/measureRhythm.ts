import type { Hop } from '#types/trail.ts'

const secondsPerHour = 3_600
const hoursPerWeek = 168

/** 1970 began on a Thursday; weeks here begin on Monday. */
const firstMonday = 4 * 24

/** A pause longer than this ends a spell of work: 90 minutes. */
const restSeconds = 5_400

/** How a thief works, as far as movements show. Times are in seconds. */
export type Rhythm = {
  moves: number
  /** Movements by hour of the week, from Monday 0:00 UTC. */
  hours: number[]
  /** Stretches of work, the last one last: Unix seconds. */
  spells: { from: number; until: number; moves: number }[]
  /** How long value rested at an address before it was moved on, in ascending order. */
  rests: number[]
}

/** Measures movements in the order of the chain: pure. What rested since the theft began says nothing of a habit. */
export function measureRhythm(hops: Iterable<Hop>, sources: ReadonlySet<string>): Rhythm {
  const hours = Array.from({ length: hoursPerWeek }, () => 0)
  const spells: Rhythm['spells'] = []
  const rests: number[] = []
  const counted = new Set<string>()
  let moves = 0
  for (const { time, from, idleSeconds, transaction, swapped } of hops) {
    // A transaction that pays many is one act.
    if (counted.has(transaction)) continue
    counted.add(transaction)
    moves += 1
    const hour = (Math.floor(time / secondsPerHour) - firstMonday + hoursPerWeek) % hoursPerWeek
    hours[hour] = (hours[hour] ?? 0) + 1
    const last = spells.at(-1)
    if (last && time - last.until <= restSeconds) {
      last.until = Math.max(last.until, time)
      last.moves += 1
    } else spells.push({ from: time, until: time, moves: 1 })
    if (!sources.has(from) && !swapped) rests.push(idleSeconds)
  }
  rests.sort((a, b) => a - b)
  return { moves, hours, spells, rests }
}

/** The value below which this share of them lies, in ascending order; `null` where there are none. */
export function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? null
}

/** Fewest rests as long as this one that an estimate is made of. */
const minSample = 5

/**
 * How long value that has rested for `idle` seconds may stay: of the rests that lasted as long, a tenth ended within
 * `soonest` more seconds and a half within `likely`. `null` where too few have.
 */
export function timeLeft(
  { rests }: Rhythm,
  idle: number,
): { soonest: number; likely: number; sample: number } | null {
  const longer = rests.filter((rest) => rest > idle).map((rest) => rest - idle)
  const [soonest, likely] = [quantile(longer, 0.1), quantile(longer, 0.5)]
  if (soonest === null || likely === null || longer.length < minSample) return null
  return { soonest, likely, sample: longer.length }
}
