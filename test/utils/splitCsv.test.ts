import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, test } from 'vitest'
import { createCsvSplitter } from '#utils/splitCsv.ts'

type Row = { line: number; values: string[] }

/** Rows of a text that comes in these pieces. */
function split(...pieces: string[]): Row[] {
  const rows: Row[] = []
  const splitter = createCsvSplitter({
    file: 'moves.csv',
    onRow: (values, line) => rows.push({ line, values }),
  })
  for (const piece of pieces) splitter.write(piece)
  splitter.end()
  return rows
}

const valuesOf = (rows: Row[]) => rows.map(({ values }) => values)
const countLines = (text: string) => text.split('\n').length - 1

/** A text cut at these places. */
function cutAt(text: string, places: readonly number[]): string[] {
  const sorted = [0, ...places.map((place) => place % (text.length + 1)), text.length]
  sorted.sort((a, b) => a - b)
  return sorted.slice(1).map((place, index) => text.slice(sorted[index], place))
}

const character = fc.constantFrom(...'ab é中😀"', ',', '\n', '\r', '\r\n', ' ', '\ufeff')
const anyValue = fc.string({ unit: character, maxLength: 6 })
const anyCuts = fc.array(fc.nat(), { maxLength: 12 })
const lineEnd = fc.constantFrom('\n', '\r\n')

/** A value, whether it is in quotes though it need not, and the end of the line where it is the last one. */
const anyCell = fc.record({ value: anyValue, isQuoted: fc.boolean(), end: lineEnd })
const anyTable = fc.array(fc.array(anyCell, { minLength: 1, maxLength: 4 }), { maxLength: 8 })

type Cell = { value: string; isQuoted: boolean; end: string }

