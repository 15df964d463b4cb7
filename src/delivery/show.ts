import { settingsOf } from '#src/channel/settingsOf.ts'
import { shapeMessage } from '#src/channel/shapeMessage.ts'
import type { Context } from '#src/context.ts'
import { caseOfAlert } from '#src/sharing/caseOf.ts'
import { isShared, withdrawn } from '#src/sharing/isShared.ts'
import { markMessage } from '#src/sharing/markMessage.ts'
import type { Chat, MessageRef } from '#types/chat.ts'
import type { Message } from '#types/message.ts'
import type { ChannelSettings, Layout } from '#types/standing.ts'
import type { Delivery } from '#types/store.ts'
import { pageFor } from './pageFor.ts'
import { readLedger } from './readLedger.ts'

/** Shows a chat one delivery as its channel wants it; answers where it stands. */
export async function show(context: Context, chat: Chat, delivery: Delivery): Promise<MessageRef> {
  const { alert, ref, channel, thread, attempts } = delivery
  const settings = settingsOf(context, channel)
  const message = isShared(context, delivery)
    ? await messageFor(context, delivery, settings)
    : withdrawn
  const page = ref === null ? pageFor(context, delivery) : null
  const posting = {
    channel,
    ...(isUnder(delivery, settings.layout) && thread !== null && { thread }),
    key: `${alert} ${channel}`,
    ...(attempts > 0 && { isRepeat: true }),
    ...(page !== null && { page }),
  }
  if (ref === null) return await chat.post(message, posting)
  return await chat.edit(ref, message, posting)
}

async function messageFor(
  context: Context,
  delivery: Delivery,
  { form }: ChannelSettings,
): Promise<Message> {
  const { alert, message } = delivery
  const { ledger } = message
  if (ledger) return await readLedger(context, { delivery, ledger })
  const { delay } = context.rules
  const shaped = shapeMessage(delivery, { form, delay, now: context.now() })
  return markMessage(context, caseOfAlert(alert), shaped)
}

/** What is red stands in the channel: under another message nobody would see it. */
function isUnder({ message }: Delivery, layout: Layout): boolean {
  return layout === 'thread' && (message.severity !== 'red' || message.ledger !== undefined)
}
