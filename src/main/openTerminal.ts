import { createTerminalChat } from '#adapters/chat/terminal/createTerminalChat.ts'
import { commands } from '#commands/index.ts'
import { completeCommand } from '#src/command/completeCommand.ts'
import type { Context } from '#src/context.ts'
import type { Chat } from '#types/chat.ts'
import { findMember } from '#utils/findMember.ts'

/** The terminal as a chat that knows the commands. `context` is asked for completions only once a person types. */
export function openTerminal({
  context,
  onExit,
}: {
  context: () => Context | undefined
  onExit: () => void
}): Chat {
  return createTerminalChat({
    complete: async (text) => {
      const given = context()
      if (!given) return []
      return completeCommand(given, commands, { text, member: findMember(given, 'terminal') })
    },
    onExit,
  })
}
