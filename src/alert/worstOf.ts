/** The most that any policy says is stolen: what may be stolen must not be played down. */
export function worstOf(stolen: readonly bigint[]): bigint {
  return stolen.reduce((most, part) => (part > most ? part : most), 0n)
}
