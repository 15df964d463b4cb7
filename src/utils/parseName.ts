import { InvalidTextError } from '#errors/input.ts'
import { checkText } from './parseNote.ts'

const maxCharacters = 60

/**
 * A name as a person wrote it: one line of 1 to 60 characters. What could fool a reader is refused and not mended.
 * @throws InvalidTextError
 */
export function parseName(text: string): string {
  const name = checkText(text, { what: 'a name', maxCharacters })
  if (/[\p{L}\p{N}]/u.test(name)) return name
  throw new InvalidTextError({ text, what: 'a name', reason: 'it has no letter and no digit' })
}
