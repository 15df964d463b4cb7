import type { Context } from '#src/context.ts'
import { caseOfAlert } from '#src/sharing/caseOf.ts'
import { channelsSeeing } from '#src/sharing/listeners.ts'
import { tellChannels } from '#src/tellChannels.ts'
import type { ToldAlert } from '#types/alert.ts'
import type { Message } from '#types/message.ts'
import { formatDuration } from '#utils/formatTime.ts'
import { handleOf } from '#utils/handleOf.ts'
import { textOf } from '#utils/textOf.ts'
import { titleOf } from './titleOf.ts'

/** Red alerts are called out for a day; who has not heard by then will not, in seconds. */
const maxAge = 86_400

/** Calls out the red alerts that nobody has acknowledged, by the rules of the house; each step once. */
export async function escalate(context: Context): Promise<void> {
  const { store, rules, now } = context
  const at = now()
  for (const { alert, toldAt } of await store.readRedAlerts(at - maxAge)) {
    if (isLookedAfter(context, alert)) continue
    // Whose time is over looks after it no more: it is called out anew from then on.
    const since = context.standing.ack.get(alert.id)?.lapsesAt ?? toldAt
    for (const [step, { afterMinutes, channel }] of rules.escalation.entries()) {
      if (at - since < afterMinutes * 60) continue
      await tellChannels(context, {
        id: `${alert.id}:escalated:${since}:${step}`,
        message: callOut(context, alert, at - since),
        topic: 'escalated',
        channels: channelsSeeing(
          context,
          caseOfAlert(alert.id),
          channel === null ? alert.channels : [channel],
        ),
        parent: alert.id,
      })
    }
  }
}

function isLookedAfter({ standing }: Context, { id, tellings, silencedBy }: ToldAlert): boolean {
  const ack = standing.ack.get(id)
  const isSilenced = silencedBy.some((silence) => standing.silence.has(silence))
  return tellings.length === 0 || isSilenced || ack?.lapsed === false
}

function callOut(context: Context, alert: ToldAlert, seconds: number): Message {
  const handle = handleOf(alert.id)
  return {
    title: [
      `Nobody has acknowledged for ${formatDuration(seconds)}: `,
      textOf(titleOf(context, alert)),
    ],
    severity: 'red',
    sections: [{ type: 'text', text: ['Take it over: ', { code: `/posse ack ${handle}` }] }],
  }
}
