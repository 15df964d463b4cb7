/** Longest text of a stranger that is shown, in characters. */
const maxShown = 200

/** Control, format (direction, zero width), surrogate and line characters: they move cursors and hide text. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

/** Whether a text holds characters that could fool a terminal or a reader. */
export function hasUnsafeCharacters(text: string): boolean {
  return unsafe.test(text)
}

/** A text of a stranger made harmless for any chat: unsafe characters become `�`, what is too long is cut. */
export function plainText(text: string): string {
  const cut = text.length > maxShown ? `${text.slice(0, maxShown)}…` : text
  return cut.replace(new RegExp(unsafe, 'gu'), '�')
}
