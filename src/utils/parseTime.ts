import { InvalidDurationError, InvalidTimeError } from '#errors/input.ts'
import { parseDuration } from './parseDuration.ts'

/** Unix seconds: the first block of any chain, and a time that nobody means. */
const earliest = Date.UTC(2009, 0, 3) / 1000
const latest = Date.UTC(2100, 0, 1) / 1000

const day = 86_400

/** Longer texts are no time. */
const maxLength = 60

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const clock = String.raw`(?<hours>\d{1,2}):(?<minutes>\d\d)(?::(?<seconds>\d\d)(?:\.\d{1,9})?)?`
const zone = String.raw`\s*(?:\+?utc|gmt|z|(?<offset>[+-]\d\d:\d\d))?`

/** Every way to write a date and a time of day. */
const forms = [
  // 2025-02-21T14:16:11Z
  String.raw`(?<year>\d{4})-(?<month>\d\d)-(?<date>\d\d)(?:t|\s+)${clock}${zone}`,
  // 21 Feb 2025 14:16
  String.raw`(?<date>\d{1,2})\s+(?<month>[a-z]{3,9})\.?\s+(?<year>\d{4}),?\s+${clock}${zone}`,
  // Feb-21-2025 02:16:11 PM UTC, as explorers write it
  String.raw`(?<month>[a-z]{3,9})[-\s](?<date>\d{1,2})[-\s,]+(?<year>\d{4})[,\s]+${clock}(?:\s*(?<half>[ap]m))?${zone}`,
].map((form) => new RegExp(`^${form}$`))

const relative = new RegExp(String.raw`^(?<day>today|yesterday)(?:\s+at)?\s+${clock}${zone}$`)

type Parts = Record<string, string | undefined>

/**
 * A time as people write or paste it, in Unix seconds, UTC where it names no zone: `2025-02-21 14:16`,
 * `2025-02-21T14:16:11Z`, `21 Feb 2025 14:16`, Unix seconds or milliseconds, `2h ago`, `yesterday 14:00`.
 * @throws InvalidTimeError
 */
export function parseTime(text: string, { now }: { now: number }): number {
  const seconds = readTime(text, now)
  if (seconds >= earliest && seconds < latest) return seconds
  throw new InvalidTimeError({ text, reason: 'it is not between 2009 and 2100' })
}

/** Whether a text is a time, for schemas, which do not know what time it is. */
export function isTime(text: string): boolean {
  try {
    parseTime(text, { now: latest - day })
    return true
  } catch (error) {
    if (error instanceof InvalidTimeError) return false
    throw error
  }
}

function readTime(text: string, now: number): number {
  const written = text.trim().toLowerCase()
  if (written.length > maxLength) throw new InvalidTimeError({ text, reason: 'it is too long' })
  if (/^\d{9,10}$/.test(written)) return Number(written)
  if (/^\d{12,13}$/.test(written)) return Math.floor(Number(written) / 1000)
  const [, span] = /^(.+?)\s+ago$/.exec(written) ?? []
  if (span !== undefined) return now - readSpan(text, span)
  const near = relative.exec(written)?.groups
  if (near) {
    const today = now - (now % day)
    return (near.day === 'today' ? today : today - day) + timeOfDay(text, near)
  }
  for (const form of forms) {
    const parts = form.exec(written)?.groups
    if (parts) return dayOf(text, parts) + timeOfDay(text, parts)
  }
  throw new InvalidTimeError({ text, reason: reasonOf(written) })
}

function readSpan(text: string, span: string): number {
  try {
    return parseDuration(span)
  } catch (error) {
    if (!(error instanceof InvalidDurationError)) throw error
    throw new InvalidTimeError({ text, reason: error.reason })
  }
}

/** The start of a day; a 30th of February is none. */
function dayOf(text: string, { year = '', month = '', date = '' }: Parts): number {
  const monthIndex = /^\d/.test(month) ? Number(month) - 1 : findMonth(month)
  const start = new Date(Date.UTC(Number(year), monthIndex, Number(date)))
  if (
    monthIndex >= 0 &&
    start.getUTCMonth() === monthIndex &&
    start.getUTCDate() === Number(date)
  ) {
    return start.getTime() / 1000
  }
  throw new InvalidTimeError({ text, reason: 'there is no such day' })
}

/** By its first three letters, as long as the rest is the month's too. */
function findMonth(word: string): number {
  const index = months.indexOf(word.slice(0, 3))
  const name = new Date(Date.UTC(2000, index, 1)).toLocaleString('en', {
    month: 'long',
    timeZone: 'UTC',
  })
  return index >= 0 && (name.toLowerCase().startsWith(word) || word === 'sept') ? index : -1
}

function timeOfDay(text: string, { hours, minutes, seconds = '0', half, offset }: Parts): number {
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)]
  const isInRange = half === undefined ? hour < 24 : hour >= 1 && hour <= 12
  const [, sign, zoneHours, zoneMinutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset ?? '+00:00') ?? []
  const isZone = Number(zoneHours) <= 14 && Number(zoneMinutes) < 60
  if (!isInRange || minute >= 60 || second >= 60 || !isZone) {
    throw new InvalidTimeError({ text, reason: 'there is no such time of day' })
  }
  const ahead = Number(`${sign}1`) * (Number(zoneHours) * 3600 + Number(zoneMinutes) * 60)
  const inDay = half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0)
  return inDay * 3600 + minute * 60 + second - ahead
}

function reasonOf(written: string): string {
  if (/^\d{1,4}[/.]\d{1,2}[/.]\d{1,4}/.test(written)) {
    return 'day and month could be either way round'
  }
  if (/^(?:\d{4}-\d\d-\d\d|today|yesterday|\d{1,2}\s+[a-z]+\s+\d{4})$/.test(written)) {
    return 'it has no time of day'
  }
  return 'it is written in a way that could be misread'
}
