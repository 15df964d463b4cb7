import { InvalidDurationError } from '#errors/input.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** Seconds of each unit, the largest first; a map, for an object would know the unit `constructor`. */
const units = new Map<string, number>([
  ...names(['w', 'week', 'weeks'], 7 * day),
  ...names(['d', 'day', 'days'], day),
  ...names(['h', 'hr', 'hrs', 'hour', 'hours'], hour),
  ...names(['m', 'min', 'mins', 'minute', 'minutes'], minute),
])

const shortest = minute
const longest = 90 * day

/** Longer texts are no span of time. */
const maxLength = 60

/**
 * A span of time in seconds, from a minute to 90 days: `30m`, `2h`, `1d12h`, `90 min`, `1 week`.
 * @throws InvalidDurationError
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim().toLowerCase()
  const isWritten = trimmed.length <= maxLength && /^(?:\d{1,6} ?[a-z]+\s*)+$/.test(trimmed)
  if (!isWritten) throw new InvalidDurationError({ text, reason: 'it is no number with a unit' })
  let seconds = 0
  let before = Infinity
  for (const [, count, unit = ''] of trimmed.matchAll(/(\d+) ?([a-z]+)/g)) {
    const size = units.get(unit)
    if (size === undefined) {
      const reason = 'its unit is none of minutes, hours, days and weeks'
      throw new InvalidDurationError({ text, reason })
    }
    if (size >= before) {
      throw new InvalidDurationError({ text, reason: 'the larger unit comes first, each once' })
    }
    before = size
    seconds += Number(count) * size
  }
  if (seconds < shortest || seconds > longest) {
    throw new InvalidDurationError({ text, reason: 'it must be from 1 minute to 90 days' })
  }
  return seconds
}

function names(words: readonly string[], seconds: number): [string, number][] {
  return words.map((word) => [word, seconds])
}
