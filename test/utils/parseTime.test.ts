import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserError } from '#errors/userError.ts'
import { formatTime } from '#utils/formatTime.ts'
import { isTime, parseTime } from '#utils/parseTime.ts'

const now = Date.UTC(2025, 1, 22, 10, 0, 0) / 1000
const at = (...parts: [number, number, number, number, number, number?]) => {
  const [year, month, date, hours, minutes, seconds = 0] = parts
  return Date.UTC(year, month - 1, date, hours, minutes, seconds) / 1000
}

describe('parseTime', () => {
  test.each([
    ['2025-02-21T14:16:11Z', at(2025, 2, 21, 14, 16, 11)],
    ['2025-02-21T14:16:11.123Z', at(2025, 2, 21, 14, 16, 11)],
    ['2025-02-21T14:16:11+01:00', at(2025, 2, 21, 13, 16, 11)],
    ['2025-02-21T14:16:11-05:30', at(2025, 2, 21, 19, 46, 11)],
    ['2025-02-21 14:16 UTC', at(2025, 2, 21, 14, 16)],
    ['2025-02-21 14:16', at(2025, 2, 21, 14, 16)],
    [' 2025-02-21  14:16:11 utc ', at(2025, 2, 21, 14, 16, 11)],
    ['21 Feb 2025 14:16', at(2025, 2, 21, 14, 16)],
    ['1 september 2025 4:05 UTC', at(2025, 9, 1, 4, 5)],
    ['1 Sept 2025 04:05', at(2025, 9, 1, 4, 5)],
    ['Feb-21-2025 02:16:11 PM UTC', at(2025, 2, 21, 14, 16, 11)],
    ['Apr-04-2022 12:08:11 AM +UTC', at(2022, 4, 4, 0, 8, 11)],
    ['Feb 21, 2025 12:16 pm', at(2025, 2, 21, 12, 16)],
    ['2024-02-29 00:00', at(2024, 2, 29, 0, 0)],
    ['1740147371', 1_740_147_371],
    ['1740147371999', 1_740_147_371],
    ['2h ago', now - 7_200],
    ['90 min ago', now - 5_400],
    ['yesterday 14:00', at(2025, 2, 21, 14, 0)],
    ['Today at 09:30 UTC', at(2025, 2, 22, 9, 30)],
  ])('default: reads %s', (text, seconds) => {
    expect(parseTime(text, { now })).toBe(seconds)
    expect(isTime(text)).toBe(true)
  })

  test('behavior: reads back what people are shown', () => {
    fc.assert(
      fc.property(fc.integer({ min: at(2010, 1, 1, 0, 0), max: at(2099, 1, 1, 0, 0) }), (time) => {
        expect(parseTime(formatTime(time), { now })).toBe(time)
        expect(parseTime(new Date(time * 1000).toISOString(), { now })).toBe(time)
        expect(parseTime(String(time), { now })).toBe(time)
        expect(parseTime(String(time * 1000), { now })).toBe(time)
      }),
    )
  })

  test.each([
    ['02/03/2025', 'day and month could be either way round'],
    ['02.03.2025 14:00', 'day and month could be either way round'],
    ['2025/02/03 14:00', 'day and month could be either way round'],
    ['2025-02-21', 'it has no time of day'],
    ['yesterday', 'it has no time of day'],
    ['21 Feb 2025', 'it has no time of day'],
    ['2025-02-30 14:16', 'there is no such day'],
    ['2025-13-01 14:16', 'there is no such day'],
    ['2025-00-01 14:16', 'there is no such day'],
    ['31 Jun 2025 14:16', 'there is no such day'],
    ['21 Febtober 2025 14:16', 'there is no such day'],
    ['21 xyz 2025 14:16', 'there is no such day'],
    ['2025-02-21 24:00', 'there is no such time of day'],
    ['2025-02-21 14:60', 'there is no such time of day'],
    ['2025-02-21 14:16:60', 'there is no such time of day'],
    ['2025-02-21 14:16+99:00', 'there is no such time of day'],
    ['Feb-21-2025 13:16:11 PM', 'there is no such time of day'],
    ['Feb-21-2025 00:16:11 AM', 'there is no such time of day'],
    ['1970-01-01 00:00', 'it is not between 2009 and 2100'],
    ['9999-01-01 00:00', 'it is not between 2009 and 2100'],
    ['2 fortnights ago', 'its unit is none of minutes, hours, days and weeks'],
    ['14:00', 'it is written in a way that could be misread'],
    ['soon', 'it is written in a way that could be misread'],
    ['', 'it is written in a way that could be misread'],
    ['12345', 'it is written in a way that could be misread'],
    ['2025-02-21 14:16 EST', 'it is written in a way that could be misread'],
    ['1'.repeat(1_000_000), 'it is too long'],
  ])('error: %s', (text, reason) => {
    expect(() => parseTime(text, { now })).toThrow(`is not a clear time: ${reason}.`)
    expect(isTime(text)).toBe(false)
  })

  test('behavior: any text is read or refused in a sentence', () => {
    const piece = fc.constantFrom('2025', '-', '02', ' ', 'T', '14', ':', 'Feb', 'Z', 'ago', '1h')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            expect(parseTime(text, { now })).toSatisfy(Number.isInteger)
          } catch (error) {
            expect(error).toBeInstanceOf(UserError)
          }
        },
      ),
    )
  })
})
