import { silencesFor } from '#src/case/routeTold.ts'
import type { Context } from '#src/context.ts'
import type { ToldAlert } from '#types/alert.ts'

/** Alerts of a case that are looked through for red ones, the newest first. */
const maxAlerts = 5_000

/** Red alerts that are not silenced, of these cases. @default all cases */
export async function findRedAlerts(
  context: Context,
  cases: readonly string[] = [...context.cases.keys()],
): Promise<ToldAlert[]> {
  const told = await Promise.all(
    cases.map((caseId) => context.store.findAlerts({ caseId }, { limit: maxAlerts })),
  )
  return told.flat().filter(({ tellings }) => {
    const group = tellings.at(-1)?.group
    return group?.severity === 'red' && silencesFor(context, group).length === 0
  })
}

/** Whether somebody looks after an alert, or has said that it is not relevant. */
export function isTaken({ standing }: Pick<Context, 'standing'>, { id }: ToldAlert): boolean {
  return standing.ack.get(id)?.lapsed === false
}
