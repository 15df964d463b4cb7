import { Client, GatewayIntentBits, REST } from 'discord.js'
import type { Chat } from '#types/chat.ts'
import { createTalk, type Talk } from '#utils/createTalk.ts'
import { createPoster } from './createPoster.ts'
import { describeFailure } from './describeFailure.ts'
import { channelMs } from './limits.ts'
import { createForms } from './modal.ts'
import type { DiscordOptions } from './options.ts'
import { registerCommands } from './registerCommands.ts'
import { type Commands, renderCommands } from './renderCommands.ts'
import { takeInteractions } from './takeInteractions.ts'

/** Discord answers within this time or is asked again later. */
const timeoutMs = 10_000

/**
 * Discord as a chat: slash commands with completion, context commands, buttons, forms; cards that are edited in place.
 * Talks as soon as it has something to say, and listens once it is asked to. Asks for no privileged intent.
 */
export function createDiscordChat({ token, guilds, home, apiUrl, log }: DiscordOptions): Chat {
  const api = apiUrl === undefined ? {} : { api: apiUrl }
  // One attempt, whose outcome is told: trying again is decided elsewhere.
  const rest = new REST({
    version: '10',
    ...api,
    retries: 0,
    timeout: timeoutMs,
    rejectOnRateLimit: () => true,
  }).setToken(token)
  let listening: { talk: Talk; client: Client; started: Promise<void> } | null = null

  return {
    name: 'discord',
    ...(home !== undefined && { home: `discord:${home}` }),
    // Its own buckets come with its answers.
    pace: { channelMs, editMs: 0 },
    hasThreads: true,
    ...createPoster({ rest, log }),
    listen(handler, desk) {
      const client = new Client({
        intents: [GatewayIntentBits.Guilds],
        shards: 'auto',
        rest: { version: '10', ...api, timeout: timeoutMs },
        allowedMentions: { parse: [] },
      })
      const talk = createTalk(handler)
      const commands = renderCommands(desk?.commands ?? [], desk?.shortcuts ?? [])
      client.on('error', (error) => log.error({ said: error.message }, 'Discord was not heard'))
      client.on('shardError', (error) => log.warn({ said: error.message }, 'Discord was not heard'))
      takeInteractions(client, { talk, desk: desk ?? null, forms: createForms(), log, commands })
      offerCommands(client, { rest, commands, guilds, log })
      const started = client.login(token).then(
        () => undefined,
        (error: unknown) => {
          const failure = describeFailure(error, 'discord')
          log.error({ err: failure }, 'Discord could not be reached')
        },
      )
      listening = { talk, client, started }
    },
    async stop() {
      const own = listening
      listening = null
      if (!own) return
      await own.talk.end()
      await own.started
      await own.client.destroy()
    },
  }
}

/** In every server that is meant, at the start and when the bot comes into another one. */
function offerCommands(
  client: Client,
  {
    rest,
    commands,
    guilds,
    log,
  }: {
    rest: REST
    commands: Commands
    guilds: readonly string[] | undefined
    log: DiscordOptions['log']
  },
): void {
  const offer = async (guild: string) => {
    const application = client.application?.id ?? client.user?.id
    if (application === undefined || (guilds && !guilds.includes(guild))) return
    try {
      const isNew = await registerCommands(rest, { application, guild, body: commands.body })
      if (isNew) log.info({ guild }, 'Commands were registered in Discord')
    } catch (error) {
      log.error(
        { err: describeFailure(error, `discord:${guild}`), guild },
        'No commands registered',
      )
    }
  }
  client.on('clientReady', (ready) => {
    for (const guild of ready.guilds.cache.keys()) void offer(guild)
  })
  client.on('guildCreate', ({ id }) => void offer(id))
}
