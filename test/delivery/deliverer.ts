import pino from 'pino'
import { createDiscordChat } from '#adapters/chat/discord/createDiscordChat.ts'
import { createSlackChat } from '#adapters/chat/slack/createSlackChat.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { createContext } from '#src/main/createContext.ts'
import { startDeliveries } from '#src/main/startDeliveries.ts'
import { createStore } from '#src/store/createStore.ts'
import type { Chat } from '#types/chat.ts'
import { indexLabels } from '#utils/indexLabels.ts'

/** What a process of its own delivers, and where. */
export type DelivererJob = {
  database: string
  platform: 'slack' | 'discord'
  apiUrl: string
  token: string
}

/** Between two messages, in milliseconds: as on a fast clock. */
const paceMs = 20

const job: DelivererJob = JSON.parse(process.argv[2] ?? '{}')
const log = pino({ level: 'error' }, pino.destination(2))

function createChat({ platform, apiUrl, token }: DelivererJob): Chat {
  const chat =
    platform === 'slack'
      ? createSlackChat({
          tokens: { kind: 'one', botToken: token },
          transport: { kind: 'socket', appToken: 'xapp-unused' },
          apiUrl,
          log,
        })
      : createDiscordChat({ token, apiUrl, log })
  return { ...chat, pace: { channelMs: paceMs, editMs: paceMs } }
}

const store = await createStore(await openSqlite(job.database))
const context = await createContext({
  cases: [],
  chains: [],
  chats: [createChat(job)],
  labels: indexLabels([]),
  log,
  now: () => Math.floor(Date.now() / 1000),
  store,
})
const deliveries = startDeliveries(context, { signal: new AbortController().signal })
await deliveries.drained()
await store.close()
process.exit(0)
