import type { Context } from '#src/context.ts'
import type { Message } from '#types/message.ts'
import type { Delivery } from '#types/store.ts'
import { caseOfAlert } from './caseOf.ts'
import { mayTell } from './listeners.ts'

/** What takes the place of a message whose case a channel may not see any more. */
export const withdrawn: Message = { title: 'No longer shared here', severity: 'info', sections: [] }

/** Whether a message may be shown in its channel, by the marks that stand when it is. */
export function isShared(
  context: Pick<Context, 'cases' | 'standing' | 'house' | 'rules'>,
  { alert, channel }: Pick<Delivery, 'alert' | 'channel'>,
): boolean {
  const caseId = caseOfAlert(alert)
  return !context.cases.has(caseId) || mayTell(context, channel, caseId)
}
