import { silenceableOf, silencesOn } from '#alert/routeAlert.ts'
import { renderTelling } from '#src/case/renderTellings.ts'
import type { Context } from '#src/context.ts'
import type { Silence, Standing } from '#types/standing.ts'
import type { Decision } from '#types/store.ts'

/** Alerts that are looked through for cards under a silence, the newest first, and cards that are drawn anew. */
const maxAlerts = 200
const maxCards = 20

/** The newest cards that a silence is about, drawn as if these silences stood: its button goes or comes back. */
export async function redrawSilenced(
  context: Context,
  silence: Silence,
  silences: Standing['silence'],
): Promise<Required<Pick<Decision, 'told' | 'tellings'>>> {
  const { caseId } = silence
  const open = context.cases.get(caseId)
  if (!open) return { told: [], tellings: [] }
  const after = { ...context, standing: { ...context.standing, silence: silences } }
  const alerts = await context.store.findAlerts({ caseId }, { limit: maxAlerts })
  const cards = alerts
    .flatMap((alert) => {
      const group = alert.tellings.at(-1)?.group
      // As if it were not over yet, for it was about them until then.
      const about = group ? silencesOn(silenceableOf(group), [silence], silence.by.at) : []
      return group && about.length > 0 ? [{ alert, group }] : []
    })
    .slice(0, maxCards)
    .map(({ alert, group }) => ({ alert: { ...alert, revision: alert.revision + 1 }, group }))
  return {
    told: cards.map(({ alert }) => ({ caseId, alert })),
    tellings: cards.flatMap(({ alert, group }) => renderTelling(after, open, { alert, group })),
  }
}
