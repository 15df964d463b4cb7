import { rootOf } from '#src/case/rootOf.ts'
import type { Context } from '#src/context.ts'
import { mayHear } from '#src/sharing/listeners.ts'
import type { ChannelId } from '#types/chat.ts'
import type { Topic } from '#types/topic.ts'

/** Channels that want to hear of a topic, or of anything, of any of these cases and may, in order. */
export function channelsOf(
  context: Pick<Context, 'standing' | 'house' | 'rules'>,
  { cases, topic }: { cases: readonly string[]; topic?: Topic },
): ChannelId[] {
  const wanted = [...context.standing.subscription.values(), ...context.house.routes].filter(
    (each) =>
      (topic === undefined || each.topics.includes(topic)) &&
      cases.some(
        (caseId) => wants(each, rootOf(context, caseId)) && mayHear(context, each, caseId),
      ),
  )
  return [...new Set(wanted.map(({ channel }) => channel))].sort()
}

/** Channels that want to hear of a topic of every case, whichever those are, in order. */
export function channelsOfAll(
  { standing, house }: Pick<Context, 'standing' | 'house'>,
  topic: Topic,
): ChannelId[] {
  const wanted = [...standing.subscription.values(), ...house.routes].filter(
    ({ caseId, topics }) => caseId === '*' && topics.includes(topic),
  )
  return [...new Set(wanted.map(({ channel }) => channel))].sort()
}

function wants({ caseId: wanted }: { caseId: string }, caseId: string): boolean {
  return wanted === '*' || wanted === caseId
}
