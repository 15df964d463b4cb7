import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { UserError } from '#errors/userError.ts'
import { commandUsage } from '#src/command/commandUsage.ts'
import { findCommand, noCommand } from '#src/command/findCommand.ts'
import { parseOptions } from '#src/command/parseOptions.ts'
import { defineCommand } from '#src/defineCommand.ts'
import { madeUpCommands } from '#test/support/madeUpCommands.ts'

const commands = madeUpCommands(() => undefined)
const address = '0x098b716b8aaf21512996dc57eb0615e2383e2f96'
const other = '0xdac17f958d2ee523a2206206994597c13d831ec7'

function parse(text: string): unknown {
  const found = findCommand(commands, text)
  if (!found) throw noCommand(commands, text)
  return parseOptions(found.command, found.line)
}

/** The sentence and the hint that a line is refused with. */
function refusal(text: string): string {
  try {
    return `was taken: ${JSON.stringify(parse(text))}`
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return `${error.message} | ${error.hint}`
  }
}

describe('parseOptions', () => {
  test.each([
    ['trail', { policy: 'fifo' }],
    ['trail ronin', { case: 'ronin', policy: 'fifo' }],
    ['TRAIL ronin, Haircut', { case: 'ronin', policy: 'haircut' }],
    ['trail , ronin', { case: 'ronin', policy: 'fifo' }],
  ])('default: words in their order: %s', (text, options) => {
    expect(parse(text)).toEqual(options)
  })

  test.each([
    `label ${address} exchange "Binance 14"`,
    `label ${address} exchange “Binance 14”`,
    `label ${address} exchange ‘Binance 14’`,
    `label https://etherscan.io/address/${address} Exchange 'Binance 14'`,
    `label sure:90 "${address}" exchange "Binance 14"`,
  ])('behavior: quotes make one word of several: %s', (text) => {
    expect(parse(text)).toEqual({ address, kind: 'exchange', name: 'Binance 14', sure: 90 })
  })

  test.each([
    `${address} ${other}`,
    `${address},${other}`,
    `${address}; ${other};`,
    `${address}\n${other}\n`,
    `"${address}","${other}"`,
    `["${address}", "${other}"]`,
    `["${address}","${other}"]`,
    `<https://etherscan.io/address/${address}> eip155:1:${other}.`,
  ])('behavior: a list takes all that is left: %s', (list) => {
    expect(parse(`lookup ${list}`)).toEqual({ addresses: [address, other] })
  })

  test.each<[typed: string, note: string, at?: string]>([
    ['They froze it, all of it; said "done".', 'They froze it, all of it; said "done".'],
    ['"They froze it, all of it"', 'They froze it, all of it'],
    ['“They froze it”', 'They froze it'],
    ['"a" and "b"', '"a" and "b"'],
    ['he said:  "two  spaces', 'he said:  "two  spaces'],
    ['call at: noon, min:10', 'call at: noon, min:10'],
    ['https://example.com/a,b', 'https://example.com/a,b'],
    ['at:"2h ago" no tag in quotes: "at:2h"', 'no tag in quotes: "at:2h"', '2h ago'],
  ])('behavior: a text is taken as typed: %s', (typed, note, at) => {
    expect(parse(`case note ronin ${typed}`)).toEqual({ case: 'ronin', note, ...(at && { at }) })
  })

  test.each([
    ['at:2025-02-21T14:16:11Z It began.', '2025-02-21T14:16:11Z', 'It began.'],
    ['It began at:2h ago with a swap', '2h ago', 'It began with a swap'],
    ['at:2025-02-21 14:16 UTC It began.', '2025-02-21 14:16 UTC', 'It began.'],
    ['at:21 Feb 2025 14:16 It began.', '21 Feb 2025 14:16', 'It began.'],
    ['AT:yesterday 14:00 It began.', 'yesterday 14:00', 'It began.'],
  ])('behavior: a tag goes on as long as it makes sense: %s', (typed, at, note) => {
    expect(parse(`case note ronin ${typed}`)).toEqual({ case: 'ronin', at, note })
  })

  test.each([
    'subscribe ronin exchange mixer min:1.5k ETH chain:eip155:1',
    'subscribe min:1.5kETH chain:eip155:1 ronin Exchange, mixer',
    'subscribe ronin min: 1.5k ETH exchange,mixer chain:"eip155:1"',
    'subscribe ronin exchange "mixer" Min:“1.5k ETH” chain: eip155:1',
    'subscribe ronin exchange;mixer min:1,500 ETH, chain:eip155:1,',
  ])('behavior: tags stand anywhere: %s', (text) => {
    expect(parse(text)).toEqual({
      case: 'ronin',
      topics: ['exchange', 'mixer'],
      min: { number: '1500', symbol: 'ETH' },
      chain: 'eip155:1',
    })
  })

  test('behavior: a tag that makes sense alone takes no other word', () => {
    expect(parse('silence limit:10 ronin for:90 min')).toEqual({
      alert: 'ronin',
      for: 5_400,
      limit: '10',
    })
    expect(parse('subscribe ronin time-zone:Europe/Paris')).toEqual({
      case: 'ronin',
      topics: [],
      timeZone: 'Europe/Paris',
    })
  })

  test('error: says what is wrong and how it is typed', () => {
    const texts = [
      'lookup',
      'label',
      `label ${address}`,
      `label ${address} exchagne x`,
      `label ${address} planet x`,
      `label ${address} exchange "Binance 14`,
      `label ${address} exchange ""`,
      `label ${address} exchange x sure:200`,
      `label ${address} exchange x sure:very`,
      `label ${address} exchange x surr:90`,
      `label ${address} exchange Binance 14`,
      'lookup 0x12',
      `lookup ${address} 0x12`,
      'subscribe ronin exchange mixxer',
      'subscribe ronin min:10 chain:eip155:1',
      'subscribe ronin min:10ETH min:20ETH',
      'subscribe ronin min:',
      'subscribe ronin min:"10 ETH',
      'subscribe ronin chain:',
      'silence 0123abcd',
      'silence 0123abcd for:soon',
      'silence 0123abcd for: soon',
      'silence 0123abcd for:2h 30m',
      'case note ronin',
      'case note ronin at:noon It began.',
      'case note ronin two\nlines',
      'trail ronin fifo now',
    ]
    expect(texts.map((text) => `${text}\n  ${refusal(text)}`).join('\n')).toMatchSnapshot()
  })
})

