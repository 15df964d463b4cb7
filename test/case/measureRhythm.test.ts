import { describe, expect, test } from 'vitest'
import { measureRhythm, quantile, timeLeft } from '#src/case/measureRhythm.ts'
import type { Hop } from '#types/trail.ts'

const hop = (time: number, idleSeconds: number, more: Partial<Hop> = {}) =>
  ({ time, idleSeconds, from: 'mule', transaction: `${time}`, ...more }) as Hop

describe('measureRhythm', () => {
  test('hours begin on Monday at midnight UTC', () => {
    // 2022-03-29 13:29:09 UTC, a Tuesday.
    const { hours } = measureRhythm([hop(1_648_560_549, 0)], new Set())
    expect(hours.findIndex((count) => count > 0)).toBe(24 + 13)
    const monday = measureRhythm([hop(Date.UTC(2024, 0, 1) / 1000, 0)], new Set())
    expect(monday.hours[0]).toBe(1)
  })

  test('a pause of more than 90 minutes ends a spell, and a transaction is one act', () => {
    const { spells, moves } = measureRhythm(
      [hop(0, 0), hop(0, 0), hop(5_400, 9), hop(10_801, 7)],
      new Set(),
    )
    expect(moves).toBe(3)
    expect(spells).toEqual([
      { from: 0, until: 5_400, moves: 2 },
      { from: 10_801, until: 10_801, moves: 1 },
    ])
  })

  test('what sources waited for is no habit', () => {
    const { rests } = measureRhythm([hop(1, 50), hop(2, 99, { from: 'thief' })], new Set(['thief']))
    expect(rests).toEqual([50])
  })

  test('time left goes by the rests that lasted as long, and needs five of them', () => {
    const rests = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    const measured = { moves: 10, hours: [], spells: [], rests }
    expect(timeLeft(measured, 50)).toEqual({ soonest: 10, likely: 30, sample: 5 })
    expect(timeLeft(measured, 60)).toBeNull()
    expect(quantile([], 0.5)).toBeNull()
  })
})
