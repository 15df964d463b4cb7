import { renderTelling } from '#src/case/renderTellings.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { channelsSeeing } from '#src/sharing/listeners.ts'
import type { AlertGroup, ToldAlert } from '#types/alert.ts'
import type { Message } from '#types/message.ts'
import type { Ack } from '#types/standing.ts'
import type { Decision } from '#types/store.ts'
import { formatDuration } from '#utils/formatTime.ts'
import { handleOf } from '#utils/handleOf.ts'

/** Says of every acknowledgement that is over that nobody looks after its alert any more, once. */
export async function lapseAcks(context: Context): Promise<void> {
  const over = [...context.standing.ack.values()].filter(
    ({ lapsed, lapsesAt }) => !lapsed && lapsesAt <= context.now(),
  )
  for (const ack of over) {
    await decide(context, async () => ({ ...(await lapse(context, ack)), result: undefined }))
  }
}

async function lapse(context: Context, ack: Ack): Promise<Decision> {
  const value = { ...ack, lapsed: true }
  const standing = [{ kind: 'ack', key: ack.alert, value } as const]
  const [alert] = await context.store.findAlerts({ handle: handleOf(ack.alert) }, { limit: 1 })
  const open = context.cases.get(ack.caseId)
  const group = alert?.tellings.at(-1)?.group
  // What was taken back needs nobody any more.
  if (!alert || !open || !group) return { standing }
  const told: ToldAlert = { ...alert, revision: alert.revision + 1 }
  // The card is drawn as if that stood already.
  const after = { ...context.standing, ack: new Map(context.standing.ack).set(ack.alert, value) }
  const card = renderTelling({ ...context, standing: after }, open, { alert: told, group })
  const channels = channelsSeeing(context, ack.caseId, alert.channels)
  const reminder = {
    alert: `${ack.alert}:lapsed:${ack.lapsesAt}`,
    revision: 1,
    message: remind(ack, { group, name: open.case.name }),
    topic: 'escalated' as const,
    channels,
    parent: ack.alert,
  }
  return {
    standing,
    told: [{ caseId: ack.caseId, alert: told }],
    tellings: channels.length > 0 ? [...card, reminder] : card,
  }
}

function remind(
  { alert, by, lapsesAt }: Ack,
  { group, name }: { group: AlertGroup; name: string },
): Message {
  const handle = handleOf(alert)
  const held = formatDuration(lapsesAt - by.at)
  return {
    title: [{ strong: name }, `: nobody looks after alert ${handle} any more`],
    severity: group.severity,
    sections: [
      {
        type: 'text',
        text: [
          `${by.name} acknowledged it, which lapsed after ${held}. Take it over: `,
          { code: `/posse ack ${handle}` },
        ],
      },
    ],
  }
}
