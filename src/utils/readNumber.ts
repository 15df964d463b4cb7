/** Far more digits than any amount has; checked first, so that a million of them take no time. */
const maxLength = 200

/** What a suffix multiplies by, as zeros. */
const suffixes = new Map([
  ['k', 3],
  ['m', 6],
  ['b', 9],
])

/** A number as it was written, its thousands apart by commas or underscores, and what stands behind it. */
export type WrittenNumber = { whole: string; fraction: string; hasPoint: boolean; rest: string }

/** The number that a text begins with; `undefined` where it begins with none that is clear. */
export function readNumber(text: string): WrittenNumber | undefined {
  const trimmed = text.trim()
  if (trimmed.length > maxLength) return undefined
  const [, digits, fraction = '', rest = ''] =
    /^(\d{1,3}(?:,\d{3})+|\d{1,3}(?:_\d{3})+|\d+)(?:\.(\d+))?(?![\d.,_])\s*(.*)$/su.exec(trimmed) ??
    []
  if (digits === undefined) return undefined
  return { whole: digits.replace(/[,_]/g, ''), fraction, hasPoint: fraction !== '', rest }
}

/**
 * What stands behind a number taken apart: a suffix (`k`, `m`, `b`) as zeros, and the unit. A unit as a whole goes
 * before a suffix. `undefined` where the unit is none.
 */
export function splitUnit(
  rest: string,
  isUnit: (text: string) => boolean,
): { zeros: number; symbol: string } | undefined {
  if (rest === '' || isUnit(rest)) return { zeros: 0, symbol: rest }
  const zeros = suffixes.get(rest.slice(0, 1).toLowerCase())
  const symbol = rest.slice(1).trimStart()
  if (zeros === undefined || (symbol !== '' && !isUnit(symbol))) return undefined
  return { zeros, symbol }
}
