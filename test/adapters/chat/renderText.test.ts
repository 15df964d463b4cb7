import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import type { Message, Section, Text } from '#types/message.ts'
import { hasUnsafeCharacters } from '#utils/plainText.ts'

const plain = { width: 100, colours: false, timeZone: 'UTC' }
const thief = '0x098b716b8aaf21512996dc57eb0615e2383e2f96'
const binance = '0x28c6c06298d514db089934071355e5743bf21d60'

const card: Message = {
  severity: 'red',
  title: ['12,500 ETH of case ', { strong: 'ronin' }, ' reached Binance'],
  sections: [
    {
      type: 'fields',
      fields: [
        { name: 'Amount', value: '12,500 ETH (7.1 % of the case)' },
        { name: 'From', value: { code: thief } },
        { name: 'Seen', value: { time: 1649041684 } },
        { name: 'Next', value: ['Ask for a freeze: ', { code: '/posse freeze ronin binance' }] },
      ],
    },
    {
      type: 'table',
      columns: [
        { name: 'Hop', align: 'right' },
        { name: 'Address' },
        { name: 'Amount', align: 'right' },
        { name: 'Label' },
      ],
      rows: [
        ['1', { code: thief }, '175,099.999842 ETH', 'Ronin thief'],
        ['12', { code: binance }, '12,500 ETH', 'Binance 14'],
      ],
    },
    { type: 'text', text: 'Tell the case room who asked, and when.' },
  ],
}

/** A message with one section. */
function of(section: Section): Message {
  return { title: 'Title', sections: [section] }
}

function text(value: Text): Message {
  return of({ type: 'text', text: value })
}

