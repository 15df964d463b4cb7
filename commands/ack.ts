import { z } from 'zod'
import { NoAlertWaitsError } from '#errors/alert.ts'
import { findCase } from '#src/case/findCase.ts'
import { silencesFor } from '#src/case/routeTold.ts'
import type { Context } from '#src/context.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { acknowledge } from '#src/duty/acknowledge.ts'
import { signedBy } from '#src/signedBy.ts'
import { titleOf } from '#src/upkeep/titleOf.ts'
import type { ToldAlert } from '#types/alert.ts'
import type { Text } from '#types/message.ts'
import { countOf } from '#utils/countOf.ts'
import { handleOf } from '#utils/handleOf.ts'
import { parseDuration } from '#utils/parseDuration.ts'
import { textOf } from '#utils/textOf.ts'

/** Alerts that are looked through for those that wait, and how many are listed. */
const maxAlerts = 5_000
const maxRows = 20

const ack = defineCommand({
  name: 'ack',
  description: 'Says that you look after an alert; it lapses unless renewed.',
  role: 'responder',
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
  }),
  example: '/posse ack 3f9c2a71 for:2h',
  async run(context, { alert: handle, for: seconds = context.rules.ackMinutes * 60 }, call) {
    const by = signedBy(memberOf(call), context.now())
    const wanted = handle ?? (await onlyWaiting(context))
    const { alert, ack: now, before } = await acknowledge(context, { handle: wanted, seconds, by })
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
    const ids =
      caseId === undefined ? [...context.cases.keys()] : [findCase(context, caseId).case.id]
    const red = (await Promise.all(ids.map((id) => redAlerts(context, id)))).flat()
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

export const ackCommands = [ack, alerts]

async function redAlerts(context: Context, caseId: string): Promise<ToldAlert[]> {
  const told = await context.store.findAlerts({ caseId }, { limit: maxAlerts })
  return told.filter(({ tellings }) => {
    const group = tellings.at(-1)?.group
    return group?.severity === 'red' && silencesFor(context, group).length === 0
  })
}

function isTaken({ standing }: Context, { id }: ToldAlert): boolean {
  return standing.ack.get(id)?.lapsed === false
}

function rowOf(context: Context, alert: ToldAlert): Text[] {
  const found = context.standing.ack.get(alert.id)
  const who = !found ? 'nobody' : found.lapsed ? `nobody; ${found.by.name} before` : found.by.name
  const time = alert.tellings.at(-1)?.group.last.time ?? 0
  return [{ code: handleOf(alert.id) }, textOf(titleOf(context, alert)), { time }, who]
}

async function onlyWaiting(context: Context): Promise<string> {
  const red = (
    await Promise.all([...context.cases.keys()].map((id) => redAlerts(context, id)))
  ).flat()
  const waiting = red.filter((alert) => !isTaken(context, alert))
  const [only] = waiting
  if (only && waiting.length === 1) return handleOf(only.id)
  throw new NoAlertWaitsError({ handles: waiting.slice(0, 5).map(({ id }) => handleOf(id)) })
}
