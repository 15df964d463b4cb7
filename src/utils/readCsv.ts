import { isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { CsvError, type Info } from 'csv-parse'
import { parse } from 'csv-parse/sync'
import {
  BrokenGzipError,
  DuplicateColumnsError,
  FileNotReadableError,
  MalformedRowError,
  MissingColumnsError,
} from '#errors/file.ts'

/** Longest row, in bytes. Beyond it a quote was never closed, and memory must not fill up. */
const maxRowBytes = 1_000_000

/** Most that a gzip file may unpack to, in bytes: a bomb must not fill the memory. */
const maxUnpackedBytes = 2 ** 31

/** Rows between two reports of progress. */
const progressStep = 1000

export type CsvOptions = {
  /** Columns that must be there; their values come first, in this order. */
  required: readonly string[]
  /** Columns that may be there; their values come next, empty where the file lacks them. */
  optional?: readonly string[]
  /** Bytes parsed so far, and all. */
  onProgress?: (read: number, size: number) => void
}

/**
 * Reads a CSV file, plain or gzip, and hands on each row with its line number (the header is line 1).
 * Rows must have as many values as the header has; empty lines are passed over. A fault may come after good rows.
 * @throws FileNotReadableError, BrokenGzipError, MissingColumnsError, DuplicateColumnsError, MalformedRowError
 */
export async function readCsv(
  file: string | URL,
  options: CsvOptions,
  onRow: (values: string[], line: number) => void,
): Promise<void> {
  const path = typeof file === 'string' ? file : fileURLToPath(file)
  const name = basename(path)
  const bytes = await readBytes(path)
  checkUtf8(bytes, name)
  let pick: ((values: string[]) => string[]) | null = null
  let columns = 0
  let records = 0
  const lines = createLineCounter(bytes)

  function takeRecord(values: string[], { bytes: read }: Info): null {
    const line = lines.next()
    lines.skipTo(read)
    if (pick === null) {
      pick = pickColumns(name, values, options)
    } else {
      checkCount(name, line, values.length, columns)
      onRow(pick(values), line)
    }
    columns ||= values.length
    records += 1
    if (records % progressStep === 0) options.onProgress?.(read, bytes.length)
    // Nothing is kept: the row is handed on.
    return null
  }

  try {
    parse(bytes, {
      bom: true,
      record_delimiter: ['\r\n', '\n'],
      skip_empty_lines: true,
      // Checked here, so that the sentence is ours.
      relax_column_count: true,
      max_record_size: maxRowBytes,
      on_record: takeRecord,
    })
  } catch (error) {
    throw error instanceof CsvError ? csvFault(name, lines.next(), error) : error
  }
  options.onProgress?.(bytes.length, bytes.length)
  if (pick === null) throw new MissingColumnsError({ file: name, columns: [...options.required] })
}

/** The bytes of a file, unpacked if it is gzip (told by its first two bytes, not by its name). */
async function readBytes(path: string): Promise<Buffer> {
  const file = basename(path)
  try {
    const bytes = await readFile(path)
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
    return isGzip ? await promisify(gunzip)(bytes, { maxOutputLength: maxUnpackedBytes }) : bytes
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const code = String(cause.code)
    // After the comma Node names the whole path, which is nobody's business.
    const reason = readFaults[code] ?? cause.message.replace(/,.*/s, '')
    const isUnpacking = code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE'
    throw new (isUnpacking ? BrokenGzipError : FileNotReadableError)({ file, reason, cause })
  }
}

function checkUtf8(bytes: Buffer, file: string): void {
  if (isUtf8(bytes)) return
  let line = 1
  let start = 0
  for (let end = bytes.indexOf('\n'); end !== -1; end = bytes.indexOf('\n', start)) {
    if (!isUtf8(bytes.subarray(start, end))) break
    start = end + 1
    line += 1
  }
  throw new MalformedRowError({ file, line, reason: 'it is not UTF-8 text' })
}

const readFaults: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  ERR_INVALID_ARG_VALUE: 'its name holds a NUL character',
  ERR_BUFFER_TOO_LARGE: 'it unpacks to more than 2 GiB',
}

/** A fault of a row that the parser did not finish: it begins after the last one it did. */
function csvFault(file: string, line: number, error: CsvError): MalformedRowError {
  const reason = csvFaults[error.code] ?? `it is not CSV (${error.code})`
  return new MalformedRowError({ file, line, reason })
}

const csvFaults: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote in it is never closed',
  CSV_MAX_RECORD_SIZE: 'it is longer than 1,000,000 bytes, or a quote in it is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands in the middle of a value',
}

/** A function that takes the wanted columns out of a row. */
function pickColumns(
  file: string,
  header: string[],
  { required, optional = [] }: CsvOptions,
): (values: string[]) => string[] {
  if (header.some((name) => name.includes('\r'))) {
    const reason = 'it holds a bare carriage return; lines must end in LF or CRLF'
    throw new MalformedRowError({ file, line: 1, reason })
  }
  const names = header.map((name) => name.trim())
  const wanted = [...required, ...optional]
  const missing = required.filter((name) => !names.includes(name))
  if (missing.length > 0) throw new MissingColumnsError({ file, columns: missing })
  // Other columns may share a name: spreadsheets write empty ones.
  const doubled = wanted.filter((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (doubled.length > 0) throw new DuplicateColumnsError({ file, columns: doubled })
  const places = wanted.map((name) => names.indexOf(name))
  return (values) => places.map((place) => values[place] ?? '')
}

function checkCount(file: string, line: number, count: number, expected: number): void {
  if (count === expected) return
  const values = count === 1 ? '1 value' : `${count} values`
  throw new MalformedRowError({
    file,
    line,
    reason: `it has ${values} and the header has ${expected}`,
  })
}

/** Counts lines along with the parser, whose own count is of where a row ends. */
function createLineCounter(bytes: Buffer): { next(): number; skipTo(offset: number): void } {
  const lineFeed = 0x0a
  const carriageReturn = 0x0d
  let line = 1
  let at = 0

  function skipTo(offset: number): void {
    let end = bytes.indexOf(lineFeed, at)
    while (end !== -1 && end < offset) {
      line += 1
      end = bytes.indexOf(lineFeed, end + 1)
    }
    at = offset
  }

  return {
    skipTo,
    /** The line on which the next row begins, empty ones passed over. */
    next() {
      let start = at
      while (bytes[start] === lineFeed || bytes[start] === carriageReturn) start += 1
      skipTo(start)
      return line
    },
  }
}
