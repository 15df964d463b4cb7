/** Stands where a secret stood. */
export const mark = '[secret]'

/** Characters for which JSON has a letter. */
const controls = new Map([
  ['\b', 'b'],
  ['\f', 'f'],
  ['\n', 'n'],
  ['\r', 'r'],
  ['\t', 't'],
])

/** Puts `[secret]` in place of each secret in a text, also where it is escaped for a URL or for JSON. */
export function createHider(secrets: readonly string[]): (text: string) => string {
  // The longest first: a URL is one secret, not several.
  const patterns = [...new Set(secrets)]
    .filter((secret) => secret !== '')
    .sort((a, b) => b.length - a.length)
    .map((secret) => Array.from(secret, characterPattern).join(''))
  if (patterns.length === 0) return (text) => text
  const pattern = new RegExp(patterns.join('|'), 'g')
  return (text) => text.replace(pattern, mark)
}

/** A character as it is, percent-encoded or escaped for JSON, once or more often. */
function characterPattern(character: string): string {
  if (/[a-z0-9]/i.test(character)) return character
  const bytes = [...Buffer.from(character)].map((byte) => `%(?:25)*${anyCase(byte, 2)}`)
  const units = character.split('').map((unit) => `\\\\+u${anyCase(unit.charCodeAt(0), 4)}`)
  const own = `\\\\*${RegExp.escape(character)}`
  const short = controls.get(character)
  const ways = [own, bytes.join(''), units.join(''), ...(short ? [`\\\\+${short}`] : [])]
  return `(?:${ways.join('|')})`
}

/** Hex digits of a number in either case. */
function anyCase(value: number, digits: number): string {
  const hex = value.toString(16).padStart(digits, '0')
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
}
