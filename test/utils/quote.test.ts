import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quote } from '#errors/quote.ts'

describe('quote', () => {
  test.each([
    ['12', '"12"'],
    ['', '""'],
    [12, '"12"'],
    [undefined, '"undefined"'],
    ['é 中 ✓ 😀 ❤️', '"é 中 ✓ 😀 ❤️"'],
  ])('default: puts %j in quotes', (value, text) => {
    expect(quote(value)).toBe(text)
  })

  test.each([
    ['an escape', '\u001b[31m', String.raw`"\u{1b}[31m"`],
    ['a line break', 'a\r\nb', String.raw`"a\u{d}\u{a}b"`],
    ['a change of direction', 'a\u202eb', String.raw`"a\u{202e}b"`],
    ['a space of no width', 'a\u200bb', String.raw`"a\u{200b}b"`],
    ['an invisible letter', '\u3164', String.raw`"\u{3164}"`],
    ['a hidden tag', '\u{e0061}', String.raw`"\u{e0061}"`],
    ['half a pair', 'a\ud83d', String.raw`"a\u{d83d}"`],
  ])('behavior: makes %s visible', (_, value, text) => {
    expect(quote(value)).toBe(text)
  })

  test('behavior: cuts what is too long', () => {
    expect(quote('a'.repeat(80))).toBe(`"${'a'.repeat(80)}"`)
    expect(quote('a'.repeat(81))).toBe(`"${'a'.repeat(80)}…"`)
    expect(quote('a'.repeat(1_000_000))).toHaveLength(83)
  })

  test('behavior: cuts no pair into halves', () => {
    expect(quote(`${'a'.repeat(79)}😀`)).toBe(`"${'a'.repeat(79)}…"`)
    expect(quote(`${'a'.repeat(78)}😀b`)).toBe(`"${'a'.repeat(78)}😀…"`)
  })

  test('behavior: what it gives holds no control or direction character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        expect(quote(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      }),
    )
  })
})
