import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, decodeAmount, decodeAmounts, decodeInt, encode } from '#src/store/codec.ts'
import { hostileText } from '#test/support/arbitraryChange.ts'

const key = hostileText
const leaf = [
  ...[hostileText, fc.boolean(), fc.constant(null), fc.constant(undefined)],
  ...[fc.bigInt(), fc.integer(), fc.constantFrom(Number.POSITIVE_INFINITY, Number.NaN, 0.5)],
]
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    ...leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
})).value

describe('encode and decode', () => {
  test('default: gives back what it was given, whatever strangers write', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const text = encode(value)
        expect(text.isWellFormed() && !text.includes('\0')).toBe(true)
        expect(isDeepStrictEqual(decode(text, 'it'), value)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('behavior: an object that looks like a number stays an object', () => {
    const forged = { amount: { $: 'bigint', value: '1' }, symbol: '123n' }
    expect(decode(encode(forged), 'it')).toEqual(forged)
  })

  test.each([
    ['no JSON', '{"a":1'],
    ['no digits', '{"$":"bigint","value":"0x1"}'],
    ['no number', '{"$":"number","value":"much"}'],
    ['an unknown kind', '{"$":"date","value":"1"}'],
    ['no entries', '{"$":"map"}'],
    ['half an entry', '{"$":"map","entries":["ab"]}'],
  ])('error: %s', (_, text) => {
    expect(() => decode(text, 'the hop 1')).toThrow(/^The database is damaged: the hop 1 cannot/)
  })

  test('error: a property is missing or of another type', () => {
    const shape = { amount: 'bigint', head: 'object' } as const
    expect(decode(encode({ amount: 1n, head: {} }), 'it', shape)).toEqual({ amount: 1n, head: {} })
    for (const value of [
      { amount: '1', head: {} },
      { amount: 1n },
      { amount: 1n, head: null },
      7,
    ]) {
      expect(() => decode(encode(value), 'it', shape)).toThrow('damaged')
    }
  })

  test.each([
    [new Date(0)],
    [() => 1],
    [Symbol('x')],
    [new Set()],
  ])('error: %s cannot be written down', (value) => {
    expect(() => encode({ value })).toThrow('cannot be written down')
  })
})

describe('decodeAmount', () => {
  test('default', () => {
    expect([decodeAmount('-12', 'it'), decodeAmounts('["0","7"]', 'it')]).toEqual([-12n, [0n, 7n]])
    expect([decodeInt('12', 'it'), decodeInt(12n, 'it')]).toEqual([12, 12])
  })

  test.each(['', ' 1', '1.0', '1e3', '0x1', 1, null])('error: %s', (digits) => {
    expect(() => decodeAmount(digits, 'it')).toThrow('no whole number')
  })

  test('error: no list, no whole number', () => {
    expect(() => decodeAmounts('{}', 'it')).toThrow('no list')
    expect(() => decodeInt('1.5', 'it')).toThrow('no whole one')
  })
})
