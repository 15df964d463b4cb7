import type { Context } from '#src/context.ts'
import type { ChannelId } from '#types/chat.ts'
import type { Topic } from '#types/topic.ts'

/** Channels that want to hear of a topic, or of anything, of any of these cases, in order. */
export function channelsOf(
  { standing, house }: Pick<Context, 'standing' | 'house'>,
  { cases, topic }: { cases: readonly string[]; topic?: Topic },
): ChannelId[] {
  const wanted = [...standing.subscription.values(), ...house.routes].filter(
    ({ caseId, topics }) =>
      (topic === undefined || topics.includes(topic)) && (caseId === '*' || cases.includes(caseId)),
  )
  return [...new Set(wanted.map(({ channel }) => channel))].sort()
}
