import { describe, expect, test } from 'vitest'
import { parseName } from '#utils/parseName.ts'
import { parseNote } from '#utils/parseNote.ts'

describe('parseName', () => {
  test.each([
    'Binance 14',
    'é 中 ✓ 😀',
    '👩‍💻 desk',
    '@everyone *bold* <!channel> [x](y)',
    'x',
    '𝒳'.repeat(60),
  ])('default: leaves %s as it is', (text) => {
    expect(parseName(text)).toBe(text)
  })

  test.each([
    ['', 'it is empty'],
    [' \t ', 'it is empty'],
    ['x'.repeat(61), 'it has more than 60 characters'],
    ['x'.repeat(1_000_000), 'it has more than 60 characters'],
    ['two\nlines', 'it has more than one line'],
    ['two\u2028lines', 'it has more than one line'],
    ['Bin\u200bance', 'it has an invisible or control character'],
    ['\u202eecnaniB', 'it has an invisible or control character'],
    ['a\u001b[2J', 'it has an invisible or control character'],
    ['a\ud800', 'it has an invisible or control character'],
    ['!?', 'it has no letter and no digit'],
    ['\u2800', 'it has no letter and no digit'],
  ])('error: %j', (text, reason) => {
    expect(() => parseName(text)).toThrow(`cannot be a name: ${reason}.`)
  })
})

describe('parseNote', () => {
  test('default: leaves a note as it is', () => {
    expect(parseNote('They froze it, said "done"; 👍')).toBe('They froze it, said "done"; 👍')
    expect(parseNote('x'.repeat(1_000))).toHaveLength(1_000)
  })

  test.each([
    ['', 'it is empty'],
    ['x'.repeat(1_001), 'it has more than 1,000 characters'],
    ['a\r\nb', 'it has more than one line'],
    ['a\u0000', 'it has an invisible or control character'],
  ])('error: %j', (text, reason) => {
    expect(() => parseNote(text)).toThrow(`cannot be a note: ${reason}.`)
  })
})
