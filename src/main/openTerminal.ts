import { createTerminalChat } from '#adapters/chat/terminal/createTerminalChat.ts'
import { commands } from '#commands/index.ts'
import { completeCommand } from '#src/command/completeCommand.ts'
import type { Context } from '#src/context.ts'
import { viewerOf } from '#src/sharing/maySee.ts'
import { scopeContext } from '#src/sharing/scopeContext.ts'
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
      const member = findMember(given, 'terminal')
      const scoped = scopeContext(given, [viewerOf({ member })])
      return completeCommand(scoped, commands, { text, member })
    },
    onExit,
  })
}
