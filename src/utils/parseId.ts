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
  const isGood = (entry: string) =>
    entry.length <= maxCharacters && /[\p{L}\p{N}]/u.test(entry) && !/\p{C}/u.test(entry)
  if (entries.length > 0 && entries.length <= maxEntries && entries.every(isGood)) return entries
  throw new InvalidTextError({
    text,
    what: 'a list',
    reason: `it is not of 1 to ${maxEntries} short entries with commas between`,
  })
}

/**
 * Channels in one word: `slack:C024BE91L,discord:400000000000000000`.
 * @throws InvalidTextError
 */
export function parseChannels(text: string): string[] {
  const channels = parseList(text)
  const wrong = channels.find((channel) => !/^[a-z]{1,20}(?::@?[A-Za-z0-9.]{1,81})?$/.test(channel))
  if (wrong === undefined) return channels
  throw new InvalidTextError({
    text: wrong,
    what: 'a channel',
    reason: 'it is not the platform and the id there, such as slack:C024BE91L',
  })
}
