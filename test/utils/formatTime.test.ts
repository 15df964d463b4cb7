import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDuration, formatTime } from '#utils/formatTime.ts'

describe('formatTime', () => {
  test.each([
    [1_649_041_691, '2022-04-04 03:08:11 UTC'],
    [1_649_041_691.999, '2022-04-04 03:08:11 UTC'],
    [0, '1970-01-01 00:00:00 UTC'],
    [1_709_164_800, '2024-02-29 00:00:00 UTC'],
    // What a broken node may tell.
    [253_402_300_800, '+010000-01-01 00:00:00 UTC'],
  ])('default: writes %s as %s', (seconds, text) => {
    expect(formatTime(seconds)).toBe(text)
  })
})

const day = 86_400
const hour = 3_600

describe('formatDuration', () => {
  test.each([
    [0, '0 s'],
    [1, '1 s'],
    [59, '59 s'],
    [60, '1 min'],
    [249, '4 min 9 s'],
    [hour, '1 h'],
    [hour + 1, '1 h'],
    [hour + 60, '1 h 1 min'],
    [hour + 600, '1 h 10 min'],
    [10 * hour, '10 h'],
    [day - 1, '23 h 59 min'],
    [day, '1 d'],
    [90_061, '1 d 1 h'],
    [day + 59 * 60, '1 d'],
    [12 * day + 13 * hour, '12 d 13 h'],
    [1_000 * day + hour - 1, '1000 d'],
  ])('default: writes %s s as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })

  test('behavior: cuts parts of a second, and takes a time before its start for none', () => {
    expect(formatDuration(1.999)).toBe('1 s')
    expect(formatDuration(0.5)).toBe('0 s')
    expect(formatDuration(-5)).toBe('0 s')
  })

  test('behavior: says at most two neighbouring units, and no more than has passed', () => {
    const sizes: Record<string, number> = { d: day, h: hour, min: 60, s: 1 }
    const names = Object.keys(sizes)
    fc.assert(
      fc.property(fc.nat(10_000 * day), (seconds) => {
        const words = formatDuration(seconds).split(' ')
        const units = words.filter((_, index) => index % 2 === 1)
        const counts = words.filter((_, index) => index % 2 === 0).map(Number)
        const said = units.reduce((sum, unit, index) => sum + counts[index]! * sizes[unit]!, 0)
        expect(units.length).toBeLessThanOrEqual(2)
        if (units[1]) expect(names.indexOf(units[1])).toBe(names.indexOf(units[0]!) + 1)
        expect(said).toBeLessThanOrEqual(seconds)
        const smallest = sizes[names[names.indexOf(units[0]!) + 1] ?? 's']!
        expect(seconds - said).toBeLessThan(smallest)
      }),
    )
  })
})
