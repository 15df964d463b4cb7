import type { Context } from '#src/context.ts'
import type { Delivery } from '#types/store.ts'

/** The role or user group that a red alert calls in a channel, by what the channel has subscribed to; `null` for nobody. */
export function pageFor(
  { standing }: Pick<Context, 'standing'>,
  { alert, channel, message }: Delivery,
): string | null {
  if (message.severity !== 'red') return null
  const [caseId = ''] = alert.split(':', 1)
  const subscription =
    standing.subscription.get(`${channel} ${caseId}`) ?? standing.subscription.get(`${channel} *`)
  return subscription?.page ?? null
}
