import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import { NoRoomsError } from '#errors/channel.ts'
import type { ChannelId, Chat, MessageRef, Posting } from '#types/chat.ts'
import type { Message } from '#types/message.ts'
import type { Clients } from './createClients.ts'
import { codeOf, describeFailure } from './describeFailure.ts'
import { findPosted } from './findPosted.ts'
import { readId, type SlackId, writeId } from './ids.ts'
import { maxChannelName } from './limits.ts'
import { type Page, renderBlocks } from './renderBlocks.ts'

/** What our messages carry along, so that they are known again. */
const eventType = 'posse_message'

/** Names that are tried for a room. */
const maxNames = 20

type Where = { channel: string; thread?: string; key?: string }

/** Posts and edits messages in Slack, each once, and makes channels. */
export function createPoster({
  clients,
  log,
}: {
  clients: Clients
  log: Logger
}): Required<Pick<Chat, 'post' | 'edit' | 'openRoom'>> {
  async function find(channel: ChannelId): Promise<{ client: webApi.WebClient; slack: SlackId }> {
    const slack = readId(channel)
    return { client: await clients.clientOf(slack.team), slack }
  }

  function render(message: Message, page?: string): Page[] {
    const onCut = () => log.warn('A text was too long for Slack and was cut')
    return renderBlocks(message, { onCut, page: page?.replace(/^slack:/, '') ?? null })
  }

  /** A page that may stand there already is looked for first. */
  async function postOnce(
    client: webApi.WebClient,
    page: Page,
    { isRepeat, ...where }: Where & { isRepeat: boolean },
  ): Promise<MessageRef> {
    const { key } = where
    const found = isRepeat && key ? await findPosted(client, { ...where, key }) : null
    return found ?? (await postPage(client, page, where))
  }

  async function post(message: Message, posting: Posting): Promise<MessageRef> {
    const { channel, key } = posting
    try {
      const { client, slack } = await find(channel)
      const isRepeat = posting.isRepeat === true && !slack.isDirect
      const [first, ...rest] = render(message, posting.page)
      const where = { channel: slack.id, ...(posting.thread && { thread: posting.thread }) }
      const ref = await postOnce(client, first ?? { text: ' ', blocks: [] }, {
        ...where,
        ...(key && { key }),
        isRepeat,
      })
      // What does not fit follows under it.
      for (const [at, page] of rest.entries()) {
        const own = key && { key: `${key} ${at + 1}` }
        await postOnce(client, page, { thread: ref, ...where, ...own, isRepeat })
      }
      return ref
    } catch (error) {
      throw describeFailure(error, channel)
    }
  }

  return {
    post,
    async edit(ref, message, posting) {
      const { channel } = posting
      try {
        const { client, slack } = await find(channel)
        const [page, ...rest] = render(message)
        if (rest.length > 0) log.warn('A card was too long for Slack and was cut')
        const { text = ' ', blocks = [] } = page ?? {}
        await client.chat.update({ channel: slack.id, ts: ref, text, blocks })
        return ref
      } catch (error) {
        if (!['message_not_found', 'cant_update_message'].includes(codeOf(error))) {
          throw describeFailure(error, channel)
        }
      }
      return await post(message, posting)
    },
    async openRoom(name, { near, kind }) {
      // A thread of Slack takes no commands.
      if (kind === 'thread') throw new NoRoomsError({ chat: 'slack', kind })
      try {
        const { client, slack } = await find(near)
        return writeId(await createChannel(client, name), slack.team)
      } catch (error) {
        throw describeFailure(error, near)
      }
    },
  }
}

async function postPage(
  client: webApi.WebClient,
  { text, blocks }: Page,
  { channel, thread, key }: Where,
): Promise<MessageRef> {
  const { ts } = await client.chat.postMessage({
    channel,
    text,
    blocks,
    unfurl_links: false,
    unfurl_media: false,
    link_names: false,
    ...(thread !== undefined && { thread_ts: thread }),
    ...(key !== undefined && { metadata: { event_type: eventType, event_payload: { key } } }),
  })
  if (ts === undefined) throw new Error('Slack took a message and did not say where it stands.')
  return ts
}

/** A channel of this name, or of the first like it that is free. */
async function createChannel(client: webApi.WebClient, name: string): Promise<string> {
  const base = name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .slice(0, maxChannelName - 4)
  for (let at = 1; ; at += 1) {
    try {
      const { channel } = await client.conversations.create({
        name: at === 1 ? base : `${base}-${at}`,
      })
      if (channel?.id) return channel.id
      throw new Error('Slack made a channel and did not say which.')
    } catch (error) {
      if (codeOf(error) !== 'name_taken' || at === maxNames) throw error
    }
  }
}
