import { DamagedRecordError } from '#errors/store.ts'

/**
 * A value as JSON. What JSON has no word for is an object with the key `$`, and a plain object that has that key is one
 * too: no text that a stranger chose can pass for a number.
 * @throws TypeError where a value cannot be written, such as a function
 */
export function encode(value: unknown): string {
  return JSON.stringify(tag(value))
}

function tag(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return { $: 'bigint', value: String(value) }
    case 'number':
      return Number.isFinite(value) ? value : { $: 'number', value: String(value) }
    case 'undefined':
      return { $: 'undefined' }
    case 'string':
    case 'boolean':
      return value
    case 'object':
      return value === null ? null : tagObject(value)
    default:
      throw new TypeError(`A ${typeof value} cannot be written down.`)
  }
}

function tagObject(value: object): unknown {
  if (Array.isArray(value)) return value.map(tag)
  if (value instanceof Map) {
    return { $: 'map', entries: [...value].map(([key, item]) => [tag(key), tag(item)]) }
  }
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`A ${prototype?.constructor?.name} cannot be written down.`)
  }
  const entries = Object.entries(value).map(([key, item]) => [key, tag(item)] as const)
  return Object.hasOwn(value, '$') ? { $: 'object', entries } : Object.fromEntries(entries)
}

/** Names of properties that must be there, own or inherited, each with what `typeof` says of it. */
export type Shape = Record<string, 'string' | 'number' | 'bigint' | 'object' | 'function'>

/**
 * What `encode` wrote down. `what` names it in the error; of an object the properties in `shape` are checked.
 * @throws DamagedRecordError
 */
export function decode<Value>(text: string, what: string, shape?: Shape): Value {
  const value = untag(parse(text, what), what)
  for (const [name, type] of Object.entries(shape ?? {})) {
    const found: unknown = isObject(value) ? value[name] : undefined
    if (typeof found !== type || found === null) {
      throw new DamagedRecordError({ what, reason: `its "${name}" is no ${type}` })
    }
  }
  return value as Value
}

/** @throws DamagedRecordError */
export function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new DamagedRecordError({ what, reason: 'it is not JSON', cause })
  }
}

function untag(value: unknown, what: string): unknown {
  if (Array.isArray(value)) return value.map((item) => untag(item, what))
  if (!isObject(value)) return value
  if (!Object.hasOwn(value, '$')) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, untag(item, what)]))
  }
  switch (value.$) {
    case 'bigint':
      return decodeAmount(value.value, what)
    case 'number':
      return decodeSpecial(value.value, what)
    case 'undefined':
      return undefined
    case 'map':
      return new Map(untagEntries(value.entries, what))
    case 'object':
      return Object.fromEntries(untagEntries(value.entries, what))
    default:
      throw new DamagedRecordError({ what, reason: 'it has a value of no known kind' })
  }
}

function untagEntries(entries: unknown, what: string): [string, unknown][] {
  if (!Array.isArray(entries)) throw new DamagedRecordError({ what, reason: 'it lacks entries' })
  return entries.map((entry) => {
    if (!Array.isArray(entry))
      throw new DamagedRecordError({ what, reason: 'an entry is not whole' })
    return [untag(entry[0], what) as string, untag(entry[1], what)]
  })
}

/** Numbers that JSON has no word for. */
const specialNumbers = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]

function decodeSpecial(text: unknown, what: string): number {
  const number = specialNumbers.find((special) => String(special) === text)
  if (number !== undefined) return number
  throw new DamagedRecordError({ what, reason: 'a number in it is none' })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

const amountPattern = /^-?\d+$/

/** Base units written as decimal digits. @throws DamagedRecordError */
export function decodeAmount(digits: unknown, what: string): bigint {
  if (typeof digits === 'string' && amountPattern.test(digits)) return BigInt(digits)
  throw new DamagedRecordError({ what, reason: 'an amount in it is no whole number' })
}

/** @throws DamagedRecordError */
export function decodeAmounts(text: string, what: string): bigint[] {
  const list = parse(text, what)
  if (!Array.isArray(list))
    throw new DamagedRecordError({ what, reason: 'its amounts are no list' })
  return list.map((digits) => decodeAmount(digits, what))
}

export function encodeAmounts(amounts: readonly bigint[]): string {
  return JSON.stringify(amounts.map(String))
}

/** A whole number as the database hands it out. @throws DamagedRecordError */
export function decodeInt(value: number | string | bigint, what: string): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new DamagedRecordError({ what, reason: 'a number in it is no whole one' })
}
