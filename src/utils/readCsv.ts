import { constants, isUtf8 } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import Papa from 'papaparse'
import {
  BrokenGzipError,
  DuplicateColumnsError,
  FileNotReadableError,
  MalformedRowError,
  MissingColumnsError,
} from '#errors/file.ts'

/** Most that a file may hold, unpacked, in bytes: what Node fits into one string. A gzip bomb ends here too. */
const maxBytes = constants.MAX_STRING_LENGTH

/** Rows between two reports of progress. */
const progressStep = 1000

export type CsvOptions = {
  /** Columns that must be there; their values come first, in this order. */
  required: readonly string[]
  /** Columns that may be there; their values come next, empty where the file lacks them. */
  optional?: readonly string[]
  /** Characters parsed so far, and all. */
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
  const text = await readText(path)
  let pick: ((values: string[]) => string[]) | null = null
  let columns = 0
  let records = 0
  const lines = createLineCounter(text)

  function takeRow({ data: values, errors, meta }: Papa.ParseStepResult<string[]>): void {
    const line = lines.next()
    lines.skipTo(meta.cursor)
    const [fault] = errors
    if (fault)
      throw new MalformedRowError({ file: name, line, reason: faults[fault.code] ?? fault.message })
    if (values.length === 1 && values[0] === '') return
    if (pick === null) {
      pick = pickColumns(name, values, options)
      columns = values.length
      return
    }
    checkCount(name, line, values.length, columns)
    onRow(pick(values), line)
    records += 1
    if (records % progressStep === 0) options.onProgress?.(meta.cursor, text.length)
  }

  // The whole text at once: fed in pieces, the parser takes a quote before a cut for a fault.
  Papa.parse<string[]>(text, { delimiter: ',', newline: '\n', step: takeRow })
  options.onProgress?.(text.length, text.length)
  if (pick === null) throw new MissingColumnsError({ file: name, columns: [...options.required] })
}

const faults: Record<string, string> = {
  MissingQuotes: 'a quote in it is never closed',
  InvalidQuotes: 'text follows a closing quote',
}

/** The text of a file, unpacked if it is gzip (told by its first two bytes, not by its name), its line ends LF. */
async function readText(path: string): Promise<string> {
  const file = basename(path)
  try {
    const raw = await readFile(path)
    const isGzip = raw[0] === 0x1f && raw[1] === 0x8b
    const bytes = isGzip ? await promisify(gunzip)(raw, { maxOutputLength: maxBytes }) : raw
    checkUtf8(bytes, file)
    return bytes
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .replaceAll('\r\n', '\n')
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const code = String(cause.code)
    // After the comma Node names the whole path, which is nobody's business.
    const reason = readFaults[code] ?? cause.message.replace(/,.*/s, '')
    if (code.startsWith('Z_')) throw new BrokenGzipError({ file, reason, cause })
    const hint = reason === tooLarge ? 'Split it and give all parts.' : undefined
    throw new FileNotReadableError({ file, reason, hint, cause })
  }
}

const tooLarge = 'it holds more than 512 MiB'

const readFaults: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
  ERR_INVALID_ARG_VALUE: 'its name holds a NUL character',
  ERR_BUFFER_TOO_LARGE: tooLarge,
  ERR_FS_FILE_TOO_LARGE: tooLarge,
  ERR_STRING_TOO_LONG: tooLarge,
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

/** Counts lines along with the parser, which counts rows only. */
function createLineCounter(text: string): { next(): number; skipTo(offset: number): void } {
  let line = 1
  let at = 0
  return {
    /** The line on which the next row begins. */
    next: () => line,
    skipTo(offset) {
      let end = text.indexOf('\n', at)
      while (end !== -1 && end < offset) {
        line += 1
        end = text.indexOf('\n', end + 1)
      }
      at = offset
    },
  }
}
