import { createHash } from 'node:crypto'
import type { Chat, MessageRef } from '#types/chat.ts'
import type { Message } from '#types/message.ts'
import { plainText } from '#utils/plainText.ts'
import { answerCommands } from './answerCommands.ts'
import { createWriter } from './createWriter.ts'
import { openPrompt } from './openPrompt.ts'
import { readLines } from './readLines.ts'
import { renderText } from './renderText.ts'

/** Columns where nobody says how many there are, as in a file. */
const plainWidth = 100

export type TerminalChatOptions = {
  /** Called once: the person wants to leave, or nobody reads the output any more. */
  onExit: () => void
  /** @default process.stdin */
  input?: NodeJS.ReadStream
  /** @default process.stdout */
  output?: NodeJS.WriteStream
  /** What a typed line could become, each as a whole line without `/posse`. @default nothing */
  complete?: (line: string) => Promise<string[]>
  /** Lines typed earlier, the newest first. @default none */
  history?: string[]
  /** The reader's. @default the one of this machine */
  timeZone?: string
}

/**
 * The terminal as a chat: a prompt with colours for a person, plain lines without any escape sequence for a pipe.
 * @example createTerminalChat({ onExit: () => stopping.abort() })
 */
export function createTerminalChat({
  onExit,
  input = process.stdin,
  output = process.stdout,
  complete = async () => [],
  history = [],
  timeZone = localTimeZone(),
}: TerminalChatOptions): Chat {
  const isInteractive = Boolean(input.isTTY && output.isTTY)
  const write = createWriter(output, leave)
  let show = write
  let stopReading = (): void => undefined
  let whenAnswered = (): Promise<void> => Promise.resolve()
  let hasLeft = false
  /** What was posted by this run: what an earlier one posted is no longer on the screen. */
  const refs = new Set<MessageRef>()

  function leave(): void {
    if (hasLeft) return
    hasLeft = true
    // Gives the terminal back at once, so that a second Ctrl-C reaches the process itself.
    stopReading()
    onExit()
  }

  function render(message: Message): string {
    const width = isInteractive ? output.columns || plainWidth : plainWidth
    const colours = isInteractive && Boolean(output.hasColors?.())
    return `${renderText(message, { width, colours, timeZone })}\n\n`
  }

  /** A prompt shows by itself what is typed; in a pipe it would be missing before its answer. */
  async function echo(line: string): Promise<void> {
    if (!isInteractive) await write(`posse> ${plainText(line)}\n`)
  }

  return {
    name: 'terminal',
    home: 'terminal',
    async post(message) {
      await show(render(message))
      // Made of the message alone, so that nobody can tell a restart from the store.
      const hash = createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 16)
      let ref = hash
      for (let again = 2; refs.has(ref); again += 1) ref = `${hash}-${again}`
      refs.add(ref)
      return ref
    },
    async edit(ref, message) {
      if (message.isQuiet) return ref
      const isOurs = refs.has(ref)
      const title = [message.title].flat()
      await show(render(isOurs ? { ...message, title: ['↳ ', ...title] } : message))
      return ref
    },
    listen(handler) {
      const print = (text: string): Promise<void> => show(text)
      const commands = answerCommands({ handler, echo, render, print, onExit: leave })
      whenAnswered = commands.whenAnswered
      const onLine = commands.take
      if (isInteractive) {
        const prompt = openPrompt({
          input,
          output,
          write,
          complete,
          history,
          onLine,
          onExit: leave,
        })
        show = prompt.print
        stopReading = prompt.close
      } else {
        stopReading = readLines(input, onLine)
      }
    },
    async stop() {
      stopReading()
      await whenAnswered()
    },
  }
}

/** The time zone of this machine; UTC where its setting names none, as an empty TZ does. */
function localTimeZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}
