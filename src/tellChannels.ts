import type { ChannelId } from '#types/chat.ts'
import type { Message } from '#types/message.ts'
import type { Topic } from '#types/topic.ts'
import type { Context } from './context.ts'

/** Tells channels what no block brought; delivered like any alert, once however often it is asked for. */
export async function tellChannels(
  context: Pick<Context, 'store' | 'outbox' | 'now'>,
  {
    id,
    revision = 1,
    message,
    topic,
    channels,
    parent,
  }: {
    /** Made of facts, and the same for all revisions. */
    id: string
    /** @default 1 */
    revision?: number
    message: Message
    topic: Topic
    channels: readonly ChannelId[]
    /** The alert that it belongs under. */
    parent?: string
  },
): Promise<void> {
  if (channels.length === 0) return
  const telling = { alert: id, revision, message, topic, channels, ...(parent && { parent }) }
  await context.store.saveDecision({ tellings: [telling] }, { now: context.now() })
  context.outbox.ring()
}