describe('renderText', () => {
  test('default: an alert', () => {
    expect(renderText(card, plain)).toMatchInlineSnapshot(`
      "!! 12,500 ETH of case ronin reached Binance
         Amount  12,500 ETH (7.1 % of the case)
         From    0x098b716b8aaf21512996dc57eb0615e2383e2f96
         Seen    2022-04-04 03:08:04 UTC
         Next    Ask for a freeze: /posse freeze ronin binance

         Hop  Address                                                 Amount  Label
         ───  ──────────────────────────────────────────  ──────────────────  ───────────
           1  0x098b716b8aaf21512996dc57eb0615e2383e2f96  175,099.999842 ETH  Ronin thief
          12  0x28c6c06298d514db089934071355e5743bf21d60          12,500 ETH  Binance 14

         Tell the case room who asked, and when."
    `)
  })

  test('default: an alert for a reader in another time zone, with colours', () => {
    const shown = renderText(card, { width: 80, colours: true, timeZone: 'Europe/Paris' })
    expect(shown.replaceAll('\u001b', 'ESC')).toMatchInlineSnapshot(`
      "ESC[31m● !!ESC[39m ESC[1m12,500 ETH of case ESC[22mESC[1mroninESC[22mESC[1m reached BinanceESC[22m
         ESC[2mAmountESC[22m  12,500 ETH (7.1 % of the case)
         ESC[2mFromESC[22m    ESC[36m0x098b716b8aaf21512996dc57eb0615e2383e2f96ESC[39m
         ESC[2mSeenESC[22m    2022-04-04 03:08:04 UTC (05:08:04 local)
         ESC[2mNextESC[22m    Ask for a freeze: ESC[36m/posse freeze ronin binanceESC[39m

         ESC[2mHopESC[22m  ESC[2mAddressESC[22m                                                 ESC[2mAmountESC[22m  ESC[2mLabelESC[22m
         ESC[2m───  ──────────────────────────────────────────  ──────────────────  ────────ESC[22m
           1  ESC[36m0x098b716b8aaf21512996dc57eb0615e2383e2f96ESC[39m  175,099.999842 ETH  Ronin
                                                                              thief
          12  ESC[36m0x28c6c06298d514db089934071355e5743bf21d60ESC[39m          12,500 ETH  Binance
                                                                              14

         Tell the case room who asked, and when."
    `)
  })

  test('behavior: colours change the mark and nothing else', () => {
    const shown = stripVTControlCharacters(renderText(card, { ...plain, colours: true }))
    expect(shown).toBe(renderText(card, plain).replace('!!', '● !!'))
  })

  test('behavior: on a narrow page rows become blocks, and nothing is broken', () => {
    expect(renderText(card, { ...plain, width: 50 })).toMatchInlineSnapshot(`
      "!! 12,500 ETH of case ronin reached Binance
         Amount  12,500 ETH (7.1 % of the case)
         From
           0x098b716b8aaf21512996dc57eb0615e2383e2f96
         Seen    2022-04-04 03:08:04 UTC
         Next    Ask for a freeze:
                 /posse freeze ronin binance

         Hop      1
         Address
           0x098b716b8aaf21512996dc57eb0615e2383e2f96
         Amount   175,099.999842 ETH
         Label    Ronin thief

         Hop      12
         Address
           0x28c6c06298d514db089934071355e5743bf21d60
         Amount   12,500 ETH
         Label    Binance 14

         Tell the case room who asked, and when."
    `)
  })

  test('behavior: the severity reads without colour', () => {
    const titles = (['red', 'amber', 'info'] as const).map((severity) =>
      renderText({ severity, title: 'Title', sections: [] }, plain),
    )
    expect(titles).toEqual(['!! Title', '!  Title', '·  Title'])
  })

  test('behavior: an answer has no mark', () => {
    expect(renderText(text('Two cases are open.'), plain)).toBe('Title\n  Two cases are open.')
  })

  test('behavior: a long title goes on under itself', () => {
    const message: Message = { severity: 'amber', title: 'one two three four', sections: [] }
    expect(renderText(message, { ...plain, width: 12 })).toBe('!  one two\n   three\n   four')
  })

  test('behavior: sections stand apart, paragraphs of text do not', () => {
    const sections: Section[] = [
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two' },
      { type: 'fields', fields: [{ name: 'name', value: 'value' }] },
      { type: 'text', text: 'three' },
    ]
    expect(renderText({ title: 'Title', sections }, plain)).toBe(
      'Title\n  one\n  two\n\n  name  value\n\n  three',
    )
  })

  test.each([
    ['UTC', 1649041684, '2022-04-04 03:08:04 UTC'],
    ['Europe/Paris', 1649041684, '2022-04-04 03:08:04 UTC (05:08:04 local)'],
    ['America/New_York', 1649041684, '2022-04-04 03:08:04 UTC (2022-04-03 23:08:04 local)'],
    ['Europe/London', 1641265684, '2022-01-04 03:08:04 UTC'],
    ['Asia/Kolkata', 1649041684, '2022-04-04 03:08:04 UTC (08:38:04 local)'],
  ])('behavior: a time as people in %s read it', (timeZone, time, shown) => {
    expect(renderText(text({ time }), { ...plain, timeZone })).toBe(`Title\n  ${shown}`)
  })

  test('behavior: markdown and mentions are text like any other', () => {
    const label = '**bold** <@everyone> [link](https://example.org) `code` ~~x~~ _y_'
    expect(renderText(text(label), plain)).toBe(`Title\n  ${label}`)
  })

  test('behavior: a name of a stranger does not push the values away', () => {
    const section: Section = {
      type: 'fields',
      fields: [
        { name: 'From', value: 'one' },
        { name: 'n'.repeat(60), value: 'two' },
      ],
    }
    expect(renderText(of(section), plain)).toBe(`Title\n  From  one\n  ${'n'.repeat(60)}\n    two`)
  })

  test('behavior: a value too wide to stand beside its name stands below it', () => {
    const hash = `0x${'ab'.repeat(32)}`
    const section: Section = {
      type: 'fields',
      fields: [
        { name: 'Transaction', value: { code: hash } },
        { name: 'Amount', value: '1 ETH' },
      ],
    }
    expect(renderText(of(section), { ...plain, width: 72 })).toBe(
      `Title\n  Transaction\n    ${hash}\n  Amount       1 ETH`,
    )
  })

  test('behavior: a table too wide wraps its cells at spaces first', () => {
    const section: Section = {
      type: 'table',
      columns: [{ name: 'Case' }, { name: 'What was published' }, { name: 'Hops', align: 'right' }],
      rows: [['ronin', 'The bridge was drained on 23 March and nobody saw it for six days', '31']],
    }
    expect(renderText(of(section), { ...plain, width: 44 })).toMatchInlineSnapshot(`
      "Title
        Case   What was published             Hops
        ─────  ─────────────────────────────  ────
        ronin  The bridge was drained on 23     31
               March and nobody saw it for
               six days"
    `)
  })

  test('behavior: wide and combining characters keep columns straight', () => {
    const section: Section = {
      type: 'table',
      columns: [{ name: 'Label' }, { name: 'Hops', align: 'right' }],
      rows: [
        ['币安交易所', '1'],
        ['Cafe\u0301 🚨', '2'],
        ['plain', '3'],
      ],
    }
    expect(renderText(of(section), plain)).toMatchInlineSnapshot(`
      "Title
        Label       Hops
        ──────────  ────
        币安交易所     1
        Café 🚨        2
        plain          3"
    `)
  })

  test('behavior: rows shorter than the head, and no rows', () => {
    const columns = [{ name: 'A' }, { name: 'B' }]
    expect(renderText(of({ type: 'table', columns, rows: [['1']] }), plain)).toBe(
      'Title\n  A  B\n  ─  ─\n  1',
    )
    expect(renderText(of({ type: 'table', columns, rows: [] }), plain)).toBe(
      'Title\n  A  B\n  ─  ─',
    )
    expect(renderText(of({ type: 'table', columns: [], rows: [] }), plain)).toBe('Title')
    expect(renderText(of({ type: 'fields', fields: [] }), plain)).toBe('Title')
  })

  test('behavior: whatever the message and the width, addresses are whole and nothing tricky gets out', () => {
    const string = fc.string({ unit: 'grapheme', maxLength: 30 })
    const span = fc.oneof(
      string,
      fc.constantFrom(thief, binance),
      fc.record({ code: fc.oneof(string, fc.constant(thief)) }),
      fc.record({ strong: string }),
      fc.record({ time: fc.integer({ min: 0, max: 4e9 }) }),
    )
    const value = fc.oneof(span, fc.array(span, { maxLength: 4 }))
    const section = fc.oneof(
      fc.record({ type: fc.constant('text' as const), text: value }),
      fc.record({
        type: fc.constant('fields' as const),
        fields: fc.array(fc.record({ name: string, value }), { maxLength: 4 }),
      }),
      fc.record({
        type: fc.constant('table' as const),
        columns: fc.array(fc.record({ name: string, align: fc.constantFrom('left', 'right') }), {
          maxLength: 4,
        }),
        rows: fc.array(fc.array(value, { maxLength: 4 }), { maxLength: 4 }),
      }),
    )
    const message = fc.record({
      title: value,
      severity: fc.constantFrom('red', 'amber', 'info'),
      sections: fc.array(section, { maxLength: 4 }),
    }) as fc.Arbitrary<Message>
    fc.assert(
      fc.property(
        message,
        fc.integer({ min: 0, max: 200 }),
        fc.boolean(),
        (value, width, colours) => {
          const shown = renderText(value, { width, colours, timeZone: 'Europe/Paris' })
          for (const line of stripVTControlCharacters(shown).split('\n')) {
            expect(hasUnsafeCharacters(line)).toBe(false)
          }
          expect(colours || !shown.includes('\u001b')).toBe(true)
          const count = (text: string) => text.split(thief).length
          expect(count(stripVTControlCharacters(shown))).toBe(count(readWhole(value)))
        },
      ),
      { numRuns: 500 },
    )
  })
})

/** The texts of a message that must come out whole: cells beyond the columns have no place. */
function readWhole({ title, sections }: Message): string {
  const shown = sections.map((section) =>
    section.type === 'table'
      ? [section.columns, section.rows.map((row) => row.slice(0, section.columns.length))]
      : section,
  )
  return JSON.stringify([title, shown])
}
