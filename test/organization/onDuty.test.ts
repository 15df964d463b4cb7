import { expect, test } from 'vitest'
import { onDuty, parseShift, showShift } from '#src/organization/onDuty.ts'

const at = (text: string) => Date.parse(text) / 1000
const shift = (text: string) => ({ account: 'slack:U1', ...parseShift(text) })

test('a shift goes by a clock of its own, also past midnight', () => {
  const roster = [shift('mon-fri 09:00-18:00 Asia/Seoul')]
  // Monday 00:30 UTC is 09:30 in Seoul.
  expect(onDuty({ roster }, at('2026-11-23T00:30:00Z'))).toEqual([
    { account: 'slack:U1', since: at('2026-11-23T00:00:00Z') },
  ])
  expect(onDuty({ roster }, at('2026-11-23T09:00:00Z'))).toEqual([])
  expect(onDuty({ roster }, at('2026-11-28T01:00:00Z'))).toEqual([])
  const night = [shift('sun 22:00-06:00 UTC')]
  expect(onDuty({ roster: night }, at('2026-11-23T05:59:00Z'))).toEqual([
    { account: 'slack:U1', since: at('2026-11-22T22:00:00Z') },
  ])
  expect(onDuty({ roster: night }, at('2026-11-22T05:00:00Z'))).toEqual([])
})

test.each([
  ['mon-fri 09:00-18:00 Asia/Seoul', 'mon,tue,wed,thu,fri 09:00-18:00 Asia/Seoul'],
  ['DAILY 0:00-24:00 UTC', 'daily 00:00-24:00 UTC'],
  ['fri-mon,wed 22:00-06:00 Europe/Berlin', 'mon,wed,fri,sat,sun 22:00-06:00 Europe/Berlin'],
])('%s', (text, shown) => {
  expect(showShift(shift(text))).toBe(shown)
})

test.each([
  'always',
  'mon 25:00-26:00 UTC',
  'mon 09:00-18:00 Mars/Base',
  'moonday 09:00-18:00 UTC',
])('%s is refused with its value in quotes', (text) => {
  expect(() => parseShift(text)).toThrow(`"${text}" is no shift`)
})
