/** Longest piece of somebody's text that an error repeats, in characters. */
const maxQuoted = 80

/** A value in quotes for an error sentence: control and direction characters made visible, long ones cut. */
export function quote(value: unknown): string {
  const text = String(value)
  const cut = text.length > maxQuoted ? `${text.slice(0, maxQuoted)}…` : text
  return `"${cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, showCharacter)}"`
}

function showCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
