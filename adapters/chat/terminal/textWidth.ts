/** Marks that stand on the character before them. */
const combining = /^\p{M}+$/u

/**
 * East Asian and emoji characters, which take two columns. The ranges are those of Unicode's EastAsianWidth W and F; U+FE0F makes an emoji of
 * what stands before it.
 */
const wide =
  /\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Columns that a text takes in a terminal. It must hold no escape sequences. */
export function textWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let columns = 0
  for (const { segment } of segmenter.segment(text)) {
    if (combining.test(segment)) continue
    columns += wide.test(segment) ? 2 : 1
  }
  return columns
}
