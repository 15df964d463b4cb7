import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatExact } from '#utils/formatAmount.ts'
import { maxAmount, parseAmount } from '#utils/parseAmount.ts'

const ether = { id: 'eip155:1/slip44:60', symbol: 'ETH', decimals: 18 }
const gwei = { ...ether, symbol: 'gwei', decimals: 9 }
const oneEther = 10n ** 18n

describe('parseAmount', () => {
  test.each([
    ['173600ETH', 173_600n * oneEther],
    ['1.5 eth', 15n * 10n ** 17n],
    ['2 Ether', 2n * oneEther],
    ['30gwei', 30n * 10n ** 9n],
    ['30.5 GWEI', 305n * 10n ** 8n],
    ['7wei', 7n],
    ['7', 7n],
    ['007', 7n],
    ['  7 wei\n', 7n],
    ['0.000000000000000001ETH', 1n],
    ['1.000000000000000000ETH', oneEther],
  ])('default: reads %s', (text, amount) => {
    expect(parseAmount(text)).toBe(amount)
  })

  test('behavior: takes the largest amount of a transfer and no more', () => {
    expect(parseAmount(String(maxAmount))).toBe(maxAmount)
    expect(parseAmount(`${formatExact(maxAmount, ether)}ETH`)).toBe(maxAmount)
    expect(() => parseAmount(String(maxAmount + 1n))).toThrow('than any transfer can carry')
    const tooMuch = formatExact(maxAmount + 1n, ether)
    expect(() => parseAmount(`${tooMuch}ETH`)).toThrow('than any transfer can carry')
  })

  test('behavior: reads back what formatExact writes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: maxAmount }), (amount) => {
        expect(parseAmount(`${formatExact(amount, ether)}ETH`)).toBe(amount)
        expect(parseAmount(`${formatExact(amount, gwei)} gwei`)).toBe(amount)
        expect(parseAmount(String(amount))).toBe(amount)
      }),
    )
  })

  test.each([
    ['digits', '9'.repeat(1_000_000), 'than any transfer can carry'],
    ['digits that are no amount', `${'9'.repeat(1_000_000)}!`, 'no plain number'],
    ['decimals', `0.${'9'.repeat(1_000_000)}eth`, 'at most 18 decimals'],
    ['letters', `1${'e'.repeat(1_000_000)}`, 'its unit is none of'],
    ['spaces', `1${' '.repeat(1_000_000)}!`, 'no plain number'],
  ])('behavior: refuses a million %s at once', (_, text, reason) => {
    const start = performance.now()
    expect(() => parseAmount(text)).toThrow(reason)
    expect(performance.now() - start).toBeLessThan(1000)
  })

  test('behavior: takes a million leading zeros', () => {
    expect(parseAmount(`${'0'.repeat(1_000_000)}5gwei`)).toBe(5n * 10n ** 9n)
  })

  test.each(['0', '0ETH', '0.000 gwei', '000'])('error: %s is zero', (text) => {
    expect(() => parseAmount(text)).toThrow('it must be more than 0.')
  })

  test('error: zero', () => {
    expect(() => parseAmount('0ETH')).toThrowErrorMatchingInlineSnapshot(
      `[InvalidAmountError: "0ETH" is not an amount: it must be more than 0.]`,
    )
  })

  test('error: too large', () => {
    expect(() => parseAmount(`1${'0'.repeat(60)}ETH`)).toThrowErrorMatchingInlineSnapshot(
      `[InvalidAmountError: "1000000000000000000000000000000000000000000000000000000000000ETH" is not an amount: it is more than any transfer can carry.]`,
    )
  })

  test('error: decimals without a unit', () => {
    expect(() => parseAmount('1.5')).toThrowErrorMatchingInlineSnapshot(
      `[InvalidAmountError: "1.5" is not an amount: a decimal number needs a unit.]`,
    )
  })

  test('error: more decimals than the unit has', () => {
    expect(() => parseAmount('1.0000000001gwei')).toThrowErrorMatchingInlineSnapshot(
      `[InvalidAmountError: "1.0000000001gwei" is not an amount: its unit has at most 9 decimals.]`,
    )
  })

  test('error: an unknown unit', () => {
    expect(() => parseAmount('5 BTC')).toThrowErrorMatchingInlineSnapshot(
      `[InvalidAmountError: "5 BTC" is not an amount: its unit is none of wei, gwei and ETH.]`,
    )
  })

  // Every object has one, so a look-up in an object would find it.
  test('error: a unit named like what objects have', () => {
    expect(() => parseAmount('5constructor')).toThrowErrorMatchingInlineSnapshot(
      `[InvalidAmountError: "5constructor" is not an amount: its unit is none of wei, gwei and ETH.]`,
    )
  })

  test('error: a negative number', () => {
    expect(() => parseAmount('-5ETH')).toThrowErrorMatchingInlineSnapshot(
      `[InvalidAmountError: "-5ETH" is not an amount: it has no plain number.]`,
    )
  })

  test.each([
    ...['', ' ', 'ETH', '.5ETH', '5.ETH', '1.2.3ETH', '+5ETH', '1e18', '1e3ETH', '0x10', '0x10ETH'],
    ...['1,000ETH', '1_000ETH', '1 000ETH', '5  ETH', '5\nETH', 'NaN', 'Infinity', '٥ETH', '5ETH!'],
  ])('error: "%s" has no plain number', (text) => {
    expect(() => parseAmount(text)).toThrow('is not an amount: it has no plain number.')
  })
})
