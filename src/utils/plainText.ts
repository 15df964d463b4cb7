/** Longest piece of text that is shown, in characters: what a Slack section holds. @see https://docs.slack.dev/reference/block-kit/blocks/section-block */
export const maxShown = 3000

/**
 * Control, format (direction, zero width), surrogate and line characters: they move cursors and hide text. Spared are
 * the two that choose between text and emoji, and the joiner between two pictures, which makes one emoji of them.
 */
const unsafe =
  /(?!(?<=\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)\u200D\p{Extended_Pictographic})[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\uFE0E\uFE0F]]/v
const everyUnsafe = new RegExp(unsafe, 'gv')

/** Whether a text holds characters that could fool a terminal or a reader. */
export function hasUnsafeCharacters(text: string): boolean {
  return unsafe.test(text)
}

/** A text of a stranger made harmless for any chat: unsafe characters become `�`, what is too long is cut. */
export function plainText(text: string): string {
  // Half of a character that the cut went through is dropped, and a joiner that lost what it joined.
  const cut =
    text.length > maxShown
      ? `${text.slice(0, maxShown).replace(/\u200D?[\uD800-\uDBFF]?$/, '')}…`
      : text
  return cut.replace(everyUnsafe, '�')
}
