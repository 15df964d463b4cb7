import { expect, test } from 'vitest'
import { baseUnits } from '#utils/baseUnits.ts'

test.each([
  ['1.5', 18, 1_500_000_000_000_000_000n],
  ['1000', 6, 1_000_000_000n],
  ['0.1', 0, 0n],
  ['7', 0, 7n],
])('baseUnits: %s with %i decimals', (number, decimals, units) => {
  expect(baseUnits(number, { decimals })).toBe(units)
})
