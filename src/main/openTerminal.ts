import { createTerminalChat } from '#adapters/chat/terminal/createTerminalChat.ts'
import { commands } from '#commands/index.ts'
import type { Context } from '#src/context.ts'
import type { Chat } from '#types/chat.ts'

/** The terminal as a chat that knows the commands. `context` is asked for completions only once a person types. */
export function openTerminal({
  context,
  onExit,
}: {
  context: () => Context | undefined
  onExit: () => void
}): Chat {
  return createTerminalChat({
    complete: (line) => {
      const given = context()
      return given ? completions(given, line) : []
    },
    onExit,
  })
}

/** What the line typed so far may become. */
function completions(context: Context, line: string): string[] {
  const [, prefix = '', typed = ''] = /^(\/?posse\s+|\/)?(.*)$/.exec(line) ?? []
  const words = typed.split(/\s+/)
  const last = words.pop() ?? ''
  const command = commands.find(({ name }) => name === words[0])
  const choices = command ? (command.complete?.(context) ?? []) : commands.map(({ name }) => name)
  const before = prefix + words.map((word) => `${word} `).join('')
  return choices.filter((choice) => choice.startsWith(last)).map((choice) => before + choice)
}
