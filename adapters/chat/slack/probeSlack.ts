import { webApi } from '@slack/bolt'
import pino from 'pino'
import { clientOptions } from './createClients.ts'
import { createLogger } from './createLogger.ts'
import { describeFailure } from './describeFailure.ts'
import type { SlackOptions } from './options.ts'

/** What Slack says of tokens: as whom the app speaks, and where. */
export type SlackProbe = { bot: string; workspace: string }

/**
 * Asks Slack whether the tokens are good: that of the bot, and that which opens the socket.
 * @throws ChatRefusedError, Error
 */
export async function probeSlack(
  { botToken, appToken, home }: { botToken: string; appToken?: string; home?: string },
  { apiUrl }: Pick<SlackOptions, 'apiUrl'>,
): Promise<SlackProbe> {
  const options = clientOptions({ apiUrl, logger: createLogger(pino({ level: 'silent' })) })
  try {
    const client = new webApi.WebClient(botToken, options)
    const { user = 'the app', team = 'the workspace' } = await client.auth.test()
    if (appToken !== undefined) {
      await new webApi.WebClient(appToken, options).apps.connections.open({})
    }
    if (home !== undefined) await client.conversations.info({ channel: home })
    return { bot: user, workspace: team }
  } catch (error) {
    throw describeFailure(error, home === undefined ? 'slack' : `slack:${home}`)
  }
}
