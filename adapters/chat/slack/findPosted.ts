import type { webApi } from '@slack/bolt'
import type { MessageRef } from '#types/chat.ts'
import { codeOf } from './describeFailure.ts'

/** Messages of a channel that are looked through: what was in flight is among the last. */
const lastMessages = 50

/** Replies of a thread come from the first one on: as many as Slack gives at once. */
const maxReplies = 999

/** A message that was posted under this key, among the last of a channel or of a thread. The only use of history. */
export async function findPosted(
  client: webApi.WebClient,
  { channel, thread, key }: { channel: string; thread?: string; key: string },
): Promise<MessageRef | null> {
  const common = { channel, include_all_metadata: true }
  const { messages = [] } =
    thread === undefined
      ? await client.conversations.history({ ...common, limit: lastMessages })
      : await client.conversations
          .replies({ ...common, limit: maxReplies, ts: thread })
          .catch(noThread)
  const found = messages.find(({ metadata }) => keyOf(metadata) === key)
  return found?.ts ?? null
}

/** Where the message above is gone, nothing stands under it. */
function noThread(error: unknown): { messages?: [] } {
  if (codeOf(error) === 'thread_not_found') return {}
  throw error
}

function keyOf(metadata: { event_payload?: object } | undefined): unknown {
  return new Map(Object.entries(metadata?.event_payload ?? {})).get('key')
}