describe('findCommand', () => {
  test('default: a noun and a verb, in any case and with any spaces', () => {
    expect(findCommand(commands, ' Case \t CLOSE  ronin ')).toMatchObject({
      command: { name: 'case close' },
      line: 'ronin',
    })
    expect(findCommand(commands, '')).toMatchObject({ command: { name: 'help' }, line: '' })
    expect(findCommand(commands, 'case')).toBeUndefined()
    expect(findCommand(commands, ', help')).toBeUndefined()
  })

  test('error: suggests what was meant', () => {
    const texts = [
      ...['case opne', 'case', 'case clsoe ronin', 'case xyzzy', 'csae close ronin', 'casenote'],
      ...['memer grant x', 'member', 'lokup 0x1', 'trial ronin', 'hlep', 'xyzzy', 'constructor'],
      ...['__proto__ x', ',', '"', '\u202e', 'noet', `lookup ${'0x1 '.repeat(2_000)}`],
    ]
    const lines = texts.map((text) => `${text.slice(0, 40)}\n  ${refusal(text)}`)
    expect(lines.join('\n')).toMatchSnapshot()
  })
})

describe('defineCommand', () => {
  const define = (options: z.ZodObject) =>
    defineCommand({
      name: 'made up',
      description: 'Does nothing.',
      role: 'viewer',
      options,
      example: '/posse made up',
      run: () => ({ title: '', sections: [] }),
    })

  test('default: usage shows each form', () => {
    expect(commands.map(commandUsage).join('\n')).toMatchInlineSnapshot(`
      "/posse help [COMMAND]
      /posse trail [CASE] [POLICY]
      /posse lookup ADDRESS...
      /posse label ADDRESS KIND NAME [sure:SURE]
      /posse case note CASE [at:AT] NOTE
      /posse case close CASE
      /posse subscribe CASE [TOPIC...] [min:MIN] [chain:CHAIN] [time-zone:TIME-ZONE]
      /posse silence ALERT for:FOR [limit:LIMIT]
      /posse member grant ACCOUNT ROLE"
    `)
  })

  test('error: options that could not be told apart', () => {
    const text = z.string().meta({ form: 'text' })
    const tag = z.string().optional().meta({ form: 'tag' })
    expect(() => define(z.object({ text, word: z.string() }))).toThrow('put it last')
    expect(() => define(z.object({ list: z.array(z.string()), text }))).toThrow('put it last')
    expect(() => define(z.object({ a: z.string().optional(), b: z.string() }))).toThrow(
      'put it before the others',
    )
    expect(commandUsage(define(z.object({ text, tag })))).toBe('/posse made up TEXT [tag:TAG]')
  })

  test('error: a form or a completion that does not exist is no TypeScript', () => {
    // @ts-expect-error a typo
    z.string().meta({ form: 'tga' })
    // @ts-expect-error a typo
    z.string().meta({ complete: 'cases' })
    expect(z.string().meta({ form: 'tag', complete: 'case' }).meta()).toMatchObject({ form: 'tag' })
  })
})
