import { createDiscordChat } from '#adapters/chat/discord/createDiscordChat.ts'
import { createSlackChat } from '#adapters/chat/slack/createSlackChat.ts'
import type { Vault } from '#adapters/chat/slack/options.ts'
import type { Settings } from '#config/settings.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import type { Chat } from '#types/chat.ts'

/** The chats of the settings, beside the terminal. `context` is asked once something is said in them. */
export function createChats(
  { slack, discord }: Pick<Settings, 'slack' | 'discord'>,
  { context, log }: { context: () => Context } & Pick<Context, 'log'>,
): Chat[] {
  const chats: Chat[] = []
  if (slack) {
    const { tokens: given, ...rest } = slack
    const tokens = given.kind === 'many' ? { ...given, vault: createVault(context) } : given
    chats.push(createSlackChat({ ...rest, tokens, log }))
  }
  if (discord) {
    const { token, guilds, home, apiUrl } = discord
    chats.push(
      createDiscordChat({
        token,
        ...(guilds && { guilds }),
        ...(home !== undefined && { home }),
        ...(apiUrl !== undefined && { apiUrl }),
        log,
      }),
    )
  }
  return chats
}

/** Sealed tokens of workspaces, in the database with all that stands. */
function createVault(context: () => Context): Vault {
  const put = (workspace: string, sealed: string | null) =>
    decide(context(), () => ({
      standing: [
        {
          kind: 'installation',
          key: workspace,
          value: sealed === null ? null : { workspace, sealed },
        },
      ],
      result: undefined,
    }))
  return {
    read: async (workspace) => context().standing.installation.get(workspace)?.sealed,
    write: (workspace, sealed) => put(workspace, sealed),
    remove: (workspace) => put(workspace, null),
  }
}
