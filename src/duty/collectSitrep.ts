import { lackOf } from '#src/case/contracts.ts'
import type { Context } from '#src/context.ts'
import { freezesFor } from '#src/freeze/actOnFreeze.ts'
import { isAwaited, stateOf } from '#src/freeze/stateOf.ts'
import type { Freeze } from '#types/freeze.ts'
import type { Member } from '#types/member.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Post } from '#types/standing.ts'
import { handleOf } from '#utils/handleOf.ts'
import { findRedAlerts, isTaken } from './findRedAlerts.ts'

/** How a case stands: what is done by whom, and what is lacking. */
export type Sitrep = {
  open: OpenCase
  posts: Post[]
  freezes: Freeze[]
  /** Drafts that wait for a second person, and requests that wait for a desk. */
  drafts: Freeze[]
  waiting: Freeze[]
  /** Handles of red alerts that nobody looks after, and who looks after others. */
  unattended: string[]
  attended: { handle: string; name: string }[]
  /** Ids of open disputes. */
  disputes: string[]
  isRetraced: boolean
  /** What the figures lack; `null` where nothing is known to be lacking. */
  lack: string | null
}

/** Collects how a case stands, as a member may see it; `null` is the house. */
export async function collectSitrep(
  context: Context,
  open: OpenCase,
  member: Member | null,
): Promise<Sitrep> {
  const { standing } = context
  const { id } = open.case
  const known = member ? freezesFor(context, member) : [...standing.freeze.values()]
  const freezes = known.filter((freeze) => freeze.caseId === id)
  const red = await findRedAlerts(context, [id])
  const taken = red.filter((alert) => isTaken(context, alert))
  return {
    open,
    posts: [...standing.post.values()].filter(({ caseId }) => caseId === id),
    freezes,
    drafts: freezes.filter((freeze) => stateOf(freeze) === 'drafted'),
    waiting: freezes.filter(isAwaited),
    unattended: red.filter((alert) => !taken.includes(alert)).map((alert) => handleOf(alert.id)),
    attended: taken.flatMap((alert) => {
      const ack = standing.ack.get(alert.id)
      return ack && !ack.isIrrelevant ? [{ handle: handleOf(alert.id), name: ack.by.name }] : []
    }),
    disputes: [...standing.dispute.values()]
      .filter(({ caseId, decision }) => caseId === id && decision === null)
      // Those of requests to others are theirs.
      .filter(
        ({ subject }) =>
          subject.kind !== 'freeze' || freezes.some((freeze) => freeze.id === subject.freeze),
      )
      .map((dispute) => dispute.id),
    isRetraced: standing.retrace.has(id),
    lack: lackOf(context, open),
  }
}
