import { setTimeout as wait } from 'node:timers/promises'
import { type APIMessage, ChannelType, InteractionType } from 'discord.js'
import { DigitalDiscord } from 'discord-digital-twin'
import { checkDiscordRequest } from './checkDiscordRequest.ts'
import { createFaultProxy, forward, type ProxiedAnswer, type ProxiedRequest } from './faultProxy.ts'

/** What the server of the tests knows; no secret of anybody. */
export const discordToken = 'token-of-nobody-for-tests-alone'

export const discordPeople = {
  ann: '200000000000000001',
  bob: '200000000000000002',
  eve: '200000000000000003',
}

const guild = '300000000000000001'

/** Discord keeps a nonce for "the past few minutes", in milliseconds. */
const nonceMs = 3 * 60_000

/** Ids of channels that a test may use. */
export const discordChannels = Array.from({ length: 40 }, (_, at) =>
  String(400000000000000000n + BigInt(at)),
)

/**
 * A Discord on this machine (discord-digital-twin, which nobody here wrote) behind a proxy that makes it fail as Discord
 * does, keeps nonces, gives threads the ids of their messages, and checks every request against the official
 * description.
 */
export async function startDiscordPeer() {
  const twin = new DigitalDiscord({
    guild: { id: guild, name: 'Test' },
    channels: discordChannels.map((id, at) => ({
      id,
      name: `alerts-${at}`,
      type: ChannelType.GuildText,
    })),
    users: Object.entries(discordPeople).map(([username, id]) => ({ id, username })),
    botToken: discordToken,
  })
  await twin.start()
  const target = new URL(twin.restUrl).origin
  const stand = createStandIn(target)
  const proxy = await createFaultProxy({
    target,
    check: checkDiscordRequest,
    answer: stand.answer,
    amendFrame: (text) =>
      text.replaceAll(target.replace('http', 'ws'), proxyUrl().replace('http', 'ws')),
    // The twin does not answer who wants to resume: Discord says that it cannot, and is told anew who it is.
    answerFrame: (text) => (JSON.parse(text).op === 6 ? JSON.stringify({ op: 9, d: false }) : null),
    amend: (request, answer) => stand.amend(request, answer, proxyUrl),
  })
  function proxyUrl(): string {
    return proxy.url
  }

  async function messages(channel: string): Promise<APIMessage[]> {
    const all = await twin.channel(stand.threads.get(channel) ?? channel).getMessages()
    return all.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
  }

  return {
    twin,
    proxy,
    guild,
    apiUrl: `${proxy.url}/api`,
    messages,
    /** What people see in a channel, in the order of posting. */
    seen: async (channel: string) => (await messages(channel)).map(textOfMessage).join('\n'),
    /** The same with the threads of its messages. */
    async seenWithThreads(channel: string) {
      const own = await messages(channel)
      const threads = own.filter(({ id }) => stand.threads.has(id))
      const inThreads = await Promise.all(threads.map(({ id }) => messages(id)))
      // The twin lists the message that a thread began with in the thread too.
      const all = new Map([...own, ...inThreads.flat()].map((each) => [each.id, each]))
      return [...all.values()].map(textOfMessage).join('\n')
    },
    /** Picks a command: `case open` with its options. */
    run: (
      name: string,
      given: Record<string, string>,
      { user = discordPeople.ann, channel = discordChannels[0] ?? '' } = {},
    ) => {
      const [noun = '', verb] = name.split(' ')
      const options = Object.entries(given).map(([word, value]) => ({ name: word, type: 3, value }))
      return twin.simulateSlashCommand({
        channelId: channel,
        userId: user,
        name: verb === undefined ? 'posse' : `posse-${noun}`,
        options: [{ name: verb ?? noun, type: 1, options }],
      })
    },
    async press(
      label: string,
      { user = discordPeople.ann, channel = discordChannels[0] ?? '', at = -1 } = {},
    ) {
      const found = (await messages(channel)).filter((each) => buttonOf(each, label)).at(at)
      const customId = found && buttonOf(found, label)
      if (!found || !customId) throw new Error(`No message has a button "${label}".`)
      return await twin.simulateButtonClick({
        channelId: channel,
        userId: user,
        messageId: found.id,
        customId,
      })
    },
    submit: (
      customId: string,
      values: Record<string, string>,
      { user = discordPeople.ann, channel = discordChannels[0] ?? '' } = {},
    ) =>
      twin.simulateModalSubmit({
        channelId: channel,
        userId: user,
        customId,
        fields: Object.entries(values).map(([word, value]) => ({ customId: word, value })),
      }),
    complete: (
      name: string,
      [word, typed]: [string, string],
      { user = discordPeople.ann, channel = discordChannels[0] ?? '' } = {},
    ) => {
      const [noun = '', verb] = name.split(' ')
      const option = { name: word, type: 3, value: typed, focused: true }
      return twin.simulateInteraction({
        type: InteractionType.ApplicationCommandAutocomplete,
        channelId: channel,
        userId: user,
        data: {
          id: '1',
          type: 1,
          name: verb === undefined ? 'posse' : `posse-${noun}`,
          options: [{ name: verb ?? noun, type: 1, options: [option] }],
        },
      })
    },
    /** What the bot answered to an interaction. */
    async answerTo({ id }: { id: string }) {
      for (let tries = 0; tries < 100; tries += 1) {
        const row = await twin.prisma.interactionResponse.findUnique({
          where: { interactionId: id },
        })
        if (row?.acknowledged) return { type: row.type, data: JSON.parse(row.data ?? 'null') }
        await wait(20)
      }
      throw new Error('The interaction was not answered.')
    },
    async close() {
      await proxy.close()
      await twin.stop()
    },
  }
}

