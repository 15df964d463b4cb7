import { App } from '@slack/bolt'
import type { Chat } from '#types/chat.ts'
import { createTalk, type Talk } from '#utils/createTalk.ts'
import { createClients } from './createClients.ts'
import { createLogger } from './createLogger.ts'
import { createPoster } from './createPoster.ts'
import { createReceiver } from './createReceiver.ts'
import { describeFailure } from './describeFailure.ts'
import { channelMs, editMs } from './limits.ts'
import type { SlackOptions } from './options.ts'
import { takeCalls } from './takeCalls.ts'

/**
 * Slack as a chat: slash command, mentions, buttons, shortcuts, forms and a home page; cards that are edited in place.
 * Talks as soon as it has something to say, and listens once it is asked to.
 */
export function createSlackChat(options: SlackOptions): Chat {
  const { log, home, tokens } = options
  const logger = createLogger(log)
  const clients = createClients(options, { logger })
  const transport = createReceiver(options, { logger, installations: clients.installations })
  let talk: Talk | null = null
  let started: Promise<void> = Promise.resolve()

  return {
    name: 'slack',
    ...(home !== undefined && { home: `slack:${home}` }),
    pace: { channelMs, editMs },
    hasThreads: true,
    ...createPoster({ clients, log }),
    listen(handler, desk) {
      const own = createTalk(handler)
      talk = own
      const app = new App({
        receiver: transport.receiver,
        ...(tokens.kind === 'one' && { token: tokens.botToken }),
        convoStore: false,
        logger,
        ...(options.apiUrl !== undefined && { clientOptions: { slackApiUrl: options.apiUrl } }),
      })
      app.error(async (error) =>
        log.error(
          { err: describeFailure(error.original ?? error, 'slack') },
          'Slack was not heard',
        ),
      )
      const forget = async (team: string) => {
        if (tokens.kind === 'many') await tokens.vault.remove(team)
      }
      takeCalls(app, {
        talk: own,
        desk: desk ?? null,
        log,
        hasTeams: tokens.kind === 'many',
        forget,
      })
      started = transport.start()
      started.catch((error: unknown) => {
        log.error({ err: describeFailure(error, 'slack') }, 'Slack could not be reached')
      })
    },
    async stop() {
      const own = talk
      talk = null
      if (!own) return
      await own.end()
      await started.catch(() => undefined)
      await transport.stop()
    },
  }
}
