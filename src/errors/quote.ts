/** Longest piece of somebody's text that an error repeats, in characters. */
const maxQuoted = 80

/** Control, direction, invisible and line characters; not the two that choose between text and emoji. */
const hidden =
  /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\uFE0E\uFE0F]]/gv

/** A value in quotes for an error sentence: control and direction characters made visible, long ones cut. */
export function quote(value: unknown): string {
  const text = String(value)
  // Half of a character that the cut went through is dropped.
  const cut =
    text.length > maxQuoted ? `${text.slice(0, maxQuoted).replace(/[\uD800-\uDBFF]$/, '')}…` : text
  return `"${cut.replace(hidden, showCharacter)}"`
}

function showCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
