import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CsvOptions, readCsv } from '#utils/readCsv.ts'

const mebibyte = 1 << 20
const columns = { required: ['hash', 'value'] }

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'posse-csv-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Row = { line: number; values: string[] }

function write(content: string | Uint8Array, name = 'moves.csv'): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function read(file: string | URL, options: CsvOptions = columns): Promise<Row[]> {
  const rows: Row[] = []
  await readCsv(file, options, (values, line) => rows.push({ line, values }))
  return rows
}

const readText = (content: string | Uint8Array, options?: CsvOptions) =>
  read(write(content), options)

const small = 'hash,value\n0x1,5\n0x2,6\n'
const smallRows = [
  { line: 2, values: ['0x1', '5'] },
  { line: 3, values: ['0x2', '6'] },
]

describe('readCsv', () => {
  test('default: hands on each row with its line', async () => {
    expect(await readText(small)).toEqual(smallRows)
  })

  test('behavior: takes a URL', async () => {
    expect(await read(pathToFileURL(write(small, 'a b%20c.csv')))).toEqual(smallRows)
  })

  test.each([
    ['gzip named .csv', gzipSync(small), 'packed.csv'],
    ['plain text named .gz', small, 'plain.csv.gz'],
    [
      'gzip of several members',
      Buffer.concat([gzipSync(small.slice(0, 13)), gzipSync(small.slice(13))]),
      'two.csv.gz',
    ],
    ['CRLF', small.replaceAll('\n', '\r\n'), 'crlf.csv'],
    ['no line end at the end', small.trimEnd(), 'open.csv'],
    ['a byte order mark', `\ufeff${small}`, 'bom.csv'],
    ['a byte order mark in gzip', gzipSync(`\ufeff${small}`), 'bom.csv.gz'],
    ['a byte order mark before quotes', `\ufeff${small.replace('hash', '"hash"')}`, 'quoted.csv'],
    ['spaces around the names of columns', small.replace('hash,', ' hash , '), 'spaces.csv'],
  ])('behavior: reads %s', async (_, content, name) => {
    expect(await read(write(content, name))).toEqual(smallRows)
  })

  test('behavior: gives the columns in the order asked for, empty where the file lacks them', async () => {
    const text = 'a,hash,b,value,note\n1,0x1,2,5,x\n'
    const options = { required: ['value', 'hash'], optional: ['fee', 'note'] }
    expect(await readText(text, options)).toEqual([{ line: 2, values: ['5', '0x1', '', 'x'] }])
  })

  test('behavior: lines are right after quoted line breaks and empty lines', async () => {
    const text = '\nhash,value\n\n"0x\n1",5\r\n\r\n"0x2","6\r\n\n"\n0x3,7'
    expect(await readText(text)).toEqual([
      { line: 4, values: ['0x\n1', '5'] },
      { line: 7, values: ['0x2', '6\n\n'] },
      { line: 10, values: ['0x3', '7'] },
    ])
  })

  test('behavior: takes a header without rows', async () => {
    expect(await readText('hash,value\n')).toEqual([])
  })

  test('behavior: other columns may share a name or have none', async () => {
    const text = 'hash,,value,,x,x\n0x1,,5,,1,2\n'
    expect(await readText(text)).toEqual([{ line: 2, values: ['0x1', '5'] }])
  })

  test('behavior: tells how far it is', async () => {
    for (const content of [bigText(), gzipSync(bigText())]) {
      const path = write(content)
      const told: number[] = []
      const sizes = new Set<number>()
      const onProgress = (done: number, size: number) => {
        told.push(done)
        sizes.add(size)
      }
      await read(path, { ...columns, onProgress })
      const size = bigText().replaceAll('\r\n', '\n').length
      expect([...sizes]).toEqual([size])
      expect(told.at(-1)).toBe(size)
      expect(told.length).toBeGreaterThan(3)
      expect(told).toEqual(told.toSorted((a, b) => a - b))
    }
  })

  test('behavior: an error of who takes the rows ends the reading', async () => {
    const path = write(bigText())
    let count = 0
    const reading = readCsv(path, columns, (_, line) => {
      count += 1
      if (line > 100) throw new RangeError('not mine')
    })
    await expect(reading).rejects.toThrow(new RangeError('not mine'))
    expect(count).toBeLessThan(102)
  })
})

/** Many rows with characters of 1 to 4 bytes, both line ends, and quoted line breaks. */
function bigText(): string {
  const rows = ['hash,value']
  for (let row = 0; rows.length < 120_000; row += 1) {
    const texts = [
      'x',
      'é',
      '中文',
      '😀',
      '"a,b"',
      '"a\nb"',
      '"a\r\n\r\nb"',
      '"say ""hi"""',
      '""',
      '',
    ]
    rows.push(`0x${row}${'é中😀.'.repeat(row % 5)},${texts[row % texts.length]}`)
    if (row % 97 === 0) rows.push('')
  }
  return rows.map((row, index) => row + (index % 3 === 0 ? '\n' : '\r\n')).join('')
}

