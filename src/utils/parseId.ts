import { InvalidTextError } from '#errors/input.ts'

/**
 * An id as people choose them: up to 40 lower-case letters, digits and hyphens.
 * @throws InvalidTextError
 */
export function parseId(text: string): string {
  const id = text.trim().toLowerCase()
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(id)) return id
  throw new InvalidTextError({
    text,
    what: 'an id',
    reason: 'it is not of up to 40 letters, digits and hyphens',
  })
}

/** Entries of a list in one word, and characters of each. */
const maxEntries = 20
const maxCharacters = 100

/**
 * A list in one word: `en,ko`. What it holds is people's text.
 * @throws InvalidTextError
 */
export function parseList(text: string): string[] {
  const entries = [...new Set(text.split(',').map((entry) => entry.trim()))].filter(Boolean)
  const isLong = entries.some(({ length }) => length > maxCharacters)
  if (entries.length > 0 && entries.length <= maxEntries && !isLong && !/[\p{C}]/u.test(text)) {
    return entries
  }
  throw new InvalidTextError({
    text,
    what: 'a list',
    reason: `it is not of 1 to ${maxEntries} short entries with commas between`,
  })
}
