import { setTimeout as wait } from 'node:timers/promises'
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

/** Between two attempts to log in. */
const minLoginMs = 1_000
const maxLoginMs = 60_000

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
  let listening: Listening | null = null

  return {
    name: 'discord',
    ...(home !== undefined && { home: `discord:${home}` }),
    // Its own buckets come with its answers.
    pace: { channelMs, editMs: 0 },
    hasThreads: true,
    ...createPoster({ rest, log }),
    listen(handler, desk) {
      const talk = createTalk(handler)
      const commands = renderCommands(desk?.commands ?? [], desk?.shortcuts ?? [])
      const taking = { talk, desk: desk ?? null, forms: createForms(), log, commands }
      // A client that could not log in keeps half of a connection: each attempt has its own.
      const createClient = (): Client => {
        const client = new Client({
          intents: [GatewayIntentBits.Guilds],
          shards: 'auto',
          rest: { version: '10', ...api, timeout: timeoutMs },
          allowedMentions: { parse: [] },
        })
        const said = ({ message }: Error) => log.warn({ said: message }, 'Discord was not heard')
        client.on('error', said).on('shardError', said)
        takeInteractions(client, taking)
        offerCommands(client, { rest, commands, guilds, log })
        return client
      }
      const stopping = new AbortController()
      const started = logIn(createClient, token, { log, signal: stopping.signal })
      listening = { talk, stopping, started }
    },
    async stop() {
      const own = listening
      listening = null
      if (!own) return
      own.stopping.abort()
      await own.talk.end()
      const client = await own.started
      await client?.destroy()
    },
  }
}

type Listening = {
  talk: Talk
  stopping: AbortController
  /** The client that is logged in, once there is one. */
  started: Promise<Client | null>
}

/** Once it has worked, discord.js keeps connected by itself; until then it is tried again and again. */
async function logIn(
  createClient: () => Client,
  token: string,
  { log, signal }: { log: DiscordOptions['log']; signal: AbortSignal },
): Promise<Client | null> {
  for (let waitMs = minLoginMs; !signal.aborted; waitMs = Math.min(waitMs * 2, maxLoginMs)) {
    const client = createClient()
    try {
      await client.login(token)
      return client
    } catch (error) {
      log.error({ err: describeFailure(error, 'discord'), waitMs }, 'Discord could not be reached')
      await client.destroy().catch(() => undefined)
      client.removeAllListeners('interactionCreate')
      await wait(waitMs, undefined, { signal }).catch(() => undefined)
    }
  }
  return null
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
