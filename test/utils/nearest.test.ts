import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nearest } from '#utils/nearest.ts'

const commands = ['case', 'trace', 'freeze', 'bounty', 'balance', 'help', 'status']

describe('nearest', () => {
  test.each([
    ['a letter missing', 'frezee', 'freeze'],
    ['a letter too many', 'tracee', 'trace'],
    ['a wrong letter', 'bonnty', 'bounty'],
    ['two neighbours swapped', 'tarce', 'trace'],
    ['two slips', 'blance2', 'balance'],
    ['two swaps', 'tsatsu', 'status'],
    ['no slip at all', 'help', 'help'],
  ])('default: mends %s', (_, word, meant) => {
    expect(nearest(word, commands)).toBe(meant)
  })

  test.each([
    ['three slips', 'xyzance'],
    ['another word', 'seizure'],
    ['half of the letters', 'ca'],
    ['half of four letters', 'caxy'],
    ['one letter', 'c'],
    ['nothing', ''],
    ['another case', 'TRACE'],
  ])('behavior: does not guess from %s', (_, word) => {
    expect(nearest(word, commands)).toBeNull()
  })

  test('behavior: mends one slip of three letters and none of two', () => {
    expect(nearest('bot', ['box'])).toBe('box')
    expect(nearest('bo', ['bx'])).toBeNull()
  })

  test('behavior: takes the nearer, and of equals the first', () => {
    expect(nearest('trade', ['trail', 'trace', 'trader'])).toBe('trace')
    expect(nearest('trade', ['trader', 'trace'])).toBe('trader')
    expect(nearest('trade', ['trader', 'trade'])).toBe('trade')
  })

  test('behavior: knows no word among none', () => {
    expect(nearest('trace', [])).toBeNull()
  })

  test('behavior: answers a million letters at once', () => {
    const start = performance.now()
    expect(nearest('a'.repeat(1_000_000), commands)).toBeNull()
    expect(performance.now() - start).toBeLessThan(1000)
  })

  test('behavior: finds what one or two slips made of a word', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcde'), minLength: 6, maxLength: 12 })
    const slip = fc.record({
      kind: fc.constantFrom('drop', 'add', 'change', 'swap'),
      place: fc.nat(11),
      letter: fc.constantFrom(...'abcdex'),
    })
    fc.assert(
      fc.property(word, fc.array(slip, { minLength: 1, maxLength: 2 }), (meant, slips) => {
        // A letter that slipped twice may be farther away than the slips were many.
        fc.pre(slips.length === 1 || Math.abs(slips[0]!.place - slips[1]!.place) > 3)
        const written = slips.toSorted((a, b) => b.place - a.place).reduce(slipOnce, meant)
        // Two slips in four letters could be anything.
        fc.pre(written.length > 4)
        expect(nearest(written, [meant])).toBe(meant)
      }),
    )
  })
})

type Slip = { kind: string; place: number; letter: string }

function slipOnce(word: string, { kind, place, letter }: Slip): string {
  const before = word.slice(0, place)
  const after = word.slice(place)
  if (kind === 'drop') return before + after.slice(1)
  if (kind === 'add') return before + letter + after
  if (kind === 'change') return after === '' ? word : before + letter + after.slice(1)
  return before + after.slice(0, 2).split('').reverse().join('') + after.slice(2)
}
