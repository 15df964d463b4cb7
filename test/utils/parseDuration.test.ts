import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '#errors/userError.ts'
import { formatDuration } from '#utils/formatTime.ts'
import { parseDuration } from '#utils/parseDuration.ts'

describe('parseDuration', () => {
  test.each([
    ['30m', 1_800],
    ['2h', 7_200],
    ['2 H', 7_200],
    ['1d12h', 129_600],
    ['1d 12h', 129_600],
    ['1 day 12 hours 5 minutes', 129_900],
    ['90 min', 5_400],
    ['1 week', 604_800],
    ['1w2d', 777_600],
    ['1m', 60],
    ['90d', 7_776_000],
  ])('default: reads %s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds)
  })

  test('behavior: reads back what people are shown', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 * 24 * 60 }), (minutes) => {
        const shown = formatDuration(minutes * 60)
        expect(formatDuration(parseDuration(shown))).toBe(shown)
      }),
    )
  })

  test.each([
    ['', 'it is no number with a unit'],
    ['30', 'it is no number with a unit'],
    ['h', 'it is no number with a unit'],
    ['-2h', 'it is no number with a unit'],
    ['1.5h', 'it is no number with a unit'],
    ['9999999h', 'it is no number with a unit'],
    ['2h'.repeat(500_000), 'it is no number with a unit'],
    ['30s', 'its unit is none of minutes, hours, days and weeks'],
    ['2 constructor', 'its unit is none of minutes, hours, days and weeks'],
    ['12h1d', 'the larger unit comes first, each once'],
    ['1h 30m 5m', 'the larger unit comes first, each once'],
    ['0m', 'it must be from 1 minute to 90 days'],
    ['91d', 'it must be from 1 minute to 90 days'],
    ['999999w', 'it must be from 1 minute to 90 days'],
  ])('error: %s', (text, reason) => {
    expect(() => parseDuration(text)).toThrow(`is not a span of time: ${reason}.`)
  })

  test('behavior: any text is read or refused in a sentence', () => {
    const piece = fc.constantFrom('1', '20', ' ', 'd', 'h', 'min', 'x', '.', '-', '‏')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            const seconds = parseDuration(text)
            expect(seconds >= 60 && seconds <= 90 * 86_400 && seconds % 60 === 0).toBe(true)
          } catch (error) {
            expect(error).toBeInstanceOf(UserError)
          }
        },
      ),
    )
  })
})
