import type { Desk } from '#types/desk.ts'
import { findMember } from '#utils/findMember.ts'
import { completeOption } from './command/completeCommand.ts'
import { shortcuts } from './command/shortcuts.ts'
import { specOf } from './command/specOf.ts'
import type { Context } from './context.ts'
import type { Command } from './defineCommand.ts'
import { renderHome } from './renderHome.ts'

/** What chats with forms, menus and a home page ask about commands. */
export function createDesk(context: Context, commands: readonly Command[]): Desk {
  return {
    commands: commands.map(specOf),
    shortcuts,
    async complete({ account, ...asked }) {
      const member = findMember(context, account)
      return await completeOption(context, commands, { ...asked, member })
    },
    async home(account) {
      try {
        return await renderHome(context, account)
      } catch (error) {
        context.log.error({ err: error, account }, 'Could not draw the home page')
        return { title: 'Something went wrong', severity: 'amber', sections: [] }
      }
    },
  }
}
