import { InvalidConfidenceError } from '#errors/input.ts'

/**
 * How sure somebody is, from 0 to 1.
 * @example parseConfidence('60%') // 0.6
 * @throws InvalidConfidenceError
 */
export function parseConfidence(text: string): number {
  const [, number, sign] = /^\s*(\d{1,3}(?:\.\d{1,4})?)\s*(%?)\s*$/.exec(text) ?? []
  const value = Number(number) / (sign === '%' ? 100 : 1)
  if (number === undefined || !(value > 0 && value <= 1)) throw new InvalidConfidenceError({ text })
  return value
}
