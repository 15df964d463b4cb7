import { InvalidCountError } from '#errors/input.ts'

/**
 * A whole number from 1 to `max`.
 * @throws InvalidCountError
 */
export function parseCount(text: string, { max }: { max: number }): number {
  const count = /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0
  if (count < 1 || count > max) throw new InvalidCountError({ text, max })
  return count
}
