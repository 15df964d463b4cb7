import type { StandingChange } from '#types/standing.ts'
import type { Decision } from '#types/store.ts'
import { applyCaseChange } from './case/applyCaseChange.ts'
import type { Context } from './context.ts'
import { layersOf } from './label/layersOf.ts'

/**
 * Makes a decision of people or of the clock: between two blocks, on what stands then, saved whole and then taken in.
 * `what` is asked once the turn has come; it may throw, and nothing has changed then.
 */
export async function decide<Result>(
  context: Context,
  what: () => Promise<Decision & { result: Result }> | (Decision & { result: Result }),
): Promise<Result> {
  // Whoever decides may see a part alone; what follows from it may lie beyond.
  const { whole } = context
  return await whole.turns.decide(async () => {
    const { result, ...decision } = await what()
    await whole.store.saveDecision(decision, { now: whole.now() })
    takeDecision(whole, decision)
    return result
  })
}

/** Takes a saved decision into memory. */
export function takeDecision(context: Context, decision: Decision): void {
  const { standing = [], told = [], tellings = [], changes = [] } = decision
  for (const change of standing) takeStanding(context, change)
  for (const change of changes) {
    const open = context.cases.get(change.caseId)
    if (open) applyCaseChange(open, change)
    for (const each of change.standing ?? []) takeStanding(context, each)
  }
  for (const { caseId, alert } of told) context.cases.get(caseId)?.told.set(alert.id, alert)
  const isTold = tellings.length > 0 || changes.some((change) => change.tellings.length > 0)
  // Whoever works cases out again listens too.
  if (isTold || standing.some(({ kind }) => kind === 'retrace')) context.outbox.ring()
}

/** Takes a saved change of what stands into memory. */
export function takeStanding(context: Context, { kind, key, value }: StandingChange): void {
  const entries: Map<string, unknown> = context.standing[kind]
  if (value === null) entries.delete(key)
  else entries.set(key, value)
  if (kind === 'flag' || kind === 'feed') context.labels.replace(layersOf(context, context.now()))
}
