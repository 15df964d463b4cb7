import { isUtf8 } from 'node:buffer'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { TextDecoder } from 'node:util'
import { createGunzip } from 'node:zlib'
import {
  BrokenGzipError,
  DuplicateColumnsError,
  FileNotReadableError,
  MalformedRowError,
  MissingColumnsError,
} from '#errors/file.ts'
import { createCsvSplitter } from './splitCsv.ts'

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
  let pick: ((values: string[], line: number) => string[]) | null = null
  const rows = createCsvSplitter({
    file: name,
    onRow(values, line) {
      if (pick === null) pick = pickColumns(name, values, line, options)
      else onRow(pick(values, line), line)
    },
  })
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of readBytes(path, options)) {
    const bytes = Buffer.concat([rest, chunk])
    const end = lastCharacter(bytes)
    rows.write(decode(bytes.subarray(0, end), name, rows.nextLine))
    rest = bytes.subarray(end)
  }
  rows.write(decode(rest, name, rows.nextLine))
  rows.end()
  if (pick === null) throw new MissingColumnsError({ file: name, columns: [...options.required] })
}

/** Bytes of a file, unpacked if it is gzip (told by its first two bytes, not by its name). */
async function* readBytes(path: string, { onProgress }: CsvOptions): AsyncGenerator<Buffer> {
  const file = basename(path)
  try {
    const stats = await stat(path)
    if (!stats.isFile()) {
      const reason = stats.isDirectory() ? 'it is a folder' : 'it is not a plain file'
      throw new FileNotReadableError({ file, reason })
    }
    await using handle = await open(path)
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    const raw = handle.createReadStream({ start: 0, highWaterMark: chunkBytes })
    const gunzip = buffer.readUInt16BE() === 0x1f8b ? createGunzip({ chunkSize: chunkBytes }) : null
    // The callback is needed so that an error reaches the loop; it is told there.
    for await (const chunk of gunzip ? pipeline(raw, gunzip, () => undefined) : raw) {
      onProgress?.(raw.bytesRead, stats.size)
      yield chunk as Buffer
    }
    // zlib takes zeros for padding and stops there; they may as well stand where more should be.
    if (gunzip && gunzip.bytesWritten < stats.size) {
      throw new BrokenGzipError({ file, reason: 'other bytes follow its end' })
    }
  } catch (cause) {
    throw fileError(file, cause)
  }
}

function fileError(file: string, cause: unknown): unknown {
  if (!(cause instanceof Error && 'code' in cause)) return cause
  const code = String(cause.code)
  // After the comma Node names the whole path, which is nobody's business.
  const reason = readFaults[code] ?? cause.message.replace(/,.*/s, '')
  const isGzip = code.startsWith('Z_')
  return new (isGzip ? BrokenGzipError : FileNotReadableError)({ file, reason, cause })
}

const readFaults: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  ERR_INVALID_ARG_VALUE: 'its name holds a NUL character',
}

/** Place of the last character of UTF-8 bytes, which may not have come whole. */
function lastCharacter(bytes: Buffer): number {
  const longest = 4
  for (let at = bytes.length - 1; at >= 0 && at >= bytes.length - longest; at -= 1) {
    if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return at
  }
  return bytes.length
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(bytes: Buffer, file: string, firstLine: () => number): string {
  try {
    return decoder.decode(bytes)
  } catch {
    let line = firstLine()
    let start = 0
    let end = bytes.indexOf('\n')
    while (end !== -1 && isUtf8(bytes.subarray(start, end))) {
      line += 1
      start = end + 1
      end = bytes.indexOf('\n', start)
    }
    throw new MalformedRowError({ file, line, reason: 'it is not UTF-8 text' })
  }
}

/** A function that takes the wanted columns out of a row. */
function pickColumns(
  file: string,
  header: string[],
  headerLine: number,
  { required, optional = [] }: CsvOptions,
): (values: string[], line: number) => string[] {
  if (header.some((name) => /\r(?!\n)/.test(name))) {
    const reason = 'it holds a bare carriage return; lines must end in LF or CRLF'
    throw new MalformedRowError({ file, line: headerLine, reason })
  }
  const names = header.map((name) => name.trim())
  const wanted = [...required, ...optional]
  const missing = required.filter((name) => !names.includes(name))
  if (missing.length > 0) throw new MissingColumnsError({ file, columns: missing })
  // Other columns may share a name: spreadsheets write empty ones.
  const doubled = wanted.filter((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (doubled.length > 0) throw new DuplicateColumnsError({ file, columns: doubled })
  const places = wanted.map((name) => names.indexOf(name))
  return (values, line) => {
    if (values.length !== names.length) {
      const count = values.length === 1 ? '1 value' : `${values.length} values`
      const reason = `it has ${count} and the header has ${names.length}`
      throw new MalformedRowError({ file, line, reason })
    }
    return places.map((place) => values[place] ?? '')
  }
}
