import type { Message } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Topic } from '#types/topic.ts'
import { channelsOf } from './channel/channelsOf.ts'
import type { Context } from './context.ts'
import { tellChannels } from './tellChannels.ts'

/** Tells the channels of some cases, once for all of them since they stand or fall together: how following them goes. */
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
  const [first] = cases
  if (!first) return
  const names = cases.map(({ case: theft }) => theft.name).join(', ')
  const section = { type: 'fields' as const, fields: [{ name: 'Case', value: names }] }
  await tellChannels(context, {
    id: `${first.case.id}:${first.case.chain}:${what}`,
    revision,
    message: { ...message, sections: [...message.sections, section] },
    topic,
    channels: channelsOf(context, { cases: cases.map(({ case: { id } }) => id), topic }),
  })
}
