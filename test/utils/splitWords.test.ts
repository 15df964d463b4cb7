import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitWords } from '#utils/splitWords.ts'

const texts = (line: string) => splitWords(line).map(({ before, text }) => before + text)

describe('splitWords', () => {
  test.each([
    ['', []],
    ['  a \t b\u00a0c\n', ['a', 'b', 'c']],
    ['flag "Binance 14" x', ['flag', 'Binance 14', 'x']],
    ['“Binance 14” ‘Hot wallet’', ['Binance 14', 'Hot wallet']],
    ['„Binance 14“ ”Kraken 2”', ['Binance 14', 'Kraken 2']],
    ['“Binance 14" x', ['Binance 14', 'x']],
    ["don't 'tis o’clock", ["don't", "'tis", 'o’clock']],
    ['"it’s here" x', ['it’s here', 'x']],
    ['a,b;c d', ['a,b;c', 'd']],
    ['"a b","c d"; e', ['a b', 'c d', 'e']],
    ['x,"c d" e', ['x,', 'c d', 'e']],
    ['min:"10 ETH" x', ['min:10 ETH', 'x']],
    ['said:“hi there”', ['said:hi there']],
    ['""', ['']],
    ['a "b c', ['a', '"b', 'c']],
    ['a"b c"d', ['a"b', 'c"d']],
  ])('default: %s', (line, words) => {
    expect(texts(line)).toEqual(words)
  })

  test('behavior: says what was quoted and what has no end', () => {
    expect(splitWords('a "b c" "d')).toMatchObject([
      { text: 'a', isQuoted: false, isUnclosed: false },
      { text: 'b c', isQuoted: true, isUnclosed: false },
      { text: '"d', isQuoted: false, isUnclosed: true },
    ])
  })

  test('behavior: words stand where they say, in order, with nothing but spaces and commas between', () => {
    const piece = fc.constantFrom(
      'a',
      'min:',
      ' ',
      ',',
      ';',
      '"',
      "'",
      '“',
      '”',
      '’',
      '\n',
      '中',
      '😀',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (line) => {
          let end = 0
          for (const word of splitWords(line)) {
            expect(line.slice(end, word.start)).toMatch(/^[\s,;]*$/)
            expect(word.end).toBeGreaterThan(word.start)
            expect(line.slice(word.start, word.end)).toContain(word.text)
            end = word.end
          }
          expect(line.slice(end)).toMatch(/^[\s,;]*$/)
        },
      ),
      { numRuns: 500 },
    )
  })

  test.each([
    '"',
    '" ',
    '"a ',
    '\' "',
    'a:"',
    ',"',
  ])('behavior: takes 8,000 characters of %s at once', (text) => {
    const start = performance.now()
    splitWords(text.repeat(8_000 / text.length))
    expect(performance.now() - start).toBeLessThan(500)
  })
})
