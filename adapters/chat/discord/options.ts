import type { Logger } from 'pino'

export type DiscordOptions = {
  token: string
  /** Ids of the servers that get commands. @default every server that the bot is in */
  guilds?: readonly string[]
  /** Id of a channel that hears everything until it says otherwise. */
  home?: string
  /** @default the one of Discord */
  apiUrl?: string
  log: Logger
}
