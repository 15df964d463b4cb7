import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { hasUnsafeCharacters } from '#utils/plainText.ts'
import type { Write } from './createWriter.ts'

/** Lines that the arrow keys bring back. */
const historySize = 500

/** A person who pressed Tab waits no longer than this for what the line may become. */
const completionMs = 1_000

/** Longer lines are not measured at every key, which takes as long as they have characters. */
const maxMeasured = 2_000

export type PromptOptions = {
  input: NodeJS.ReadStream
  output: NodeJS.WriteStream
  write: Write
  complete: (line: string) => Promise<string[]>
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
    completer: (typed: string, done: Completed) => void offer(typed, done),
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

  /** Node reads no keys until it has an answer, and would put a late one wherever the cursor is by then. */
  async function offer(typed: string, done: Completed): Promise<void> {
    const candidates = await findCandidates(complete, typed)
    const isSame = isOpen && line.line.slice(0, line.cursor) === typed
    if (isOpen) done(null, [isSame ? candidates : [], typed])
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

type Completed = (error: null, result: [candidates: string[], typed: string]) => void

/** Candidates for a line with or without the prefix. Completion is a comfort: what goes wrong in it gives none. */
async function findCandidates(
  complete: (line: string) => Promise<string[]>,
  typed: string,
): Promise<string[]> {
  const prefix = /^\s*(?:\/?posse\s+)?/i.exec(typed)?.[0] ?? ''
  const deadline = new AbortController()
  try {
    const candidates = await Promise.race([
      complete(typed.slice(prefix.length)),
      wait(completionMs, [], { ref: false, signal: deadline.signal }),
    ])
    return candidates
      .filter((candidate) => !hasUnsafeCharacters(candidate))
      .map((candidate) => prefix + candidate)
  } catch {
    return []
  } finally {
    deadline.abort()
  }
}
