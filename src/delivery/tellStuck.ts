import type { ChatRefusedError } from '#errors/chat.ts'
import type { Context } from '#src/context.ts'
import { tellChannels } from '#src/tellChannels.ts'
import type { ChannelId } from '#types/chat.ts'
import type { Message } from '#types/message.ts'
import type { Delivery } from '#types/store.ts'
import { directOf } from '#utils/directOf.ts'
import type { Lane } from './createLane.ts'

/** Stands for the whole chat among its channels. */
const whole = '*'

/** Says once to those who can mend it that a channel, or a whole chat, takes nothing. */
export async function tellStuck(
  context: Context,
  lane: Lane,
  { delivery, error }: { delivery: Delivery; error: ChatRefusedError },
): Promise<void> {
  const { channel, decidedAt } = delivery
  const key = error.scope === 'chat' ? whole : channel
  if (lane.stuck.has(key)) return
  context.log.error({ channel, scope: error.scope, hint: error.hint }, error.message)
  // The oldest message that waits names it, also after a restart.
  const id = `stuck:${key === whole ? lane.chat.name : channel}:${decidedAt}`
  const channels = channel.includes(':@') ? [] : ownersOf(context, lane, { channel, error })
  lane.stuck.set(key, { id, channels })
  const message: Message = {
    title: error.message,
    severity: 'red',
    sections: [
      { type: 'text', text: error.hint ?? '' },
      { type: 'text', text: 'Everything is kept, and follows as soon as it is mended.' },
    ],
  }
  await tellChannels(context, { id, message, topic: 'blind', channels })
}

/** Says that a channel, and with it its chat, takes messages again. */
export async function tellMended(context: Context, lane: Lane, channel: ChannelId): Promise<void> {
  for (const key of [channel, whole]) {
    const stuck = lane.stuck.get(key)
    if (!stuck) continue
    lane.stuck.delete(key)
    const where = key === whole ? lane.chat.name : channel
    const message: Message = {
      title: [{ code: where }, ' takes messages again: what was kept follows'],
      severity: 'info',
      sections: [],
    }
    await tellChannels(context, { ...stuck, revision: 2, message, topic: 'blind' })
  }
}

/** Homes of the house that still take something, and whoever subscribed the channel. */
function ownersOf(
  { chats, standing }: Context,
  lane: Lane,
  { channel, error }: { channel: ChannelId; error: ChatRefusedError },
): ChannelId[] {
  const isWhole = error.scope === 'chat'
  const homes = chats
    .filter(({ name }) => !isWhole || name !== lane.chat.name)
    .flatMap(({ home }) => (home === undefined || home === channel ? [] : [home]))
  const owners = [...standing.subscription.values()]
    .filter((subscription) => subscription.channel === channel)
    .flatMap(({ by }) => directOf(by.account) ?? [])
    .filter((direct) => !isWhole || !direct.startsWith(`${lane.chat.name}:`))
  return [...new Set([...homes, ...owners])].sort()
}
