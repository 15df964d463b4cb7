/**
 * Parts of a whole in per cent with two decimals that sum to exactly 100.00: what rounding down leaves over goes to
 * the largest remainders. All parts must add up to the whole.
 */
export function sharesOf(parts: readonly bigint[]): number[] {
  const whole = parts.reduce((sum, part) => sum + part, 0n)
  if (whole === 0n) return parts.map(() => 0)
  const floors = parts.map((part) => (part * hundredths) / whole)
  const left = Number(hundredths - floors.reduce((sum, part) => sum + part, 0n))
  const raised = parts
    .map((part, index) => ({ index, remainder: (part * hundredths) % whole }))
    .sort((a, b) =>
      a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
    )
    .slice(0, left)
  for (const { index } of raised) floors[index] = (floors[index] ?? 0n) + 1n
  return floors.map((part) => Number(part) / 100)
}

const hundredths = 10_000n

/** One part of a whole for people: `12.34 %`, `<0.01 %`. Rounded down. */
export function formatShare(part: bigint, whole: bigint): string {
  if (whole === 0n || part === 0n) return '0 %'
  const share = Number((part * hundredths) / whole) / 100
  return share === 0 ? '<0.01 %' : `${share} %`
}
