import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasUnsafeCharacters, plainText } from '#utils/plainText.ts'

const unsafe = [
  ['an escape that colours a terminal', '\u001b[31mred', '�[31mred'],
  ['an 8-bit escape', '\u009b31mred', '�31mred'],
  ['a bell', 'a\u0007', 'a�'],
  ['a NUL', 'a\0b', 'a�b'],
  ['a line feed', 'a\nb', 'a�b'],
  ['a carriage return', 'a\rb', 'a�b'],
  ['a tab', 'a\tb', 'a�b'],
  ['a line separator', 'a\u2028b\u2029', 'a�b�'],
  ['a change of direction', 'exe.\u202etxt', 'exe.�txt'],
  ['an isolated direction', '\u2066a\u2069', '�a�'],
  ['a space of no width', 'Bin\u200bance', 'Bin�ance'],
  ['a joiner between letters', 'Bin\u200dance', 'Bin�ance'],
  ['a joiner with nothing to join', '👨\u200d', '👨�'],
  ['a joiner of a picture and a letter', '👨\u200da', '👨�a'],
  ['two joiners', '👨\u200d\u200d👩', '👨��👩'],
  ['a byte order mark', '\ufeffa', '�a'],
  ['a soft hyphen', 'a\u00adb', 'a�b'],
  ['an invisible letter', '\u3164', '�'],
  ['an invisible mark', 'a\u034fb', 'a�b'],
  ['letters hidden as tags', 'a\u{e0061}\u{e0062}', 'a��'],
  ['bytes hidden as variants', 'a\u{e0101}', 'a�'],
  ['the first half of a pair', 'a\ud83d', 'a�'],
  ['the second half of a pair', '\ude00a', '�a'],
] as const

const safe = [
  ['letters with marks', 'é ñ ß Ł e\u0301'],
  ['other scripts', '中文 かな 한국어 العربية עברית हिन्दी ไทย Ελληνικά Кириллица'],
  ['symbols', '✓ → € © ≤ … – “”'],
  ['emoji', '😀 🚨 👍🏽 ❤️ 1️⃣ 🇩🇪 ☠︎'],
  ['joined emoji', '👨‍👩‍👧 👩🏽‍💻 ❤️‍🔥 🏳️‍🌈 🏴‍☠️ 🧑‍⚕️ 👁️‍🗨️ 🐈‍⬛'],
  ['letters beyond 16 bits', '𝄞 𠮷'],
  ['nothing', ''],
  ['a space without a break', '1\u00a0000'],
] as const

describe('hasUnsafeCharacters', () => {
  test.each(unsafe)('default: finds %s', (_, text) => {
    expect(hasUnsafeCharacters(text)).toBe(true)
    // A pattern with a memory would answer differently the second time.
    expect(hasUnsafeCharacters(text)).toBe(true)
  })

  test.each(safe)('behavior: lets %s pass', (_, text) => {
    expect(hasUnsafeCharacters(text)).toBe(false)
  })
})

describe('plainText', () => {
  test.each(unsafe)('default: shows %s', (_, text, shown) => {
    expect(plainText(text)).toBe(shown)
  })

  test.each(safe)('behavior: leaves %s as they are', (_, text) => {
    expect(plainText(text)).toBe(text)
  })

  test('behavior: cuts what is too long', () => {
    expect(plainText('a'.repeat(3000))).toBe('a'.repeat(3000))
    expect(plainText('a'.repeat(3001))).toBe(`${'a'.repeat(3000)}…`)
  })

  test('behavior: cuts no emoji into halves', () => {
    expect(plainText(`${'a'.repeat(2999)}😀`)).toBe(`${'a'.repeat(2999)}…`)
    expect(plainText(`${'a'.repeat(2996)}👨‍👩`)).toBe(`${'a'.repeat(2996)}👨…`)
    expect(plainText(`${'a'.repeat(2997)}👨‍👩`)).toBe(`${'a'.repeat(2997)}👨…`)
  })

  test('behavior: what it gives is always safe, short and its own plain text', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 30 })
    const usualText = fc.string({ unit: 'grapheme', maxLength: 30 })
    const filler = fc.integer({ min: 2960, max: 3010 }).map((length) => 'a'.repeat(length))
    const texts = fc.tuple(filler, fc.oneof(anyText, usualText), fc.oneof(anyText, usualText))
    fc.assert(
      fc.property(texts, (parts) => {
        const input = parts.join('')
        const shown = plainText(input)
        expect(hasUnsafeCharacters(shown)).toBe(false)
        expect(shown.length).toBeLessThanOrEqual(3001)
        if (shown.length <= 3000) expect(plainText(shown)).toBe(shown)
        if (!hasUnsafeCharacters(input) && input.length <= 3000) expect(shown).toBe(input)
      }),
    )
  })
})
