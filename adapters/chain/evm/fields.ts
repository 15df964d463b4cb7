/** Patterns and not a parse: `BigInt('-5')` and `BigInt('')` are numbers as well. */
const hashPattern = /^0x[0-9a-f]{64}$/
const numberPattern = /^0x[0-9a-f]{1,13}$/
const bloomPattern = /^0x[0-9a-f]{512}$/

export type Fields = Record<string, unknown>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A number that is safe as one. */
export function isNumber(value: unknown): value is string {
  return typeof value === 'string' && numberPattern.test(value)
}

const isDigit = new Uint8Array(128)
for (const digit of '0123456789abcdefABCDEF') isDigit[digit.charCodeAt(0)] = 1

/** A table takes a third of the time of a pattern. */
function hasDigits(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) if (isDigit[text.charCodeAt(at)] !== 1) return false
  return true
}

export function isNone(value: unknown): value is undefined | null {
  return value === undefined || value === null
}

/** Of this length, whatever follows `0x`. */
export function isText(value: unknown, length: number): value is string {
  return typeof value === 'string' && value.length === length && value.startsWith('0x')
}

/** Base units or gas, of 256 bits at most. */
export function isAmount(value: unknown): value is string {
  if (typeof value !== 'string' || value.length < 3 || value.length > 66) return false
  return value.startsWith('0x') && hasDigits(value, 2)
}

export function isAmountOrNone(value: unknown): boolean {
  return isNone(value) || isAmount(value)
}

/** In lower case, as it is compared as text. */
export function isHash(value: unknown): value is string {
  return typeof value === 'string' && hashPattern.test(value)
}

/** 32 bytes in either case. */
export function isWord(value: unknown): value is string {
  return isText(value, 66) && hasDigits(value, 2)
}

/** In either case. */
export function isAddress(value: unknown): value is string {
  return isText(value, 42) && hasDigits(value, 2)
}

export function isAddressOrNone(value: unknown): boolean {
  return isNone(value) || isAddress(value)
}

export function isBloom(value: unknown): value is string {
  return typeof value === 'string' && bloomPattern.test(value)
}
