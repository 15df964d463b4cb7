/** A word of a line, or several in quotes. */
export type Word = {
  /** What it says: without quotes, and without what stands before its quotes. */
  text: string
  /** For `min:"10 ETH"` the `min:` before the quotes. */
  before: string
  isQuoted: boolean
  /** Begins with a double quote that has no end. */
  isUnclosed: boolean
  /** Where it stands in the line. */
  start: number
  end: number
}

/** Quotes that phones and word processors put in, by the one that they stand for. */
const quotes = new Map([
  ...[...'"“”„‟'].map((quote) => [quote, '"'] as const),
  ...[..."'‘’‚‛"].map((quote) => [quote, "'"] as const),
])

const isSpace = (character: string | undefined) => character === undefined || /\s/.test(character)
const isComma = (character: string | undefined) => character === ',' || character === ';'

/**
 * The words of a line. Quotes around several make one of them, any kind of quotes; a quote without an end, or inside a
 * word, is a character like any other. Commas stay, except behind quotes.
 * @example splitWords('flag 0x12 exchange “Binance 14”')
 */
export function splitWords(line: string): Word[] {
  const ends = findEnds(line)
  const words: Word[] = []
  let at = 0
  while (at < line.length) {
    if (isSpace(line[at])) {
      at += 1
      continue
    }
    const word = readWord(line, at, ends)
    words.push(word)
    at = word.end
    if (word.isQuoted) while (isComma(line[at])) at += 1
  }
  return words
}

function readWord(line: string, start: number, ends: Ends): Word {
  let at = start
  for (; !isSpace(line[at]); at += 1) {
    const end = ends[at]
    if (end === undefined) continue
    const before = line.slice(start, at)
    const isTagged = /^[a-z][a-z-]{0,40}:$/i.test(before)
    if (at > start && !isComma(line[at - 1]) && !isTagged) continue
    // A list such as `a,"b c"`: the quoted one is a word of its own.
    if (at > start && isComma(line[at - 1])) break
    return {
      text: line.slice(at + 1, end),
      before,
      isQuoted: true,
      isUnclosed: false,
      start,
      end: end + 1,
    }
  }
  const isUnclosed = quotes.get(line[start] ?? '') === '"'
  return {
    text: line.slice(start, at),
    before: '',
    isQuoted: false,
    isUnclosed,
    start,
    end: at,
  }
}

/** Where the quotes that open at a place are closed: before a space, a comma or the end. */
type Ends = readonly (number | undefined)[]

/** Found once from the end, so that a line of nothing but quotes takes no longer than any other. */
function findEnds(line: string): Ends {
  const next = new Map<string, number>()
  const ends = new Array<number | undefined>(line.length)
  for (let at = line.length - 1; at >= 0; at -= 1) {
    const kind = quotes.get(line[at] ?? '')
    if (kind === undefined) continue
    ends[at] = next.get(kind)
    if (isSpace(line[at + 1]) || isComma(line[at + 1])) next.set(kind, at)
  }
  return ends
}
