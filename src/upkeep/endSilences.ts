import { channelsOf } from '#src/channel/channelsOf.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { redrawSilenced } from '#src/duty/redrawSilenced.ts'
import { without } from '#src/duty/silence.ts'
import type { Message } from '#types/message.ts'
import type { Silence } from '#types/standing.ts'
import type { Decision } from '#types/store.ts'
import { countOf } from '#utils/countOf.ts'

/** Alerts of a case that are looked through for what a silence held back. */
const maxAlerts = 100_000

/** Ends silences whose time is over, and says how much each held back. */
export async function endSilences(context: Context): Promise<void> {
  const over = [...context.standing.silence.values()].filter(({ until }) => until <= context.now())
  for (const silence of over) {
    await decide(context, async () => ({ ...(await end(context, silence)), result: undefined }))
  }
}

async function end(context: Context, silence: Silence): Promise<Decision> {
  const { id, caseId, topic } = silence
  const alerts = await context.store.findAlerts({ caseId }, { limit: maxAlerts })
  const held = alerts.filter(({ silencedBy }) => silencedBy.includes(id)).length
  const open = context.cases.get(caseId)
  const channels = channelsOf(context, { cases: [caseId], ...(topic && { topic }) })
  const telling = {
    alert: `${caseId}:silence:${id}:ended`,
    revision: 1,
    message: describe(silence, { held, name: open?.case.name ?? caseId }),
    topic: topic ?? ('moved' as const),
    channels,
  }
  const cards = await redrawSilenced(context, silence, without(context.standing.silence, id))
  return {
    standing: [{ kind: 'silence', key: id, value: null }],
    told: cards.told,
    tellings: [...cards.tellings, ...(channels.length > 0 ? [telling] : [])],
  }
}

function describe({ by, why }: Silence, { held, name }: { held: number; name: string }): Message {
  return {
    title: [
      { strong: name },
      `: a silence by ${by.name} is over: ${countOf(held, 'alert')} held back`,
    ],
    severity: 'info',
    sections: [
      {
        type: 'text',
        text: [`It was for: ${why}. All of it stands in `, { code: '/posse timeline' }],
      },
    ],
  }
}
