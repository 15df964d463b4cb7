import type { AlertGroup } from '#types/alert.ts'
import type { Message } from '#types/message.ts'
import type { Context } from './context.ts'

/**
 * Shows a message about an alert in every chat: posted the first time, edited from then on. A chat that fails does
 * not keep the others from being told.
 */
export async function deliver(
  context: Context,
  { head, revision }: AlertGroup,
  message: Message,
): Promise<void> {
  for (const chat of context.chats) {
    const key = `${chat.name}:${head.id}`
    const ref = context.posted.get(key)
    try {
      if (ref === undefined) context.posted.set(key, await chat.post(message))
      else await chat.edit(ref, message)
    } catch (error) {
      context.log.error(
        { err: error, alert: head.id, revision, chat: chat.name },
        'Delivery failed',
      )
    }
  }
}
