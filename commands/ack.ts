import { z } from 'zod'
import { NoAlertWaitsError } from '#errors/alert.ts'
import { findCase } from '#src/case/findCase.ts'
import type { Context } from '#src/context.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { acknowledge } from '#src/duty/acknowledge.ts'
import { findRedAlerts, isTaken } from '#src/duty/findRedAlerts.ts'
import { signedBy } from '#src/signedBy.ts'
import { titleOf } from '#src/upkeep/titleOf.ts'
import type { ToldAlert } from '#types/alert.ts'
import type { Text } from '#types/message.ts'
import type { Ack } from '#types/standing.ts'
import { countOf } from '#utils/countOf.ts'
import { handleOf } from '#utils/handleOf.ts'
import { parseDuration } from '#utils/parseDuration.ts'
import { parseNote } from '#utils/parseNote.ts'
import { textOf } from '#utils/textOf.ts'

/** Alerts that are listed. */
const maxRows = 20

const ack = defineCommand({
  name: 'ack',
  description: 'Says that you look after an alert; it lapses unless renewed.',
  role: 'responder',
  answersIn: 'channel',
  options: z.object({
    alert: z.string().optional().meta({
      description: 'The digits on its card; the only red one that waits if left out.',
      complete: 'alert',
    }),
    for: z
      .string()
      .transform(parseDuration)
      .optional()
      .meta({ description: 'How long you stay with it, such as for:2h.', form: 'tag' }),
    if: z.enum(['free']).optional().meta({
      description: 'Only where nobody looks after it yet, as its button does.',
      form: 'tag',
    }),
  }),
  example: '/posse ack 3f9c2a71 for:2h',
  async run(context, { alert: handle, for: time, if: condition }, call) {
    const seconds = time ?? context.rules.ackMinutes * 60
    const by = signedBy(memberOf(call), context.now())
    const wanted = handle ?? (await onlyWaiting(context))
    const {
      alert,
      ack: now,
      before,
    } = await acknowledge(context, {
      handle: wanted,
      seconds,
      by,
      ifFree: condition === 'free',
    })
    const taken =
      before && before.by.account !== by.account
        ? [{ name: 'Before', value: `${before.by.name} looked after it: tell them` }]
        : []
    return {
      title: [`${by.name} looks after alert ${handleOf(alert.id)}`],
      visibility: 'channel',
      sections: [
        {
          type: 'fields',
          fields: [
            { name: 'Alert', value: textOf(titleOf(context, alert)) },
            { name: 'Until', value: { time: now.lapsesAt } },
            ...taken,
          ],
        },
      ],
    }
  },
})

const dismiss = defineCommand({
  name: 'dismiss',
  description: 'Says that an alert is not relevant: it calls nobody any more.',
  role: 'responder',
  answersIn: 'channel',
  options: z.object({
    alert: z.string().meta({ description: 'The digits on its card.', complete: 'alert' }),
    why: z
      .string()
      .transform(parseNote)
      .optional()
      .meta({ description: 'Why, for the timeline.', form: 'text' }),
  }),
  example: '/posse dismiss 3f9c2a71 our own sweep',
  async run(context, { alert: handle, why }, call) {
    const by = signedBy(memberOf(call), context.now())
    const { alert } = await acknowledge(context, {
      handle,
      seconds: null,
      by,
      ...(why !== undefined && { why }),
    })
    return {
      title: [`Alert ${handleOf(alert.id)} is not relevant, says ${by.name}`],
      visibility: 'channel',
      sections: [
        { type: 'fields', fields: [{ name: 'Alert', value: textOf(titleOf(context, alert)) }] },
        {
          type: 'text',
          text: [
            'It is told and counted as before. Take it back: ',
            { code: `/posse ack ${handleOf(alert.id)}` },
          ],
        },
      ],
    }
  },
})

const alerts = defineCommand({
  name: 'alerts',
  description: 'Lists the red alerts that nobody looks after, and who looks after the others.',
  role: 'viewer',
  options: z.object({
    case: z
      .string()
      .optional()
      .meta({ description: 'The case; all of them if left out.', complete: 'case' }),
  }),
  example: '/posse alerts ronin',
  async run(context, { case: caseId }) {
    const ids = caseId === undefined ? undefined : [findCase(context, caseId).case.id]
    const red = await findRedAlerts(context, ids)
    const waiting = red.filter((alert) => !isTaken(context, alert))
    const rows = [...waiting, ...red.filter((alert) => isTaken(context, alert))]
    const title = `${countOf(waiting.length, 'red alert')} without anybody, ${red.length - waiting.length} looked after`
    const rest = rows.length - maxRows
    return {
      title,
      sections: [
        {
          type: 'table',
          columns: [{ name: 'alert' }, { name: 'what' }, { name: 'when' }, { name: 'who' }],
          rows: rows.slice(0, maxRows).map((alert) => rowOf(context, alert)),
        },
        ...(rest > 0 ? [{ type: 'text' as const, text: `${rest} more.` }] : []),
      ],
    }
  },
})

export const ackCommands = [ack, dismiss, alerts]

function rowOf(context: Context, alert: ToldAlert): Text[] {
  const found = context.standing.ack.get(alert.id)
  const who = describeAck(found)
  const time = alert.tellings.at(-1)?.group.last.time ?? 0
  return [{ code: handleOf(alert.id) }, textOf(titleOf(context, alert)), { time }, who]
}

function describeAck(ack: Ack | undefined): string {
  if (!ack) return 'nobody'
  if (ack.lapsed) return `nobody; ${ack.by.name} before`
  return ack.isIrrelevant ? `${ack.by.name}: not relevant` : ack.by.name
}

async function onlyWaiting(context: Context): Promise<string> {
  const red = await findRedAlerts(context)
  const waiting = red.filter((alert) => !isTaken(context, alert))
  const [only] = waiting
  if (only && waiting.length === 1) return handleOf(only.id)
  throw new NoAlertWaitsError({ handles: waiting.slice(0, 5).map(({ id }) => handleOf(id)) })
}
