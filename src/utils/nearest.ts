/** Slips of the finger that a guess may mend: a letter missing, too many, wrong, or swapped with its neighbour. */
const maxSlips = 2

/**
 * The word that somebody most likely meant, the first of equals; `null` where none is near.
 * Near is at most two slips, and fewer than half the letters of what was written.
 * @example nearest('tarce', ['freeze', 'trace']) // 'trace'
 */
export function nearest(word: string, words: readonly string[]): string | null {
  let best: string | null = null
  let limit = Math.min(maxSlips + 1, word.length / 2)
  for (const candidate of words) {
    // Slips can mend no greater difference in length; without this a very long word would take long.
    if (Math.abs(candidate.length - word.length) > maxSlips) continue
    const slips = countSlips(word, candidate)
    if (slips < limit) [best, limit] = [candidate, slips]
  }
  return best
}

/** Damerau-Levenshtein distance in which no letter is touched twice (optimal string alignment). */
function countSlips(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1]
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (beforeLast[column - 2] ?? Infinity) + 1 : Infinity,
      )
    }
    beforeLast = last
    last = current
  }
  return last[b.length] ?? 0
}
