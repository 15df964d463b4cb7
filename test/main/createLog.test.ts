import { describe, expect, test } from 'vitest'
import { createLog } from '#src/main/createLog.ts'

const url = 'https://user:pa$$"w%C3%B6rd@node.example/v2/k3yK3y+k3yK3y=?auth=a&b c'
const key = 'k3yK3y+k3yK3y='
const awkward = 'a/b"c\\d\n€😀.*'
const secrets = [key, url, awkward]

type Line = Record<string, unknown> & { msg: string; err: Record<string, string> }

/** Runs `write` on a log and answers the lines that came out. */
function linesOf(
  write: (log: ReturnType<typeof createLog>) => void,
  { hidden = secrets, level = 'info' } = {},
): { text: string; lines: Line[] } {
  let text = ''
  const destination = {
    write(line: string) {
      text += line
    },
  }
  write(createLog({ level, secrets: hidden, destination }))
  return {
    text,
    lines: text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  }
}

/** No run of six characters of a secret that is no word. */
const traces = /k3yK3y|pa\$\$|c\\\\d|c\\\\\\\\d/

describe('createLog', () => {
  test('default: JSON lines with the level, the fields and the sentence', () => {
    const { lines } = linesOf((log) => log.info({ chain: 'eip155:1', block: 12 }, 'Followed block'))
    expect(lines).toEqual([
      expect.objectContaining({ level: 30, chain: 'eip155:1', block: 12, msg: 'Followed block' }),
    ])
  })

  test('the level is kept', () => {
    const { text } = linesOf((log) => log.debug('x'))
    expect(text).toBe('')
  })

  test.each(secrets)('%j is hidden in messages, fields, names and lists', (secret) => {
    const { text, lines } = linesOf((log) =>
      log.warn(
        { a: secret, b: { c: [`x${secret}y`, { [secret]: 1 }] } },
        `Asked ${secret} twice: ${secret}`,
      ),
    )
    expect(text).not.toContain(JSON.stringify(secret).slice(1, -1))
    expect(lines[0]).toMatchObject({
      a: '[secret]',
      b: { c: ['x[secret]y', { '[secret]': 1 }] },
      msg: 'Asked [secret] twice: [secret]',
    })
  })

  test.each(secrets)('%j is hidden in errors, their stacks, causes and fields', (secret) => {
    const cause = new TypeError(`inner ${secret}`)
    const error = Object.assign(new Error(`outer ${secret}`, { cause }), {
      requestBody: { nested: { deep: { deeper: secret } } },
    })
    const { text, lines } = linesOf((log) => {
      log.error(error)
      log.error({ err: error, error: new AggregateError([cause], secret) }, 'Failed')
    })
    expect(text).not.toContain(JSON.stringify(secret).slice(1, -1))
    expect(lines[0]?.msg).toBe('outer [secret]')
    for (const { err } of lines) {
      expect(err.message).toBe('outer [secret]: inner [secret]')
      expect(err.stack).toMatch(
        /^Error: outer \[secret\]\n[\s\S]*caused by: TypeError: inner \[secret\]/,
      )
    }
  })

  test('child loggers hide as their parent does, in bindings and prefixes', () => {
    const { text, lines } = linesOf((log) =>
      log
        .child({ node: key }, { msgPrefix: `${key} ` })
        .child({ also: [key] })
        .info('asked'),
    )
    expect(text).not.toMatch(traces)
    expect(lines[0]).toMatchObject({ node: '[secret]', also: ['[secret]'], msg: '[secret] asked' })
  })

  test.each([
    ['encodeURIComponent', encodeURIComponent(key)],
    ['in lower case', encodeURIComponent(key).replaceAll(/%../g, (code) => code.toLowerCase())],
    ['in part', key.replace('=', '%3D')],
    ['twice', encodeURIComponent(encodeURIComponent(key))],
    ['as JSON of Go', key.replace('=', '\\u003d')],
  ])('is found encoded: %s', (_how, encoded) => {
    const { text, lines } = linesOf((log) => log.info({ encoded }, `got ${encoded}`))
    expect(text).not.toMatch(traces)
    expect(lines[0]).toMatchObject({ encoded: '[secret]', msg: 'got [secret]' })
  })

  test.each(secrets)('%j is found encoded for URLs and as JSON in JSON in JSON', (secret) => {
    const once = JSON.stringify({ secret })
    const twice = JSON.stringify({ once })
    const escaped = once.replaceAll('/', '\\/').replaceAll(/[^\x20-\x7e]/gu, (unit) =>
      unit
        .split('')
        .map((half) => `\\u${half.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)
        .join(''),
    )
    const { lines } = linesOf((log) =>
      log.info({ once, twice, escaped, encoded: encodeURIComponent(secret) }, ''),
    )
    expect(lines[0]).toMatchObject({
      once: '{"secret":"[secret]"}',
      twice: '{"once":"{\\"secret\\":\\"[secret]\\"}"}',
      escaped: '{"secret":"[secret]"}',
      encoded: '[secret]',
    })
  })

  test('a URL is one secret, not the parts of it', () => {
    const { lines } = linesOf((log) => log.info(`at ${url}!`))
    expect(lines[0]?.msg).toBe('at [secret]!')
    const hidden = ['https://node.example', 'https://node.example/v2/key']
    const others = linesOf((log) => log.info('at https://node.example/v2/key!'), { hidden })
    expect(others.lines[0]?.msg).toBe('at [secret]!')
  })

  test('a secret of digits leaves numbers as they are, and lines as JSON', () => {
    const { lines } = linesOf((log) => log.info({ block: 12345678, text: '12345678' }, 'x'), {
      hidden: ['12345678', '"', ',', 'level'],
    })
    expect(lines[0]).toMatchObject({ block: 12345678, text: '[secret]', '[secret]': 30 })
  })

  test('fields that may hold any secret are hidden, also one that nobody told', () => {
    const fields = {
      url: 'https://unknown.example/key',
      headers: { authorization: 'Bearer unknown' },
      Authorization: 'unknown',
      token: 'unknown',
      password: 'unknown',
    }
    const error = Object.assign(new Error('failed'), fields)
    const { text } = linesOf(
      (log) => {
        log.info(fields)
        log.child({ request: fields }).info({ a: { b: fields } })
        log.error(error)
        log.error({ err: new Error('outer', { cause: error }) })
      },
      { hidden: [] },
    )
    expect(text).not.toContain('unknown')
    expect(error.url).toBe('https://unknown.example/key')
  })

  test('no secrets, an empty one and one twice hide nothing else', () => {
    for (const hidden of [[], ['', ''], [key, key]]) {
      const { lines } = linesOf((log) => log.info({ text: 'plain' }, 'as it is'), { hidden })
      expect(lines[0]).toMatchObject({ text: 'plain', msg: 'as it is' })
    }
  })

  test('a line takes no long time, whatever is in it', () => {
    const many = Array.from({ length: 50 }, (_, at) => `${url}/${at}${'\\'.repeat(20)}`)
    const started = performance.now()
    linesOf((log) => log.info('\\'.repeat(20_000) + url.repeat(100)), { hidden: many })
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})
