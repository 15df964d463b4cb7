import { InvalidTextError } from '#errors/input.ts'
import { hasUnsafeCharacters } from './plainText.ts'

const maxCharacters = 1_000

/**
 * A note as a person wrote it: one line of 1 to 1,000 characters. What could fool a reader is refused and not mended.
 * @throws InvalidTextError
 */
export function parseNote(text: string): string {
  return checkText(text, { what: 'a note', maxCharacters })
}

/** A text on one line without invisible characters; mentions and markup may stand in it, adapters disarm them. */
export function checkText(
  text: string,
  { what, maxCharacters: max }: { what: string; maxCharacters: number },
): string {
  const trimmed = text.trim()
  const refuse = (reason: string) => new InvalidTextError({ text, what, reason })
  if (trimmed === '') throw refuse('it is empty')
  // Counted as people do, an emoji as one; the first comparison spares the work on very long ones.
  if (trimmed.length > 4 * max || [...trimmed].length > max) {
    throw refuse(`it has more than ${max.toLocaleString('en')} characters`)
  }
  if (/[\n\r\u0085\u2028\u2029]/.test(trimmed)) throw refuse('it has more than one line')
  if (hasUnsafeCharacters(trimmed)) throw refuse('it has an invisible or control character')
  return trimmed
}
