import { renderTelling } from '#src/case/renderTellings.ts'
import type { Context } from '#src/context.ts'
import type { Decision } from '#types/store.ts'

/** Cards of a case that are drawn anew, the newest. */
const maxCards = 20

/** The newest cards of a case as they look once `after` stands: with its mark, and where it may be seen again. */
export async function redraw(
  after: Context,
  caseId: string,
): Promise<Required<Pick<Decision, 'told' | 'tellings'>>> {
  const open = after.cases.get(caseId)
  if (!open) return { told: [], tellings: [] }
  const alerts = await after.store.findAlerts({ caseId }, { limit: maxCards })
  const cards = alerts.flatMap((before) => {
    const group = before.tellings.at(-1)?.group
    return group ? [{ alert: { ...before, revision: before.revision + 1 }, group }] : []
  })
  return {
    told: cards.map(({ alert }) => ({ caseId, alert })),
    tellings: cards.flatMap((card) => renderTelling(after, open, card)),
  }
}
