import { AlertGoneError, AlertTakenError } from '#errors/alert.ts'
import { renderTelling } from '#src/case/renderTellings.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import type { ToldAlert } from '#types/alert.ts'
import type { Ack, Signed } from '#types/standing.ts'
import { handleOf } from '#utils/handleOf.ts'
import { findAlert } from './findAlert.ts'

/** What an acknowledgement has done: whose it is, and whose it was before. */
export type Acknowledged = { alert: ToldAlert; ack: Ack; before: Ack | null }

/** No time comes for what was said for good. */
const never = Number.MAX_SAFE_INTEGER

/**
 * Takes an alert over, for some time; or says for good that it is not relevant. Who had it before is told: two people
 * may press at once, and with `ifFree` the second one is refused.
 * @throws AlertNotFoundError, AlertGoneError, AlertTakenError
 */
export async function acknowledge(
  context: Context,
  {
    handle,
    seconds,
    by,
    ifFree = false,
    why,
  }: {
    handle: string
    /** `null`: it is not relevant. */
    seconds: number | null
    by: Signed
    /** @default false */
    ifFree?: boolean
    why?: string
  },
): Promise<Acknowledged> {
  return await decide(context, async () => {
    const found = await findAlert(context, handle)
    const group = found.tellings.at(-1)?.group
    const open = group && context.cases.get(group.head.caseId)
    if (!group || !open) throw new AlertGoneError({ handle })
    const caseId = open.case.id
    const before = standingAck(context, found.id)
    const isTaken = before !== null && before.by.account !== by.account
    if (ifFree && isTaken) {
      const { name } = before.by
      throw new AlertTakenError({ handle, name, isIrrelevant: before.isIrrelevant ?? false })
    }
    const lapsesAt = seconds === null ? never : by.at + seconds
    const ack: Ack = {
      alert: found.id,
      caseId,
      by,
      lapsesAt,
      lapsed: false,
      ...(seconds === null && { isIrrelevant: true }),
    }
    const alert: ToldAlert = { ...found, revision: found.revision + 1 }
    // The card is drawn as if it stood already.
    const standing = { ...context.standing, ack: new Map(context.standing.ack).set(found.id, ack) }
    const verb = seconds === null ? 'Said that it is not relevant:' : 'Acknowledged'
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
          text: `${verb} alert ${handleOf(found.id)}${why === undefined ? '' : `: ${why}`}.`,
        },
      ],
      result: { alert, ack, before },
    }
  })
}

function standingAck({ standing }: Context, alert: string): Ack | null {
  const ack = standing.ack.get(alert)
  return ack && !ack.lapsed ? ack : null
}