describe('readCsv of a large file', () => {
  test('behavior: the lines of a large file are right', async () => {
    const text = bigText()
    const lines = text.split('\n')
    for (const { line, values } of await readText(text)) {
      expect(lines[line - 1]!.startsWith(`${values[0]},`)).toBe(true)
    }
  })
})

describe('readCsv of a faulty row', () => {
  test('error: too few values', async () => {
    await expect(readText('hash,value\n0x1,5\n0x2\n')).rejects.toThrowErrorMatchingInlineSnapshot(
      `[MalformedRowError: "moves.csv", line 3: it has 1 value and the header has 2.]`,
    )
  })

  test('error: too many values', async () => {
    const text = 'hash,value\n"0x\n1",5\n\n0x2,6,7\n'
    await expect(readText(text)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[MalformedRowError: "moves.csv", line 5: it has 3 values and the header has 2.]`,
    )
  })

  test('error: nothing but spaces', async () => {
    await expect(readText('hash,value\n  \n')).rejects.toThrow(
      '"moves.csv", line 2: it has 1 value and the header has 2.',
    )
  })

  test('error: a quote is never closed', async () => {
    const text = 'hash,value\n0x1,5\n0x2,"6\n0x3,7\n'
    await expect(readText(text)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[MalformedRowError: "moves.csv", line 3: a quote in it is never closed.]`,
    )
  })

  test('error: a quote is never closed in a large file', async () => {
    const path = write(`hash,value\n"0x1,5\n${'0x2,6\n'.repeat(1_000_000)}`)
    await expect(read(path)).rejects.toThrow('"moves.csv", line 2: a quote in it is never closed.')
  })

  test('error: text follows a closing quote', async () => {
    const text = 'hash,value\n0x1,5\n"0x2"x,6\n'
    await expect(readText(text)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[MalformedRowError: "moves.csv", line 3: text follows a closing quote.]`,
    )
  })

  test('error: a byte is no UTF-8', async () => {
    const bytes = Buffer.from('hash,value\n0x1,5\n"0x\n2",\xe9\n0x3,7\n', 'latin1')
    await expect(readText(bytes)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[MalformedRowError: "moves.csv", line 4: it is not UTF-8 text.]`,
    )
  })

  test.each([
    ['in the middle', 30_000],
    ['on the last line', 60_000],
  ])('error: a byte %s of a large file is no UTF-8', async (_, place) => {
    const lines = Array.from({ length: 60_001 }, (_, row) => `0x${row}${'é'.repeat(row % 30)},5`)
    lines[0] = 'hash,value'
    lines[place] = '0x1,BAD'
    const bytes = Buffer.from(lines.join('\n'))
    expect(bytes.length).toBeGreaterThan(mebibyte)
    bytes[bytes.indexOf('BAD')] = 0xff
    await expect(readText(bytes)).rejects.toThrow(
      `"moves.csv", line ${place + 1}: it is not UTF-8 text.`,
    )
  })

  test('error: the file ends inside a character', async () => {
    const bytes = Buffer.from('hash,value\n0x1,5\n0x2,中').subarray(0, -1)
    await expect(readText(bytes)).rejects.toThrow('line 3: it is not UTF-8 text.')
  })

  test('error: the file is UTF-16', async () => {
    const bytes = Buffer.from(`\ufeff${small}`, 'utf16le')
    await expect(readText(bytes)).rejects.toThrow('line 1: it is not UTF-8 text.')
    const unmarked = Buffer.from(small, 'utf16le')
    await expect(readText(unmarked)).rejects.toThrow('The header of "moves.csv" lacks')
  })

  test('error: only bytes from the middle of characters', async () => {
    await expect(readText(Buffer.alloc(3 * mebibyte, 0x80))).rejects.toThrow(
      'line 1: it is not UTF-8 text.',
    )
  })
})

