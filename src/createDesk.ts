import type { Desk } from '#types/desk.ts'
import { findMember } from '#utils/findMember.ts'
import { completeOption } from './command/completeCommand.ts'
import { shortcuts } from './command/shortcuts.ts'
import { specOf } from './command/specOf.ts'
import type { Context } from './context.ts'
import type { Command } from './defineCommand.ts'
import { renderHome } from './renderHome.ts'
import { viewerOf } from './sharing/maySee.ts'
import { scopeContext } from './sharing/scopeContext.ts'

/** What chats with forms, menus and a home page ask about commands. */
export function createDesk(context: Context, commands: readonly Command[]): Desk {
  return {
    commands: commands.map(specOf),
    shortcuts,
    async complete({ account, ...asked }) {
      const member = findMember(context, account)
      const scoped = scopeContext(context, [viewerOf({ member })])
      return await completeOption(scoped, commands, { ...asked, member })
    },
    async home(account) {
      try {
        const member = findMember(context, account)
        return await renderHome(scopeContext(context, [viewerOf({ member })]), account)
      } catch (error) {
        context.log.error({ err: error, account }, 'Could not draw the home page')
        return { title: 'Something went wrong', severity: 'amber', sections: [] }
      }
    },
  }
}
