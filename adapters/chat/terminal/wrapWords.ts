import type { Word } from './splitWords.ts'
import { textWidth } from './textWidth.ts'

export type Line = Word[]

/** Sets words in lines of at most `width` columns. A word wider than that has a line of its own and is not broken. */
export function wrapWords(words: Word[], width: number): Line[] {
  const lines: Line[] = []
  let line: Line = []
  let used = 0
  for (const word of words) {
    const size = wordWidth(word)
    if (line.length > 0 && used + 1 + size > width) {
      lines.push(line)
      line = []
    }
    used = line.length === 0 ? size : used + 1 + size
    line.push(word)
  }
  return [...lines, line]
}

/** Columns of a line, the spaces between its words counted. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, word) => sum + wordWidth(word), Math.max(0, line.length - 1))
}

/** Columns of the widest word. */
export function widestWord(words: Word[]): number {
  return Math.max(0, ...words.map(wordWidth))
}

function wordWidth(word: Word): number {
  return word.reduce((sum, { text }) => sum + textWidth(text), 0)
}
