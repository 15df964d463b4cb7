/** Longer texts are no link to anything; checked first, for the patterns below take long on a million characters. */
const maxPasted = 500

const opening = /^[\s<([{"'`“”„‘’‚]+/
const closing = /[\s>)\]}"'`“”‘’.,;:!?]+$/

/**
 * What somebody copied, without the brackets, quotes and punctuation that came with it, and without the text that a
 * chat puts beside a link (`<https://example.com|example.com>`).
 */
export function unwrapPaste(text: string): string {
  if (text.length > maxPasted) return text
  const [bare = ''] = text.replace(opening, '').split('|', 1)
  return bare.replace(closing, '')
}

/** The address of a page, also where the `https://` was left out; `undefined` where a text is none. */
export function readLink(text: string): URL | undefined {
  if (text.length > maxPasted || !/^(?:https?:\/\/|[\w-]+(?:\.[\w-]+)+\/)/i.test(text))
    return undefined
  const whole = /^https?:/i.test(text) ? text : `https://${text}`
  return URL.canParse(whole) ? new URL(whole) : undefined
}

/** What stands in the path of a page behind one of these words: `0x12` of `/en/address/0x12` behind `address`. */
export function findInPath({ pathname }: URL, words: readonly string[]): string | undefined {
  const parts = pathname.split('/')
  const at = parts.findIndex((part) => words.includes(part.toLowerCase()))
  return at < 0 ? undefined : parts[at + 1]
}