export type DiscordPeer = Awaited<ReturnType<typeof startDiscordPeer>>

/** What the twin leaves out, as Discord documents it. */
function createStandIn(target: string) {
  const nonces = new Map<string, { at: number; answer: ProxiedAnswer }>()
  /** Ids of the twin's threads, by the messages whose ids they have in Discord. */
  const threads = new Map<string, string>()
  let commands = '[]'

  const nonceOf = ({ method, path, body }: ProxiedRequest) => {
    if (method !== 'POST' || !/\/channels\/\d+\/messages$/.test(path)) return null
    const { nonce, enforce_nonce: isEnforced } = JSON.parse(body)
    return isEnforced ? `${path} ${nonce}` : null
  }

  return {
    threads,
    async answer(request: ProxiedRequest): Promise<ProxiedAnswer | null> {
      const { method, path } = request
      const nonce = nonceOf(request)
      const known = nonce === null ? undefined : nonces.get(nonce)
      if (known && Date.now() - known.at < nonceMs) return known.answer
      if (method === 'GET' && /\/guilds\/\d+\/commands$/.test(path)) return json(commands)
      if (method === 'PUT' && /\/guilds\/\d+\/commands$/.test(path)) commands = request.body
      if (path.endsWith('/users/@me/channels')) {
        const { recipient_id: user } = JSON.parse(request.body)
        return json(JSON.stringify({ id: discordChannels.at(-Number(user.slice(-1))), type: 1 }))
      }
      const [, id = ''] = /\/channels\/(\d+)\//.exec(path) ?? []
      const thread = threads.get(id)
      // A message that has a thread is in another channel: only what goes into the thread is meant.
      if (thread === undefined) return null
      return await forward(target, { ...request, path: path.replace(id, thread) })
    },
    amend(request: ProxiedRequest, answer: ProxiedAnswer, proxyUrl: () => string): ProxiedAnswer {
      const { path } = request
      if (path.endsWith('/gateway/bot')) {
        const url = `${proxyUrl().replace('http', 'ws')}/gateway`
        return { ...answer, body: answer.body.replace(/ws:\/\/127\.0\.0\.1:\d+\/gateway/, url) }
      }
      const [, message] = /\/messages\/(\d+)\/threads$/.exec(path) ?? []
      if (message !== undefined && answer.status < 300) {
        const made = JSON.parse(answer.body)
        threads.set(message, made.id)
        return { ...answer, body: JSON.stringify({ ...made, id: message }) }
      }
      const nonce = nonceOf(request)
      if (nonce !== null && answer.status < 300) nonces.set(nonce, { at: Date.now(), answer })
      return answer
    },
  }
}

function json(body: string): ProxiedAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body }
}

/** All text of a message as people read it, without the marks that keep it from being markup. */
function textOfMessage(message: Pick<APIMessage, 'content' | 'embeds' | 'components'>): string {
  const { content, embeds } = message
  const texts = embeds.map(({ description = '' }) =>
    description.replace(/(?<!\\)\*\*/g, '').replace(/\\(.)/g, '$1'),
  )
  const buttons = buttonsOf(message).map(({ label }) => `[${label}]`)
  return [content, ...texts, ...buttons].filter((text) => text !== '').join('\n')
}

function buttonOf(message: APIMessage, label: string): string | undefined {
  return buttonsOf(message).find((each) => each.label === label)?.custom_id
}

type Button = { label: string; custom_id: string }

function buttonsOf({ components = [] }: Pick<APIMessage, 'components'>): Button[] {
  const rows = components as unknown as { components: Button[] }[]
  return rows.flatMap((row) => row.components)
}
