import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { TextDecoder } from 'node:util'
import { createGunzip } from 'node:zlib'
import Papa from 'papaparse'
import {
  BrokenGzipError,
  FileNotReadableError,
  MalformedRowError,
  MissingColumnsError,
} from '#errors/file.ts'

/** Characters of a row before it is taken for a quote that was never closed. */
const maxRowLength = 1_000_000
const chunkBytes = 1 << 20

export type CsvOptions = {
  /** Columns that must be there; their values come first, in this order. */
  required: readonly string[]
  /** Columns that may be there; their values come next, empty where the file lacks them. */
  optional?: readonly string[]
  /** Bytes read of the file so far, and its size. */
  onProgress?: (read: number, size: number) => void
}

/**
 * Reads a CSV file, plain or gzip, and hands on each row with its line number (the header is line 1).
 * Rows must have as many values as the header has; empty lines are passed over.
 * @throws FileNotReadableError, BrokenGzipError, MissingColumnsError, MalformedRowError
 */
export async function readCsv(
  file: string | URL,
  options: CsvOptions,
  onRow: (values: string[], line: number) => void,
): Promise<void> {
  const path = typeof file === 'string' ? file : fileURLToPath(file)
  const name = basename(path)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let parser: Papa.Parser | null = null
  let pick: ((values: string[], line: number) => string[]) | null = null
  let line = 1
  let rest = ''

  function consume(isLast: boolean): void {
    parser ??= new Papa.Parser({ delimiter: ',', newline: rest.includes('\r\n') ? '\r\n' : '\n' })
    const { data, errors, meta } = parser.parse(rest, 0, !isLast) as Papa.ParseResult<string[]>
    const fault = errors[0]
    for (const [index, values] of data.entries()) {
      if (fault?.row === index) throw new MalformedRowError({ file: name, line, reason: quoteFault })
      if (values.length > 1 || values[0] !== '') {
        if (pick === null) pick = pickColumns(name, values, options)
        else onRow(pick(values, line), line)
      }
      line += 1 + countLineBreaks(values)
    }
    if (fault) throw new MalformedRowError({ file: name, line, reason: quoteFault })
    rest = isLast ? '' : rest.slice(meta.cursor)
    if (rest.length > maxRowLength) {
      throw new MalformedRowError({ file: name, line, reason: quoteFault })
    }
  }

  for await (const chunk of readBytes(path, options)) {
    rest += decode(decoder, name, line, chunk)
    consume(false)
  }
  rest += decode(decoder, name, line)
  consume(true)
  if (pick === null) throw new MissingColumnsError({ file: name, columns: [...options.required] })
}

const quoteFault = 'a quote is opened and not closed, or stands in the middle of a value'

/** Bytes of a file, unpacked if it is gzip (told by its first two bytes, not by its name). */
async function* readBytes(path: string, { onProgress }: CsvOptions): AsyncGenerator<Buffer> {
  const name = basename(path)
  let isGzip = false
  try {
    await using handle = await open(path)
    const { size } = await handle.stat()
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    isGzip = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
    const raw = createReadStream(path, { highWaterMark: chunkBytes })
    raw.on('data', () => onProgress?.(raw.bytesRead, size))
    // The callback is needed so that an error reaches the loop; it is told there.
    const bytes = isGzip
      ? pipeline(raw, createGunzip({ chunkSize: chunkBytes }), () => undefined)
      : raw
    for await (const chunk of bytes) yield chunk as Buffer
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const reason = cause.message
    if (isGzip) throw new BrokenGzipError({ file: name, reason, cause })
    throw new FileNotReadableError({ file: name, reason: readFaults[String(cause.code)] ?? reason, cause })
  }
}

const readFaults: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
}

function decode(decoder: TextDecoder, file: string, line: number, chunk?: Buffer): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
  } catch {
    throw new MalformedRowError({ file, line, reason: 'at or after this line it is not UTF-8 text' })
  }
}

/** A function that takes the wanted columns out of a row. */
function pickColumns(
  file: string,
  header: string[],
  { required, optional = [] }: CsvOptions,
): (values: string[], line: number) => string[] {
  const names = header.map((name) => name.trim())
  const missing = required.filter((name) => !names.includes(name))
  if (missing.length > 0) throw new MissingColumnsError({ file, columns: missing })
  const places = [...required, ...optional].map((name) => names.indexOf(name))
  return (values, line) => {
    if (values.length !== names.length) {
      const reason = `it has ${values.length} values and the header has ${names.length}`
      throw new MalformedRowError({ file, line, reason })
    }
    return places.map((place) => values[place] ?? '')
  }
}

function countLineBreaks(values: readonly string[]): number {
  let count = 0
  for (const value of values) {
    for (let at = value.indexOf('\n'); at >= 0; at = value.indexOf('\n', at + 1)) count += 1
  }
  return count
}
