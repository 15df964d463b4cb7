import { InvalidShiftError } from '#errors/organization.ts'
import type { Contact, OrganizationFile, Purpose, Shift } from '#types/organization.ts'

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const minutesPerDay = 1_440

/** Somebody on duty, since when in Unix seconds. */
export type OnDuty = { account: string; since: number }

/** Who of an organization is on duty at a time (Unix seconds), the one who came last first. */
export function onDuty({ roster }: Pick<OrganizationFile, 'roster'>, at: number): OnDuty[] {
  return roster
    .flatMap((shift) => {
      const minutes = minutesInto(shift, at)
      return minutes === null
        ? []
        : { account: shift.account, since: at - (at % 60) - minutes * 60 }
    })
    .sort((a, b) => b.since - a.since || (a.account < b.account ? -1 : 1))
}

/** Minutes since a shift has begun; `null` while it is not on. */
function minutesInto({ days, from, until, timeZone }: Shift, at: number): number | null {
  const { day, minute } = clockIn(timeZone, at)
  const isOvernight = until <= from
  if (days.includes(day) && minute >= from && (isOvernight || minute < until)) return minute - from
  const before = day === 1 ? 7 : day - 1
  if (isOvernight && days.includes(before) && minute < until) return minute + minutesPerDay - from
  return null
}

/** Day of the week (1 is Monday) and minute of the day, as a clock there shows it. */
function clockIn(timeZone: string, at: number): { day: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at * 1_000)
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  const day = dayNames.indexOf(part('weekday').toLowerCase()) + 1
  return { day, minute: Number(part('hour')) * 60 + Number(part('minute')) }
}

/**
 * Accounts to call for something, in order: who is on duty and a contact for it, who is on duty, the other contacts.
 * Who has confirmed lately comes before who has not.
 */
export function callList(
  { contacts, roster }: OrganizationFile,
  { purpose, at }: { purpose: Purpose; at: number },
): string[] {
  const duty = onDuty({ roster }, at).map(({ account }) => account)
  const rank = (contact: Contact) => (duty.includes(contact.account) ? 0 : 1)
  const named = contacts
    .filter((contact) => contact.purpose === purpose)
    .sort((a, b) => rank(a) - rank(b) || b.confirmedAt - a.confirmedAt)
    .map(({ account }) => account)
  return [...new Set([...named.filter((account) => duty.includes(account)), ...duty, ...named])]
}

/**
 * A shift as people write it: `mon-fri 09:00-18:00 Asia/Seoul`, `sat,sun 22:00-06:00 UTC`.
 * @throws InvalidShiftError
 */
export function parseShift(text: string): Omit<Shift, 'account'> {
  const refuse = (reason: string) => new InvalidShiftError({ text, reason })
  const [, daysText = '', from = '', until = '', timeZone = ''] =
    /^\s*([a-z,-]+)\s+(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})\s+([\w+/-]{2,40})\s*$/i.exec(text) ?? []
  if (daysText === '') throw refuse('it is not DAYS FROM-UNTIL ZONE')
  const days = daysText
    .toLowerCase()
    .split(',')
    .flatMap((part) => daysIn(part) ?? [0])
  if (days.includes(0))
    throw refuse('its days are none of mon, tue, wed, thu, fri, sat, sun and daily')
  const [start, end] = [minutesOf(from), minutesOf(until)]
  if (start === null || end === null) throw refuse('its hours are no hours of a day')
  if (!isTimeZone(timeZone)) throw refuse('its time zone is unknown')
  return { days: [...new Set(days)].sort(), from: start, until: end, timeZone }
}

/** A shift as people write it. */
export function showShift({ days, from, until, timeZone }: Shift): string {
  const names = days.length === 7 ? 'daily' : days.map((day) => dayNames[day - 1]).join(',')
  return `${names} ${clock(from)}-${clock(until)} ${timeZone}`
}

function daysIn(text: string): number[] | undefined {
  if (text === 'daily') return [1, 2, 3, 4, 5, 6, 7]
  const [first = '', last = first, more] = text.split('-')
  const [a, b] = [dayNames.indexOf(first), dayNames.indexOf(last)]
  if (more !== undefined || a < 0 || b < 0) return undefined
  const count = ((b - a + 7) % 7) + 1
  return Array.from({ length: count }, (_, at) => ((a + at) % 7) + 1)
}

function minutesOf(text: string): number | null {
  const [hour = 0, minute = 0] = text.split(':').map(Number)
  return hour <= 24 && minute < 60 && hour * 60 + minute <= minutesPerDay
    ? hour * 60 + minute
    : null
}

function clock(minutes: number): string {
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60]
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':')
}

function isTimeZone(text: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: text }))
  } catch {
    return false
  }
}
