import type { CommandCall } from '#types/chat.ts'
import type { Message, Reply } from '#types/message.ts'

/** Whoever sits at the terminal. */
const user = { id: 'terminal', name: 'terminal' }
const channel = 'terminal'

const apology: Message = {
  title: 'Something went wrong, and this command was not answered.',
  sections: [],
}

type AnswerOptions = {
  handler: (call: CommandCall) => Promise<Reply>
  /** Shows a line before its answer. */
  echo: (line: string) => Promise<void>
  render: (message: Message) => string
  print: (text: string) => Promise<void>
  onExit: () => void
}

/** Answers lines one after the other. What `take` returns resolves when that line is dealt with, and never rejects. */
export function answerCommands({ handler, echo, render, print, onExit }: AnswerOptions): {
  take: (line: string) => Promise<void>
  whenAnswered: () => Promise<void>
} {
  let answered: Promise<void> = Promise.resolve()
  let isOver = false

  async function answer(line: string): Promise<void> {
    if (isOver || line === '') return
    await echo(line)
    const text = line.replace(/^\/?posse(?:\s+|$)/i, '')
    if (text === 'exit' || text === 'quit') {
      isOver = true
      return onExit()
    }
    await print(await ask(text))
  }

  async function ask(text: string): Promise<string> {
    try {
      return render(await handler({ text, user, channel }))
    } catch {
      // The handler promised not to throw, and keeps the log; here it only must not end the chat.
      return render(apology)
    }
  }

  return {
    take(line) {
      answered = answered.then(() => answer(line.trim()))
      return answered
    },
    whenAnswered: () => answered,
  }
}
