import fc from 'fast-check'
import type { Message, Section, Span } from '#types/message.ts'

const anyString = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom(...'*_~`|>#-[]()<@:.!\\'), maxLength: 60 }),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 9_000 }).map((length) => 'x.'.repeat(length)) },
)

const anySpan: fc.Arbitrary<Span> = fc.oneof(
  anyString,
  anyString.map((code) => ({ code })),
  anyString.map((strong) => ({ strong })),
  fc.integer({ min: 0, max: 4_000_000_000 }).map((time) => ({ time })),
  fc.record({ link: fc.oneof(fc.webUrl(), anyString), label: anyString }),
)

const anyText = fc.oneof(anySpan, fc.array(anySpan, { maxLength: 5 }))

const anySection: fc.Arbitrary<Section> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: anyText }),
  fc.record({
    type: fc.constant('fields' as const),
    fields: fc.array(fc.record({ name: anyString, value: anyText }), { maxLength: 40 }),
  }),
  fc.record({
    type: fc.constant('table' as const),
    columns: fc.array(fc.record({ name: anyString }), { maxLength: 22 }),
    rows: fc.array(fc.array(anyText, { maxLength: 22 }), { maxLength: 120 }),
  }),
)

/** Anything that the core could say, and more than it ever would. */
export const anyMessage: fc.Arbitrary<Message> = fc.record(
  {
    title: anyText,
    severity: fc.constantFrom('red' as const, 'amber' as const, 'info' as const),
    sections: fc.array(anySection, { maxLength: 8 }),
    actions: fc.array(
      fc.record({ label: fc.string({ minLength: 1, maxLength: 120 }), command: anyString }),
      { maxLength: 40 },
    ),
  },
  { requiredKeys: ['title', 'sections'] },
)

/** What Slack or Discord would make something of, each where strangers can write. */
export const hostileTexts = [
  '@everyone @here <!channel> <!here|x>',
  '<@U1> <#C1> <!subteam^S1> <@1> <@!1> <@&1> </posse:1> <t:1:R> <:a:1>',
  '*bold* _it_ ~gone~ ~~gone~~ `code` ```block``` ||hidden|| __under__',
  '> quote >>> all # head - item 1. item -# small',
  '<https://evil.example|etherscan.io> https://evil.example [here](https://evil.example)',
  'mailto:a@evil.example :siren: &lt;!channel&gt; \\* \\',
]

/** A text in every place where one can stand. */
export function writeEverywhere(text: string): Message {
  return {
    title: [text, { strong: text }],
    line: text,
    severity: 'amber',
    sections: [
      { type: 'text', text: [text, { code: text }, { link: `javascript:${text}`, label: text }] },
      { type: 'fields', fields: [{ name: text, value: text }] },
      { type: 'table', columns: [{ name: text }], rows: [[text]] },
    ],
    actions: [{ label: text, command: 'ack 1' }],
  }
}

export const exampleAddress = '0x098b716b8aaf21512996dc57eb0615e2383e2f96'

/** A card as it goes into a channel. */
export const exampleCard: Message = {
  title: [{ strong: 'Ronin' }, ': 5,000 ETH reached the exchange Binance'],
  severity: 'red',
  sections: [
    { type: 'text', text: 'It is still there.' },
    {
      type: 'fields',
      fields: [
        { name: 'From', value: [{ code: exampleAddress }, ' (no label)'] },
        { name: 'When', value: { time: 1_648_000_000 } },
        {
          name: 'Explorer',
          value: { link: 'https://etherscan.io/tx/0x1', label: 'the transaction' },
        },
      ],
    },
    {
      type: 'table',
      columns: [{ name: 'owner' }, { name: 'ETH', align: 'right' }],
      rows: [['Binance', '5,000']],
    },
  ],
  actions: [{ label: 'Acknowledge', command: 'ack 12ab34cd if:free', style: 'primary' }],
}
