import { AlertGoneError } from '#errors/alert.ts'
import { renderTelling } from '#src/case/renderTellings.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import type { ToldAlert } from '#types/alert.ts'
import type { Ack, Signed } from '#types/standing.ts'
import { handleOf } from '#utils/handleOf.ts'
import { findAlert } from './findAlert.ts'

/** What an acknowledgement has done: whose it is, and whose it was before. */
export type Acknowledged = { alert: ToldAlert; ack: Ack; before: Ack | null }

/**
 * Takes an alert over, for some time. Who had it before is told: two people may press at once.
 * @throws AlertNotFoundError, AlertGoneError
 */
export async function acknowledge(
  context: Context,
  { handle, seconds, by }: { handle: string; seconds: number; by: Signed },
): Promise<Acknowledged> {
  return await decide(context, async () => {
    const found = await findAlert(context, handle)
    const group = found.tellings.at(-1)?.group
    const open = group && context.cases.get(group.head.caseId)
    if (!group || !open) throw new AlertGoneError({ handle })
    const caseId = open.case.id
    const before = context.standing.ack.get(found.id) ?? null
    const ack: Ack = { alert: found.id, caseId, by, lapsesAt: by.at + seconds, lapsed: false }
    const alert: ToldAlert = { ...found, revision: found.revision + 1 }
    // The card is drawn as if it stood already.
    const standing = { ...context.standing, ack: new Map(context.standing.ack).set(found.id, ack) }
    return {
      standing: [{ kind: 'ack', key: found.id, value: ack }],
      told: [{ caseId, alert }],
      tellings: renderTelling({ ...context, standing }, open, { alert, group }),
      timeline: [
        {
          caseId,
          key: `ack:${found.id}:${by.at}`,
          at: by.at,
          kind: 'decision',
          by,
          text: `Acknowledged alert ${handleOf(found.id)}.`,
        },
      ],
      result: { alert, ack, before: before?.lapsed ? null : before },
    }
  })
}
