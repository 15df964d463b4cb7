import { channelsFor, silenceableOf, silencesOn } from '#alert/routeAlert.ts'
import { topicOf } from '#alert/topicOf.ts'
import type { Context } from '#src/context.ts'
import { listenersOf } from '#src/sharing/listeners.ts'
import type { AlertGroup, ToldAlert } from '#types/alert.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Silence } from '#types/standing.ts'
import { rootOf } from './rootOf.ts'

/**
 * Says where an alert is told: in every channel that wants to hear of it, and in those that it stood in before. What is
 * silenced comes to no new channel.
 */
export function routeTold(context: Context, open: OpenCase, alert: ToldAlert): ToldAlert {
  const group = alert.tellings.at(-1)?.group
  if (!group || alert.state === 'confirmed' || alert.state === 'finalized') return alert
  const silences = silencesFor(context, group)
  if (silences.length > 0) {
    const silencedBy = [...new Set([...alert.silencedBy, ...silences.map(({ id }) => id)])].sort()
    return { ...alert, silencedBy }
  }
  const { id: caseId, chain, assets } = open.case
  const asset = assets.find(({ id }) => id === group.head.hop?.asset) ?? null
  const listeners = listenersOf(context, caseId)
  // What came last may be of another topic than what the card began with.
  const wanted = [group.head, group.last].flatMap((each) =>
    channelsFor(
      {
        topic: topicOf(each),
        caseId: rootOf(context, caseId),
        chain,
        hop: group.head.hop && group,
        asset,
      },
      listeners,
    ),
  )
  return { ...alert, channels: [...new Set([...alert.channels, ...wanted])].sort() }
}

/** Silences that stand on it now. */
export function silencesFor({ standing, now }: Context, group: AlertGroup): Silence[] {
  return silencesOn(silenceableOf(group), standing.silence.values(), now())
}
