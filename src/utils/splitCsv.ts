import { MalformedRowError } from '#errors/file.ts'

/** Longest row with its line end, in characters. Beyond it a quote was never closed, and memory must not fill up. */
const maxRowLength = 1_000_000

export type CsvSplitter = {
  /** Takes the next piece of the text and hands on the rows that end in it. */
  write(text: string): void
  /** Says that the text has ended: hands on its last row. */
  end(): void
  /** Line of the text on which the next piece begins. */
  nextLine(): number
}

type CsvSplitterOptions = {
  /** Name of the file, for errors. */
  file: string
  /** Takes each row and the line on which it begins (the first is 1). */
  onRow: (values: string[], line: number) => void
}

/**
 * Splits CSV text (RFC 4180, LF or CRLF) that comes in pieces, cut anywhere. Empty lines are passed over.
 * Papa Parse is not used: in pieces it finds faults where there are none, and one hostile row keeps it busy for 40 s.
 * @throws MalformedRowError
 */
export function createCsvSplitter({ file, onRow }: CsvSplitterOptions): CsvSplitter {
  let rest = ''
  let line = 1
  let isStart = true

  function takeRows(isLast: boolean): void {
    let start = 0
    let quote = rest.indexOf('"')
    while (start < rest.length) {
      if (quote !== -1 && quote < start) quote = rest.indexOf('"', start)
      const row = readRow(rest, { start, quote, isLast })
      const end = row?.next ?? rest.length
      if (row?.fault) throw new MalformedRowError({ file, line, reason: row.fault })
      if (end - start > maxRowLength) throw new MalformedRowError({ file, line, reason: tooLong })
      if (!row) break
      if (row.values.length > 0) onRow(row.values, line)
      line += quote >= start && quote < end ? countLineBreaks(rest, start, end) : 1
      start = end
    }
    rest = rest.slice(start)
  }

  return {
    write(text) {
      // A byte order mark is no part of the first column's name.
      rest += isStart ? text.replace(/^\uFEFF/, '') : text
      isStart &&= text === ''
      takeRows(false)
    },
    end: () => takeRows(true),
    nextLine: () => line + countLineBreaks(rest, 0, rest.length),
  }
}

const tooLong = 'it is longer than 1,000,000 characters, or a quote in it is never closed'
const neverClosed = 'a quote in it is never closed'
const afterQuote = 'text follows a closing quote'

/** `values` are none on an empty line. */
type Row = { values: string[]; next: number; fault?: string }
type RowPlace = { start: number; quote: number; isLast: boolean }

/** The row at `start`; `undefined` while its end has not come. `quote` is the first quote from there on, or -1. */
function readRow(text: string, { start, quote, isLast }: RowPlace): Row | undefined {
  const newline = text.indexOf('\n', start)
  if (quote !== -1 && (newline === -1 || quote < newline)) return readQuoted(text, start, isLast)
  if (newline === -1 && !isLast) return undefined
  const end = newline === -1 ? text.length : newline
  const content = text.slice(start, lineEnd(text, start, end))
  const next = Math.min(end + 1, text.length)
  return { values: content === '' ? [] : content.split(','), next }
}

/** A row that holds a quote. Only a value that begins with one is quoted; elsewhere it is a character like others. */
function readQuoted(text: string, start: number, isLast: boolean): Row | undefined {
  const values: string[] = []
  let at = start
  for (;;) {
    const isQuoted = text[at] === '"'
    const end = isQuoted ? quotedEnd(text, at) : valueEnd(text, at)
    if (end === -1) return isLast ? { values, next: at, fault: neverClosed } : undefined
    // What follows the last character is not known yet: another quote, the second half of a line end.
    const isCut = end === text.length || (text[end] === '\r' && end + 1 === text.length)
    if (isCut && !isLast) return undefined
    const value = text.slice(at, end)
    if (text[end] === ',') {
      values.push(isQuoted ? unquote(value) : value)
      at = end + 1
      continue
    }
    const next = isCut ? text.length : text.indexOf('\n', end) + 1
    const isEnd = isCut || text[end] === '\n' || (text[end] === '\r' && next === end + 2)
    if (!isEnd) return { values, next: at, fault: afterQuote }
    values.push(isQuoted ? unquote(value) : value.replace(/\r$/, ''))
    return { values, next }
  }
}

function unquote(value: string): string {
  return value.slice(1, -1).replaceAll('""', '"')
}

/** Where the quoted value at `start` ends, or -1 while its closing quote has not come. */
function quotedEnd(text: string, start: number): number {
  let at = text.indexOf('"', start + 1)
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at === -1 ? -1 : at + 1
}

/** Where the unquoted value at `start` ends: looked for in one pass, so that no row takes quadratic time. */
function valueEnd(text: string, start: number): number {
  const separator = /[,\n]/g
  separator.lastIndex = start
  return separator.exec(text)?.index ?? text.length
}

function lineEnd(text: string, start: number, end: number): number {
  return end > start && text[end - 1] === '\r' ? end - 1 : end
}

function countLineBreaks(text: string, start: number, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    count += 1
  }
  return count
}
