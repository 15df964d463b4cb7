import { createInterface } from 'node:readline'
import { hasUnsafeCharacters } from '#utils/plainText.ts'
import type { Write } from './createWriter.ts'

/** Lines that the arrow keys bring back. */
const historySize = 500

/** Longer lines are not measured at every key, which takes as long as they have characters. */
const maxMeasured = 2_000

export type PromptOptions = {
  input: NodeJS.ReadStream
  output: NodeJS.WriteStream
  write: Write
  complete: (line: string) => string[]
  history: string[]
  onLine: (line: string) => void
  /** Ctrl-C, Ctrl-D, and a terminal that was closed. */
  onExit: () => void
}

/** Opens a line to type in, below everything that is printed. */
export function openPrompt({
  input,
  output,
  write,
  complete,
  history,
  onLine,
  onExit,
}: PromptOptions): { print: Write; close: () => void } {
  const line = createInterface({
    input,
    output,
    terminal: true,
    prompt: 'posse> ',
    completer: (typed: string) => [findCandidates(complete, typed), typed],
    history: history.filter((entry) => !hasUnsafeCharacters(entry)).slice(0, historySize),
    historySize,
    removeHistoryDuplicates: true,
  })
  let isOpen = true

  /** Node does not count the rows of pasted text, and would then draw over what stands above. */
  function countRows(): void {
    if (line.line.length <= maxMeasured) setRows(line.getCursorPos().rows)
  }

  /** `prevRows` is how far up Node thinks its first row is. It has no documented way to be told otherwise. */
  function setRows(prevRows: number): void {
    Object.assign(line, { prevRows })
  }

  function print(text: string): Promise<void> {
    if (!isOpen) return write(text)
    const { rows } = line.getCursorPos()
    const up = rows > 0 ? `\u001b[${rows}A` : ''
    const written = write(`${up}\r\u001b[J${text}`)
    setRows(0)
    line.prompt(true)
    return written
  }

  function close(): void {
    if (!isOpen) return
    // What was typed stays to be read, all of it: what comes next must not start in its middle.
    Object.assign(line, { cursor: line.line.length })
    if (line.line !== '') line.prompt(true)
    leavePrompt()
    line.close()
  }

  function leavePrompt(): void {
    isOpen = false
    input.off('keypress', countRows)
    output.write(line.line === '' ? '\r\u001b[J' : '\n')
    input.unref?.()
  }

  line.on('line', (typed) => {
    onLine(typed)
    if (isOpen) line.prompt()
  })
  line.on('SIGINT', onExit)
  line.on('error', onExit)
  line.on('close', () => {
    if (!isOpen) return
    leavePrompt()
    onExit()
  })
  // Before Node draws what the key changes.
  input.prependListener('keypress', countRows)
  line.prompt()
  return { print, close }
}

/** Candidates for a line with or without the prefix. Completion is a comfort: what goes wrong in it gives none. */
function findCandidates(complete: (line: string) => string[], typed: string): string[] {
  const prefix = /^\s*(?:\/?posse\s+)?/i.exec(typed)?.[0] ?? ''
  try {
    return complete(typed.slice(prefix.length))
      .filter((candidate) => !hasUnsafeCharacters(candidate))
      .map((candidate) => prefix + candidate)
  } catch {
    return []
  }
}