describe('readCsv of a faulty header', () => {
  test('error: columns are missing', async () => {
    const options = { required: ['hash', 'from', 'to'], optional: ['fee'] }
    await expect(readText(small, options)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[MissingColumnsError: The header of "moves.csv" lacks "from", "to".]`,
    )
  })

  test.each([
    ['nothing', ''],
    ['nothing in gzip', gzipSync('')],
    ['empty lines', '\n\r\n\n'],
    ['a byte order mark', '\ufeff'],
  ])('error: the file holds %s', async (_, content) => {
    await expect(readText(content)).rejects.toThrow(
      'The header of "moves.csv" lacks "hash", "value".',
    )
  })

  test('error: a column is there twice', async () => {
    const text = 'hash,value, hash ,value\n0x1,5,0x2,6\n'
    await expect(readText(text)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[DuplicateColumnsError: The header of "moves.csv" names "hash", "value" more than once.]`,
    )
  })

  test('error: an optional column is there twice', async () => {
    const options = { required: ['hash'], optional: ['value'] }
    await expect(readText('hash,value,value\n', options)).rejects.toThrow(
      'The header of "moves.csv" names "value" more than once.',
    )
  })

  test('error: another separator', async () => {
    await expect(readText(small.replaceAll(',', ';'))).rejects.toThrow('lacks "hash", "value".')
  })

  // Else the whole file would be one header and no row.
  test('error: lines end in bare carriage returns', async () => {
    const text = small.replaceAll('\n', '\r')
    await expect(readText(text, { required: ['hash'] })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[MalformedRowError: "moves.csv", line 1: it holds a bare carriage return; lines must end in LF or CRLF.]`,
    )
  })
})

describe('readCsv of a faulty file', () => {
  // Random digits, so that it has several chunks when packed.
  const rows = randomBytes(mebibyte).toString('hex').replaceAll('00', ',\n')
  const large = gzipSync(`hash,value\n${rows},\n`)

  test('error: gzip is cut off', async () => {
    const path = write(gzipSync(small).subarray(0, -9), 'moves.csv.gz')
    await expect(read(path)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[BrokenGzipError: The file "moves.csv.gz" is not whole gzip: unexpected end of file.]`,
    )
  })

  test('error: gzip is cut off anywhere', async () => {
    const whole = gzipSync(small)
    for (let length = 2; length < whole.length; length += 1) {
      await expect(readText(whole.subarray(0, length))).rejects.toThrow('is not whole gzip')
    }
  })

  test('error: gzip has a wrong checksum', async () => {
    const bytes = gzipSync(small)
    bytes[bytes.length - 6]! ^= 1
    await expect(readText(bytes)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[BrokenGzipError: The file "moves.csv" is not whole gzip: incorrect data check.]`,
    )
  })

  test('error: gzip has a wrong length', async () => {
    const bytes = gzipSync(small)
    bytes[bytes.length - 2]! ^= 1
    await expect(readText(bytes)).rejects.toThrow('is not whole gzip')
  })

  test('error: gzip has a broken header', async () => {
    const bytes = gzipSync(small)
    bytes[2] = 99
    await expect(readText(bytes)).rejects.toThrow('is not whole gzip')
  })

  test('error: other bytes follow gzip', async () => {
    const bytes = Buffer.concat([gzipSync(small), Buffer.from('and more')])
    await expect(readText(bytes)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[BrokenGzipError: The file "moves.csv" is not whole gzip: incorrect header check.]`,
    )
  })

  test.each([
    ['text', Buffer.alloc(3 * mebibyte, 'x')],
    ['one byte', Buffer.from([0x1f])],
    ['the start of another member', gzipSync(small).subarray(0, 5)],
  ])('error: %s follow large gzip', async (_, tail) => {
    expect(large.length).toBeGreaterThan(mebibyte)
    expect((await readText(large)).length).toBeGreaterThan(1000)
    await expect(readText(Buffer.concat([large, tail]))).rejects.toThrow('is not whole gzip')
  })

  test('error: there is no such file', async () => {
    await expect(read(join(folder, 'none.csv'))).rejects.toThrowErrorMatchingInlineSnapshot(
      `[FileNotReadableError: The file "none.csv" cannot be read: there is no such file.]`,
    )
  })

  test('error: it is a folder', async () => {
    mkdirSync(join(folder, 'moves'))
    await expect(read(join(folder, 'moves'))).rejects.toThrowErrorMatchingInlineSnapshot(
      `[FileNotReadableError: The file "moves" cannot be read: it is a folder.]`,
    )
  })

  test('error: its name is impossible', async () => {
    await expect(read(join(folder, 'a\0b'))).rejects.toThrowErrorMatchingInlineSnapshot(
      `[FileNotReadableError: The file "a\\u{0}b" cannot be read: its name holds a NUL character.]`,
    )
  })

  test('error: no sentence tells more of the path than the name', async () => {
    const paths = [join(folder, 'x'.repeat(300)), join(write(small), 'below'), join(folder, 'none')]
    for (const path of paths) {
      const error = await read(path).catch((fault: unknown) => fault)
      expect(error).toMatchObject({ name: 'FileNotReadableError' })
      expect((error as Error).message).not.toContain(folder)
    }
  })
})
