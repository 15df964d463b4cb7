import { readFileSync } from 'node:fs'
import { FileNotReadableError } from '#errors/file.ts'
import { quote } from '#errors/quote.ts'
import { UserError } from '#errors/userError.ts'

/**
 * A JSON file as it is written. An error tells the line and nothing of it: it may hold a key.
 * @throws FileNotReadableError, UserError
 */
export function readJson(file: string): unknown {
  const text = readText(file).replace(/^\uFEFF/, '')
  try {
    return JSON.parse(text)
  } catch {
    // Without its cause, which quotes the file.
    throw new UserError(`The settings file ${quote(file)} is not JSON: ${describeFault(text)}.`, {
      hint: 'JSON wants every name in double quotes, and knows no comments and no comma before a closing bracket.',
    })
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : ''
    const isMissing = code === 'ENOENT'
    throw new FileNotReadableError({
      file,
      reason: isMissing
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : 'the system refuses it',
      ...(isMissing && { hint: 'Copy posse.config.example.json to it and fill it in.' }),
      cause,
    })
  }
}

function describeFault(text: string): string {
  if (text.trim() === '') return 'it is empty'
  const end = faultEnd(text)
  if (end === null) return 'it ends too early'
  const before = text.slice(0, end - 1)
  const line = before.split('\n').length
  return `line ${line}, character ${before.length - before.lastIndexOf('\n')} does not belong there`
}

/** Characters up to and with the one that makes it no JSON: the shortest beginning that nothing could complete. */
function faultEnd(text: string): number | null {
  if (isBeginning(text)) return null
  let [good, bad] = [0, text.length]
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (isBeginning(text.slice(0, middle))) good = middle
    else bad = middle
  }
  return bad
}

function isBeginning(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const position = /at position (\d+)/.exec(message)?.[1]
    return /end of JSON|Unterminated string/.test(message) || Number(position) === text.length
  }
}
