import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatAmount, formatExact } from '#utils/formatAmount.ts'
import { maxAmount } from '#utils/parseAmount.ts'
import { parseMin } from '#utils/parseMin.ts'
import { parseUnits } from '#utils/parseUnits.ts'

const ether = { id: 'eip155:1/slip44:60', symbol: 'ETH', decimals: 18 }
const tether = { id: 'x', symbol: 'USDT', decimals: 6 }
const one = 10n ** 18n

describe('parseUnits', () => {
  test.each([
    ['1.5k ETH', 1_500n * one],
    ['1.5kETH', 1_500n * one],
    ['1.5 k eth', 1_500n * one],
    ['1,250.5 ETH', 12_505n * 10n ** 17n],
    ['1,234,567 eth', 1_234_567n * one],
    ['401_346 eth', 401_346n * one],
    ['2m', 2_000_000n * one],
    ['2M', 2_000_000n * one],
    ['1b', 1_000_000_000n * one],
    ['0.5', one / 2n],
    ['007.50ETH', 75n * 10n ** 17n],
    ['0.000000000000000001 ETH', 1n],
    ['0.000000000000000000001k', 1n],
    ['1.0000000000000000000000000 ETH', one],
  ])('default: reads %s', (text, amount) => {
    expect(parseUnits(text, ether)).toBe(amount)
  })

  test('behavior: a symbol that begins like a suffix is the symbol', () => {
    const matic = { id: 'm', symbol: 'MATIC', decimals: 18 }
    expect(parseUnits('10 matic', matic)).toBe(10n * one)
    expect(parseUnits('10m matic', matic)).toBe(10_000_000n * one)
    expect(parseUnits('10mMATIC', matic)).toBe(10_000_000n * one)
    expect(parseUnits('3 1INCH', { id: 'i', symbol: '1INCH', decimals: 0 })).toBe(3n)
  })

  test('behavior: reads back what people are shown', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: maxAmount }), (amount) => {
        expect(parseUnits(`${formatExact(amount, tether)} USDT`, tether)).toBe(amount)
        const whole = amount - (amount % 10n ** 6n)
        fc.pre(whole > 0n)
        expect(parseUnits(formatAmount(whole, tether), tether)).toBe(whole)
      }),
    )
  })

  test.each([
    ['401346', 'without a unit it could be ETH or base units'],
    ['1,250', 'without a unit it could be ETH or base units'],
    ['5 BTC', 'its unit is not ETH'],
    ['5x', 'its unit is not ETH'],
    ['5kk ETH', 'its unit is not ETH'],
    ['5ETHk', 'its unit is not ETH'],
    ['0 ETH', 'it must be more than 0'],
    ['0.0', 'it must be more than 0'],
    ['0.0000000000000000001 ETH', 'ETH has at most 18 decimals'],
    [`1${'0'.repeat(60)} ETH`, 'it is more than any transfer can carry'],
    ['1,5 ETH', 'it has no plain number'],
    ['1.250,5 ETH', 'it has no plain number'],
    ['1,2500 ETH', 'it has no plain number'],
    ['1_0 ETH', 'it has no plain number'],
    ['1.2.3 ETH', 'it has no plain number'],
    ['.5 ETH', 'it has no plain number'],
    ['-5 ETH', 'it has no plain number'],
    ['1e18 ETH', 'its unit is not ETH'],
    ['٥ ETH', 'it has no plain number'],
    ['', 'it has no plain number'],
    ['ETH', 'it has no plain number'],
    ['9'.repeat(1_000_000), 'it has no plain number'],
  ])('error: %s', (text, reason) => {
    const start = performance.now()
    expect(() => parseUnits(text, ether)).toThrow(`is not an amount: ${reason}.`)
    expect(performance.now() - start).toBeLessThan(1_000)
  })

  test('error: says what to write', () => {
    let hint: unknown
    try {
      parseUnits('401346', tether)
    } catch (error) {
      hint = (error as { hint?: string }).hint
    }
    expect(hint).toBe('Write a number with its unit, such as 1.5 USDT or 2k USDT.')
  })
})

describe('parseMin', () => {
  test.each([
    ['10ETH', '10', 'ETH'],
    ['10 eth', '10', 'eth'],
    ['1.5k ETH', '1500', 'ETH'],
    ['1.5kETH', '1500', 'ETH'],
    ['1.2345k ETH', '1234.5', 'ETH'],
    ['0.0005m USDT', '500', 'USDT'],
    ['1,250.50 USDC', '1250.5', 'USDC'],
    ['007 ETH', '7', 'ETH'],
    ['2 m USDT', '2000000', 'USDT'],
    ['10BNB', '10', 'BNB'],
    ['10bnb', '10', 'bnb'],
    ['10MATIC', '10', 'MATIC'],
    ['10K MATIC', '10000', 'MATIC'],
    ['3 1INCH', '3', '1INCH'],
    ['0.5 USD₮0', '0.5', 'USD₮0'],
  ])('default: reads %s', (text, number, symbol) => {
    expect(parseMin(text)).toEqual({ number, symbol })
  })

  test.each([
    ['10', 'it has no unit such as ETH'],
    ['10k', 'it has no unit such as ETH'],
    ['10 ETH please', 'it has no unit such as ETH'],
    ['10 E"H', 'it has no unit such as ETH'],
    ['10 \u202eHTE', 'it has no unit such as ETH'],
    ['0 ETH', 'it must be more than 0'],
    ['ETH', 'it has no plain number'],
    [`${'9'.repeat(90)} ETH`, 'it is more than any transfer can carry'],
  ])('error: %s', (text, reason) => {
    expect(() => parseMin(text)).toThrow(`is not an amount: ${reason}.`)
  })
})
