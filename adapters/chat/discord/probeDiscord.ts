import { REST, Routes } from 'discord.js'
import { describeFailure } from './describeFailure.ts'

/** Discord answers within this time. */
const timeoutMs = 8_000

/**
 * Asks Discord whether the token is good and the bot is in the servers that are named; answers the bot's name.
 * @throws ChatRefusedError, Error
 */
export async function probeDiscord({
  token,
  guilds = [],
  home,
  apiUrl,
}: {
  token: string
  guilds?: readonly string[] | undefined
  home?: string | undefined
  apiUrl?: string | undefined
}): Promise<string> {
  const api = apiUrl === undefined ? {} : { api: apiUrl }
  const rest = new REST({ version: '10', ...api, retries: 0, timeout: timeoutMs }).setToken(token)
  try {
    const { username } = (await rest.get(Routes.user())) as { username: string }
    for (const guild of guilds) await rest.get(Routes.guild(guild))
    if (home !== undefined) await rest.get(Routes.channel(home))
    return username
  } catch (error) {
    throw describeFailure(error, home === undefined ? 'discord' : `discord:${home}`)
  }
}
