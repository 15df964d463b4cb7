import { type APIChannel, type REST, Routes } from 'discord.js'
import type { ChannelId, Chat, MessageRef } from '#types/chat.ts'
import { codeOf, describeFailure } from './describeFailure.ts'
import { archiveMinutes, maxChannelName } from './limits.ts'

const threadExists = 160004

/** What Discord says of a message that can have no thread: it is in one, or its kind of channel has none. */
const noThread = new Set([50024, 50068])

export type Places = Required<Pick<Chat, 'openRoom'>> & {
  /** The id by which Discord posts there; of a person that of the conversation with them. */
  channelOf(channel: ChannelId): Promise<string>
  /** The thread of a message, made where there is none; its own channel where it can have none. */
  threadOf(ref: MessageRef, title: string): Promise<string>
  /** Where people find a message. */
  urlOf(ref: MessageRef): Promise<string>
}

/** Finds and makes channels, threads and conversations in Discord. */
export function createPlaces(rest: REST): Places {
  const threads = new Map<string, string>()
  const directs = new Map<string, string>()

  async function guildOf(channel: string): Promise<string | null> {
    const found = (await rest.get(Routes.channel(channel))) as { guild_id?: string }
    return found.guild_id ?? null
  }

  async function channelOf(channel: ChannelId): Promise<string> {
    const id = channel.replace(/^discord:/, '')
    if (!id.startsWith('@')) return id
    const known = directs.get(id)
    if (known !== undefined) return known
    const body = { recipient_id: id.slice(1) }
    const direct = (await rest.post(Routes.userChannels(), { body })) as APIChannel
    directs.set(id, direct.id)
    return direct.id
  }

  async function threadOf(ref: MessageRef, title: string): Promise<string> {
    const [channel = '', id = ''] = ref.split('/')
    const known = threads.get(id)
    if (known !== undefined) return known
    const name = title.slice(0, maxChannelName).toWellFormed() || 'Posse'
    const thread = await rest
      .post(Routes.threads(channel, id), { body: { name, auto_archive_duration: archiveMinutes } })
      .then(
        (made) => (made as APIChannel).id,
        (error: unknown) => {
          // The thread of a message has its id.
          if (codeOf(error) === threadExists) return id
          if (noThread.has(codeOf(error))) return channel
          throw error
        },
      )
    threads.set(id, thread)
    return thread
  }

  return {
    channelOf,
    threadOf,
    async urlOf(ref) {
      const [channel = ''] = ref.split('/')
      const guild = await guildOf(channel).catch(() => null)
      return `https://discord.com/channels/${guild ?? '@me'}/${ref}`
    },
    async openRoom(name, { near, kind }) {
      try {
        const channel = await channelOf(near)
        const short = name.slice(0, maxChannelName)
        if (kind === 'thread') {
          const body = { name: short, type: 11, auto_archive_duration: archiveMinutes }
          const made = (await rest.post(Routes.threads(channel), { body })) as APIChannel
          return `discord:${made.id}`
        }
        const route = Routes.guildChannels((await guildOf(channel)) ?? '')
        const made = (await rest.post(route, { body: { name: short, type: 0 } })) as APIChannel
        return `discord:${made.id}`
      } catch (error) {
        throw describeFailure(error, near)
      }
    },
  }
}
