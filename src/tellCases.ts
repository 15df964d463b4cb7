import type { Message } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Topic } from '#types/topic.ts'
import { handleOf } from '#utils/handleOf.ts'
import { channelsOf } from './channel/channelsOf.ts'
import type { Context } from './context.ts'
import { groupChannels } from './sharing/listeners.ts'
import { tellChannels } from './tellChannels.ts'

/**
 * Tells the channels of some cases how following them goes: once for all that a channel may know of, since they stand or
 * fall together.
 */
export async function tellCases(
  context: Context,
  cases: readonly OpenCase[],
  {
    what,
    revision,
    message,
    topic = 'blind',
  }: {
    /** Made of facts, and the same for all revisions. */
    what: string
    revision: number
    message: Message
    /** @default 'blind' */
    topic?: Topic
  },
): Promise<void> {
  const ids = cases.map(({ case: { id } }) => id)
  const channels = channelsOf(context, { cases: ids, topic })
  for (const group of groupChannels(context, channels, ids)) {
    const seen = cases.filter(({ case: { id } }) => group.cases.includes(id))
    const [first] = seen
    if (!first) continue
    const names = seen.map(({ case: theft }) => theft.name).join(', ')
    const section = { type: 'fields' as const, fields: [{ name: 'Case', value: names }] }
    // Of the cases that are named, so that others change nothing about it.
    const among = seen.length > 1 ? `:${handleOf(group.cases.join())}` : ''
    await tellChannels(context, {
      id: `${first.case.id}:${first.case.chain}:${what}${among}`,
      revision,
      message: { ...message, sections: [...message.sections, section] },
      topic,
      channels: group.channels,
    })
  }
}
