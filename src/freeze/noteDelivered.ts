import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { decisionOf } from './decisionOf.ts'
import { moveFreeze } from './moveFreeze.ts'
import { assetOf, deskCard, freezeOfDeskCard } from './tellFreezes.ts'

/** Notes that a request has come to its desk, once a chat has taken its card. What is no such card changes nothing. */
export async function noteDelivered(context: Context, alert: string): Promise<void> {
  const id = freezeOfDeskCard(alert)
  if (id === null || context.standing.freeze.get(id)?.stage !== 'approved') return
  await decide(context, () => {
    const freeze = context.standing.freeze.get(id)
    if (freeze?.stage !== 'approved') return { result: undefined }
    const at = context.now()
    const moved = moveFreeze(
      freeze,
      { type: 'deliver' },
      { by: null, at, asset: assetOf(context, freeze) },
    )
    return { ...decisionOf(context, [moved]), result: undefined }
  })
}

/** The same for those that were delivered while nobody could note it. */
export async function noteAllDelivered(context: Context): Promise<void> {
  for (const freeze of [...context.standing.freeze.values()]) {
    if (freeze.stage !== 'approved') continue
    const alert = deskCard(freeze)
    if (await context.store.isPosted(alert)) await noteDelivered(context, alert)
  }
}
