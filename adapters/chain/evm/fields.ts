/** Patterns and not a parse: `BigInt('-5')` and `BigInt('')` are numbers as well. */
const hashPattern = /^0x[0-9a-f]{64}$/
const wordPattern = /^0x[0-9a-fA-F]{64}$/
const addressPattern = /^0x[0-9a-fA-F]{40}$/
const amountPattern = /^0x[0-9a-fA-F]{1,64}$/
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

/** Base units or gas, of 256 bits at most. */
export function isAmount(value: unknown): value is string {
  return typeof value === 'string' && amountPattern.test(value)
}

export function isAmountOrNone(value: unknown): boolean {
  return value === undefined || value === null || isAmount(value)
}

/** In lower case, as it is compared as text. */
export function isHash(value: unknown): value is string {
  return typeof value === 'string' && hashPattern.test(value)
}

/** 32 bytes in either case. */
export function isWord(value: unknown): value is string {
  return typeof value === 'string' && wordPattern.test(value)
}

/** In either case. */
export function isAddress(value: unknown): value is string {
  return typeof value === 'string' && addressPattern.test(value)
}

export function isAddressOrNone(value: unknown): boolean {
  return value === undefined || value === null || isAddress(value)
}

export function isBloom(value: unknown): value is string {
  return typeof value === 'string' && bloomPattern.test(value)
}
