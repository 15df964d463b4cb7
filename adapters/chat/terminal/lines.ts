import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'

/** A space at which no line breaks, until `wrap` shows it as any other. */
const tie = '\u00a0'

/** Makes one word of a text. */
export function glue(text: string): string {
  return text.replaceAll(' ', tie)
}

/** Columns of a text without its escape sequences. */
export function textWidth(text: string): number {
  // A tie takes as much as a space, but would cost the quick way through ASCII.
  return stringWidth(text.replaceAll(tie, ' '))
}

/** Columns of the widest word. */
export function widestWord(text: string): number {
  return Math.max(...text.split(' ').map(textWidth))
}

/** Lines of at most `width` columns. A word wider than that has a line of its own and is not broken. */
export function wrap(text: string, width: number): string[] {
  // What fits stays as it is; wrapAnsi would trim it.
  const lines = textWidth(text) <= width ? [text] : wrapAnsi(text, width).split('\n')
  return lines.map((line) => line.replaceAll(tie, ' '))
}

/** A text that takes `width` columns, by spaces on the side it is not aligned to. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const padding = ' '.repeat(Math.max(0, width - textWidth(text)))
  return align === 'right' ? padding + text : text + padding
}