function writeRow(cells: Cell[]): string {
  const written = cells.map(({ value, isQuoted }) =>
    // A lone empty value is in quotes, for without them it would be an empty line.
    isQuoted || /[",\r\n]/.test(value) || cells.length === 1
      ? `"${value.replaceAll('"', '""')}"`
      : value,
  )
  return written.join(',') + (cells.at(-1)?.end ?? '')
}

describe('createCsvSplitter', () => {
  test('default: splits text into rows and says on which lines they begin', () => {
    expect(split('hash,value\n0x1,5\n0x2,6\n')).toEqual([
      { line: 1, values: ['hash', 'value'] },
      { line: 2, values: ['0x1', '5'] },
      { line: 3, values: ['0x2', '6'] },
    ])
  })

  test.each([
    ['nothing', '', []],
    ['empty lines', '\n\r\n\n', []],
    [
      'a last row without a line end',
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['a last row that ends in half a line end', 'a,b\r', [['a', 'b']]],
    [
      'CRLF',
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'LF after CRLF',
      'a,b\r\n1,2\n3,4\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    [
      'CRLF after LF',
      'a,b\n1,2\r\n3,4\n',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    [
      'CRLF inside quotes alone',
      'a,"b\r\nc"\nd,e\n',
      [
        ['a', 'b\r\nc'],
        ['d', 'e'],
      ],
    ],
    [
      'empty values',
      'a,\n,\n,b\n',
      [
        ['a', ''],
        ['', ''],
        ['', 'b'],
      ],
    ],
    ['a comma at the very end', 'a,', [['a', '']]],
    ['quoted commas', '"a,b",c\n', [['a,b', 'c']]],
    ['quoted quotes', '"a ""b"" c","""",""""""\n', [['a "b" c', '"', '""']]],
    ['quoted line breaks', '"a\nb\r\nc",d\n', [['a\nb\r\nc', 'd']]],
    ['empty values in quotes', '"",""\n""', [['', ''], ['']]],
    ['a quoted value at the very end', 'a,"b"', [['a', 'b']]],
    ['a carriage return in quotes before the line end', '"a\r"\r\n', [['a\r']]],
    ['a bare carriage return', 'a\rb,c\n', [['a\rb', 'c']]],
    ['quotes inside a value', 'a"b,5",c""\n', [['a"b', '5"', 'c""']]],
    ['quotes after a space', ' "a",b\n', [[' "a"', 'b']]],
    ['spaces', ' a , b \n', [[' a ', ' b ']]],
    ['a byte order mark at the start', '\ufeff"a",b\n', [['a', 'b']]],
    ['a byte order mark elsewhere', 'a\n\ufeffb\n', [['a'], ['\ufeffb']]],
  ])('behavior: reads %s', (_, text, rows) => {
    expect(valuesOf(split(text))).toEqual(rows)
    // Cut between any two characters, and between all of them.
    for (let at = 0; at <= text.length; at += 1) {
      expect(valuesOf(split(text.slice(0, at), text.slice(at)))).toEqual(rows)
    }
    expect(valuesOf(split(...text.split('')))).toEqual(rows)
  })

  test('behavior: counts the lines of quoted values and empty lines', () => {
    const lines = split('a,b\n\n"1\n2\r\n3","4\n5"\r\n\r\nc,d\n"e\nf",g\nh,i').map(
      ({ line }) => line,
    )
    expect(lines).toEqual([1, 3, 8, 9, 11])
  })

  test('behavior: knows the line on which the next piece begins', () => {
    const splitter = createCsvSplitter({ file: 'moves.csv', onRow: () => undefined })
    const lines = ['a,b\n', '1,', '2\n"3\n', '4\n', '5",6', '\n'].map((piece) => {
      const line = splitter.nextLine()
      splitter.write(piece)
      return line
    })
    expect(lines).toEqual([1, 2, 2, 4, 5, 5])
    expect(splitter.nextLine()).toBe(6)
  })

  test('behavior: reads every table as it was written, wherever the text is cut', () => {
    fc.assert(
      fc.property(anyTable, anyCuts, fc.boolean(), (table, cuts, isWhole) => {
        const written = table.map(writeRow)
        const text = isWhole ? written.join('') : written.join('').replace(/\r?\n$/, '')
        const start = '\ufeff'
        const rows = table.map((cells, index) => ({
          line: 1 + countLines(written.slice(0, index).join('')),
          values: cells.map(({ value }) => value),
        }))
        expect(split(...cutAt(start + text, cuts))).toEqual(rows)
      }),
      { numRuns: 1000 },
    )
  })

  test('behavior: agrees with Papa Parse on any text, or finds a fault', () => {
    const token = fc.constantFrom('a', 'é', '😀', ',', ',', '"', '""', '","', '\n', '"\n', '\n"')
    fc.assert(
      fc.property(fc.array(token, { maxLength: 40 }), anyCuts, lineEnd, (tokens, cuts, newline) => {
        const text = tokens.join('').replaceAll('\n', newline)
        const papa = Papa.parse<string[]>(text, { delimiter: ',', newline })
        const faults = papa.errors.filter(({ type }) => type === 'Quotes')
        const read = () => valuesOf(split(...cutAt(text, cuts)))
        if (faults.length > 0) {
          expect(read).toThrow('moves.csv')
          return
        }
        const isFilled = (values: string[]) => values.length > 1 || values[0] !== ''
        // Papa does not tell an empty line from a lone empty value in quotes.
        expect(read().filter(isFilled)).toEqual(papa.data.filter(isFilled))
      }),
      { numRuns: 2000 },
    )
  })

  test('behavior: the longest row has 1,000,000 characters with its line end', () => {
    const long = 'é'.repeat(999_999)
    for (const text of [`${long}\n`, `${long}z`, `"${long.slice(2)}"\n`, `"${long.slice(1)}"`]) {
      const pieces = [[text], cutAt(text, [1, 400_000, 999_998]), cutAt(`a\n${text}`, [700_000])]
      for (const cut of pieces) expect(split(...cut).at(-1)!.values).toHaveLength(1)
      const longer = text.replace('éé', 'ééé')
      for (const cut of [[longer], cutAt(longer, [400_000]), cutAt(`${longer}\n`, [999_998])]) {
        expect(() => split(...cut)).toThrow('line 1: it is longer than 1,000,000 characters')
      }
    }
  })

  test.each([
    ['rows of one value with a quote', 'a"b\n'.repeat(200_000)],
    ['rows of one quoted value', '"b"\n'.repeat(200_000)],
    ['quotes and nothing else', '"'.repeat(900_000)],
    ['a row of commas', `"",${','.repeat(900_000)}\n`],
    ['a row of quoted values', '"",'.repeat(300_000)],
  ])('behavior: takes no quadratic time for %s', (_, text) => {
    const start = performance.now()
    split(...cutAt(text, [100_000, 300_000, 500_000]))
    expect(performance.now() - start).toBeLessThan(2000)
  })

  // Papa Parse looks for spaces before the far comma at each of the quotes, which takes 40 s.
  test('behavior: stops at once at a row made to keep it busy', () => {
    const text = `"${'x"x'.repeat(150_000)}${' '.repeat(500_000)},\n`
    const start = performance.now()
    expect(() => split('a,b\n', text)).toThrow('line 2: text follows a closing quote.')
    expect(performance.now() - start).toBeLessThan(1000)
  })

  test('error: a quote is never closed', () => {
    expect(() => split('a,b\n1,2\n"3,4\n5,6\n')).toThrowErrorMatchingInlineSnapshot(
      `[MalformedRowError: "moves.csv", line 3: a quote in it is never closed.]`,
    )
  })

  test('error: a quote is never closed in a long text', () => {
    const text = `a,b\n1,2\n"3,4\n${'5,6\n'.repeat(300_000)}`
    // Long before the end, which does not come here.
    const splitter = createCsvSplitter({ file: 'moves.csv', onRow: () => undefined })
    expect(() => splitter.write(text)).toThrowErrorMatchingInlineSnapshot(
      `[MalformedRowError: "moves.csv", line 3: it is longer than 1,000,000 characters, or a quote in it is never closed.]`,
    )
  })

  test('error: text follows a closing quote', () => {
    expect(() => split('a,b\n"1"x,2\n')).toThrowErrorMatchingInlineSnapshot(
      `[MalformedRowError: "moves.csv", line 2: text follows a closing quote.]`,
    )
  })

  test.each([
    '"1" ,2\n',
    '"1"\r,2\n',
    '1,"2"3',
    '"1""2"3\n',
    '"1\n"2"\n',
    '"1"\rx',
  ])('error: text follows a closing quote in %j, wherever it is cut', (row) => {
    const text = `a,b\n\n${row}`
    for (let at = 0; at <= text.length; at += 1) {
      const pieces = [text.slice(0, at), text.slice(at)]
      expect(() => split(...pieces)).toThrow('"moves.csv", line 3: text follows a closing quote.')
    }
  })
})
