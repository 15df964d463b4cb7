import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatAmount, formatExact } from '#utils/formatAmount.ts'
import { maxAmount } from '#utils/parseAmount.ts'

const ether = { id: 'eip155:1/slip44:60', symbol: 'ETH', decimals: 18 }
const dollar = { id: 'eip155:1/erc20:0xa0', symbol: 'USDC', decimals: 6 }
const token = (decimals: number) => ({ id: 'eip155:1/erc20:0xb0', symbol: 'TOK', decimals })
const anyAmount = fc.bigInt({ min: 0n, max: maxAmount })

describe('formatAmount', () => {
  test.each([
    [0n, '0 ETH'],
    [10n ** 18n, '1 ETH'],
    [12_505n * 10n ** 17n, '1,250.5 ETH'],
    [173_600n * 10n ** 18n, '173,600 ETH'],
    [1_234_567n * 10n ** 18n, '1,234,567 ETH'],
    [999n * 10n ** 18n, '999 ETH'],
    [10n ** 12n, '0.000001 ETH'],
  ])('default: writes %s wei as %s', (amount, text) => {
    expect(formatAmount(amount, ether)).toBe(text)
  })

  test('behavior: cuts and never rounds up', () => {
    expect(formatAmount(1_999_999_999_999_999_999n, ether)).toBe('1.999999 ETH')
    expect(formatAmount(1_000_000_999_999_999_999n, ether)).toBe('1 ETH')
  })

  test('behavior: says where everything is cut', () => {
    expect(formatAmount(1n, ether)).toBe('<0.000001 ETH')
    expect(formatAmount(10n ** 12n - 1n, ether)).toBe('<0.000001 ETH')
  })

  test('behavior: knows assets of few decimals', () => {
    expect(formatAmount(1n, dollar)).toBe('0.000001 USDC')
    expect(formatAmount(5n, token(2))).toBe('0.05 TOK')
    expect(formatAmount(1_234n, token(0))).toBe('1,234 TOK')
    expect(formatAmount(0n, token(0))).toBe('0 TOK')
    expect(formatAmount(1n, token(7))).toBe('<0.000001 TOK')
  })

  test('behavior: shows the exact amount, cut to six decimals', () => {
    fc.assert(
      fc.property(anyAmount, fc.integer({ min: 0, max: 36 }), (amount, decimals) => {
        const shown = formatAmount(amount, token(decimals)).replace(' TOK', '').replaceAll(',', '')
        const [whole, fraction = ''] = formatExact(amount, token(decimals)).split('.')
        const cut = `${whole}.${fraction.slice(0, 6)}`.replace(/\.?0*$/, '') || '0'
        const exact = fraction === '' ? whole : cut
        expect(shown).toBe(exact === '0' && amount > 0n ? '<0.000001' : exact)
      }),
    )
  })
})

describe('formatExact', () => {
  test.each([
    [175_099_999_842_400_000_000_000n, '175099.9998424'],
    [1n, '0.000000000000000001'],
    [0n, '0'],
    [maxAmount, '115792089237316195423570985008687907853269984665640564039457.584007913129639935'],
  ])('default: writes all decimals of %s wei', (amount, text) => {
    expect(formatExact(amount, ether)).toBe(text)
  })

  test('behavior: loses nothing', () => {
    fc.assert(
      fc.property(anyAmount, fc.integer({ min: 0, max: 36 }), (amount, decimals) => {
        const [whole = '', fraction = ''] = formatExact(amount, token(decimals)).split('.')
        expect(BigInt(whole + fraction.padEnd(decimals, '0'))).toBe(amount)
        expect(fraction).not.toMatch(/0$/)
      }),
    )
  })
})
