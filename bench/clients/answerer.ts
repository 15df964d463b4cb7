import { App, HTTPReceiver } from '@slack/bolt'
import { Client, GatewayIntentBits, MessageFlags, REST, Routes } from 'discord.js'
import pino from 'pino'
import { createDiscordChat } from '#adapters/chat/discord/createDiscordChat.ts'
import { createSlackChat } from '#adapters/chat/slack/createSlackChat.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { benchTheft } from '#bench/benchCase.ts'
import { commands } from '#commands/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { createDesk } from '#src/createDesk.ts'
import { createContext, readShippedLabels } from '#src/main/createContext.ts'
import { runCommand } from '#src/runCommand.ts'
import { createStore } from '#src/store/createStore.ts'
import type { Member } from '#types/member.ts'

/** A bot in a process of its own: Posse, or the least that answers with the SDK of the platform. */
export type AnswererJob = {
  kind: 'posse' | 'echo'
  platform: 'slack' | 'discord'
  apiUrl: string
  /** Where Slack's requests are taken. */
  port: number
  signingSecret: string
  /** A case of Posse's. */
  database: string
  members: Member[]
}

process.once('message', (job: AnswererJob) => {
  const start = job.kind === 'posse' ? startPosse : startEcho
  start(job).then(
    () => process.send?.('listening'),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => process.exit())

const token = 'token-of-nobody-for-benchmarks'

async function startPosse(job: AnswererJob): Promise<void> {
  const log = pino({ level: 'error' }, pino.destination(2))
  const { apiUrl, port, signingSecret, members } = job
  const chat =
    job.platform === 'slack'
      ? createSlackChat({
          tokens: { kind: 'one', botToken: `xoxb-${token}` },
          transport: { kind: 'http', signingSecret, port },
          apiUrl: `${apiUrl}/api/`,
          log,
        })
      : createDiscordChat({ token, apiUrl: `${apiUrl}/api`, log })
  const context = await createContext({
    cases: [benchTheft(1)],
    chains: [ethereum],
    chats: [chat],
    labels: await readShippedLabels(new Date()),
    house: { organizations: [], members, routes: [], feeds: [] },
    log,
    now: () => Math.floor(Date.now() / 1000),
    store: await createStore(await openSqlite(job.database)),
  })
  chat.listen((call) => runCommand(context, commands, call), createDesk(context, commands))
}

async function startEcho({ platform, apiUrl, port, signingSecret }: AnswererJob): Promise<void> {
  if (platform === 'slack') {
    const receiver = new HTTPReceiver({ signingSecret })
    const app = new App({
      receiver,
      authorize: async () => ({ botToken: `xoxb-${token}`, botId: 'B1', botUserId: 'U0BOT' }),
    })
    app.command('/posse', async ({ command, ack }) => await ack(command.text))
    await receiver.start(port)
    return
  }
  const rest = { version: '10', api: `${apiUrl}/api` }
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest })
  client.on('interactionCreate', async (interaction) => {
    if (!interaction.isChatInputCommand()) return
    await interaction.reply({ content: interaction.commandName, flags: MessageFlags.Ephemeral })
  })
  client.on('clientReady', async () => {
    await new REST(rest).setToken(token).get(Routes.applicationGuildCommands('1', '1'))
  })
  await client.login(token)
}
