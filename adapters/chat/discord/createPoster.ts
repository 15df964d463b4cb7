import { createHash } from 'node:crypto'
import { type APIMessage, type REST, Routes } from 'discord.js'
import type { Logger } from 'pino'
import type { Chat, MessageRef, Posting } from '#types/chat.ts'
import type { Message } from '#types/message.ts'
import { textOf } from '#utils/textOf.ts'
import { createPlaces } from './createPlaces.ts'
import { codeOf, describeFailure } from './describeFailure.ts'
import { epochMs, freshMs, maxNonce } from './limits.ts'
import { type Page, renderEmbeds } from './renderEmbeds.ts'

const unknownMessage = 10008
const tooManyEdits = 30046
/** Nobody is ever called but who is named. */
const nobody = { parse: [] }

/** Posts and edits messages in Discord, each once, and makes channels and threads. */
export function createPoster({
  rest,
  log,
  now = () => Date.now(),
}: {
  rest: REST
  log: Logger
  /** Milliseconds since 1970. */
  now?: () => number
}): Required<Pick<Chat, 'post' | 'edit' | 'openRoom'>> {
  const places = createPlaces(rest)

  function render(message: Message): Page[] {
    return renderEmbeds(message, {
      onCut: () => log.warn('A text was too long for Discord and was cut'),
    })
  }

  async function postPage(
    channel: string,
    page: Page,
    { key, page: role }: Pick<Posting, 'key' | 'page'>,
  ): Promise<MessageRef> {
    const id = role?.replace(/^discord:/, '')
    const body = {
      ...page,
      allowed_mentions: id === undefined ? nobody : { ...nobody, roles: [id] },
      ...(id !== undefined && { content: `<@&${id}>` }),
      ...(key !== undefined && { nonce: nonceOf(key), enforce_nonce: true }),
    }
    const posted = (await rest.post(Routes.channelMessages(channel), { body })) as APIMessage
    return `${channel}/${posted.id}`
  }

  async function post(message: Message, posting: Posting): Promise<MessageRef> {
    const { channel, thread, key, page } = posting
    try {
      const title = textOf(message.title)
      const home = await places.channelOf(channel)
      const where = thread === undefined ? home : await places.threadOf(thread, title)
      const [first, ...rest] = render(message)
      const call = { ...(key && { key }), ...(page && { page }) }
      const ref = await postPage(where, first ?? { embeds: [], components: [] }, call)
      // What does not fit follows under it.
      for (const [at, each] of rest.entries()) {
        const under = thread === undefined ? await places.threadOf(ref, title) : where
        await postPage(under, each, key ? { key: `${key} ${at + 1}` } : {})
      }
      return ref
    } catch (error) {
      throw describeFailure(error, channel)
    }
  }

  async function patch(ref: MessageRef, { embeds, components }: Page): Promise<void> {
    const [channel = '', id = ''] = ref.split('/')
    const body = { embeds, components, allowed_mentions: nobody }
    await rest.patch(Routes.channelMessage(channel, id), { body })
  }

  /** A card that is too old to be edited on: a fresh one, and a way there from the old one. */
  async function renew(ref: MessageRef, message: Message, posting: Posting): Promise<MessageRef> {
    const key = posting.key && { key: `${posting.key} after ${ref}` }
    const fresh = await post(message, { ...posting, ...key })
    const [page] = render({ ...message, sections: [], actions: [] })
    const description = `${page?.embeds[0]?.description ?? ''}\nIt goes on [here](${await places.urlOf(fresh)})`
    await patch(ref, { embeds: [{ ...page?.embeds[0], description }], components: [] }).catch(
      (error: unknown) => log.warn({ code: codeOf(error) }, 'An old card could not be closed'),
    )
    return fresh
  }

  return {
    post,
    openRoom: places.openRoom,
    async edit(ref, message, posting) {
      if (!/^\d+\/\d+$/.test(ref)) return await post(message, posting)
      const [page] = render(message)
      const isOld = now() - timeOf(ref) > freshMs
      try {
        if (isOld && !message.isQuiet) return await renew(ref, message, posting)
        await patch(ref, page ?? { embeds: [], components: [] })
        return ref
      } catch (error) {
        const code = codeOf(error)
        // What changed need not be seen at once.
        if (code === tooManyEdits && message.isQuiet) return ref
        if (code === tooManyEdits) return await renew(ref, message, posting)
        if (code !== unknownMessage) throw describeFailure(error, posting.channel)
      }
      return await post(message, posting)
    },
  }
}

/** The same for the same message of a channel. */
function nonceOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, maxNonce)
}

/** When a message was posted, in milliseconds: its id says so. What is no id counts as new. */
function timeOf(ref: MessageRef): number {
  const [, id = ''] = ref.split('/')
  return /^\d{15,20}$/.test(id) ? Number(BigInt(id) >> 22n) + epochMs : Number.POSITIVE_INFINITY
}
