import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatShare, sharesOf } from '#utils/formatShare.ts'

const anyAmount = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })

/** A share as a whole number of hundredths: sums of floating-point shares are not exact. */
const hundredths = (share: number) => Math.round(share * 100)
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)

describe('sharesOf', () => {
  test('default: gives each part of the whole in per cent', () => {
    expect(sharesOf([1n, 1n, 2n])).toEqual([25, 25, 50])
  })

  test('behavior: gives what is left over to the largest remainders', () => {
    expect(sharesOf([1n, 1n, 1n])).toEqual([33.34, 33.33, 33.33])
    expect(sharesOf([1n, 1n, 5n])).toEqual([14.29, 14.28, 71.43])
    expect(sharesOf([2n, 2n, 2n, 1n])).toEqual([28.57, 28.57, 28.57, 14.29])
  })

  test('behavior: knows nothing to share', () => {
    expect(sharesOf([])).toEqual([])
    expect(sharesOf([0n, 0n])).toEqual([0, 0])
  })

  test.each([
    ['a few parts', 10],
    ['hundreds of parts', 600],
  ])('behavior: the shares of %s sum to exactly 100.00', (_, most) => {
    // Small parts as well: with them many remainders are equal.
    const part = fc.oneof(anyAmount, fc.bigInt({ min: 0n, max: 3n }))
    const size = most > 100 ? ('max' as const) : ('medium' as const)
    const parts = fc.array(part, { minLength: 1, maxLength: most, size })
    fc.assert(
      fc.property(parts, (amounts) => {
        fc.pre(amounts.some((amount) => amount > 0n))
        const shares = sharesOf(amounts).map(hundredths)
        expect(sum(shares)).toBe(10_000)
        const whole = amounts.reduce((total, amount) => total + amount, 0n)
        for (const [index, amount] of amounts.entries()) {
          const floor = Number((amount * 10_000n) / whole)
          expect([floor, floor + 1]).toContain(shares[index])
          // What is nothing must not be given a hundredth.
          if (amount === 0n) expect(shares[index]).toBe(0)
        }
      }),
    )
  })

  test('behavior: gives a larger part no smaller share', () => {
    fc.assert(
      fc.property(fc.array(anyAmount, { minLength: 2, maxLength: 300 }), (amounts) => {
        const sorted = amounts.toSorted((a, b) => (a < b ? -1 : 1))
        const shares = sharesOf(sorted)
        for (const [index, share] of shares.entries()) {
          if (sorted[index] === sorted[index - 1]) continue
          expect(share).toBeGreaterThanOrEqual(shares[index - 1] ?? 0)
        }
      }),
    )
  })

  test('behavior: every share prints with two decimals at most', () => {
    fc.assert(
      fc.property(fc.array(anyAmount, { maxLength: 50 }), (amounts) => {
        for (const share of sharesOf(amounts)) expect(String(share)).toMatch(/^\d+(\.\d\d?)?$/)
      }),
    )
  })
})

describe('formatShare', () => {
  test.each([
    [1_234n, '12.34 %'],
    [1_230n, '12.3 %'],
    [1_200n, '12 %'],
    [1n, '0.01 %'],
    [0n, '0 %'],
    [10_000n, '100 %'],
  ])('default: writes %s of 10000 as %s', (part, text) => {
    expect(formatShare(part, 10_000n)).toBe(text)
  })

  test('behavior: rounds down, so that only the whole is 100 %', () => {
    expect(formatShare(2n, 3n)).toBe('66.66 %')
    expect(formatShare(10n ** 24n - 1n, 10n ** 24n)).toBe('99.99 %')
  })

  test('behavior: says where a part is too small to show', () => {
    expect(formatShare(1n, 10_001n)).toBe('<0.01 %')
  })

  test('behavior: knows nothing to share', () => {
    expect(formatShare(0n, 0n)).toBe('0 %')
  })

  test('behavior: writes every hundredth exactly', () => {
    for (let part = 1n; part <= 10_000n; part += 1n) {
      const digits = String(part).padStart(3, '0')
      const text = `${digits.slice(0, -2)}.${digits.slice(-2)}`.replace(/\.?0{1,2}$/, '')
      expect(formatShare(part, 10_000n)).toBe(`${text} %`)
    }
  })
})
