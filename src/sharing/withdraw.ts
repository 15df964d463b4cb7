import type { Context } from '#src/context.ts'
import type { Telling } from '#types/alert.ts'
import type { ChannelId } from '#types/chat.ts'
import { withdrawn } from './isShared.ts'
import { mayTell } from './listeners.ts'

/** Revisions of what is told in the ordinary way never come that far. */
const withdrawnFrom = 1_000_000

/** Takes what stands of a case out of channels that may see it no longer once `after` stands: each message says that alone. */
export async function withdraw(
  before: Context,
  after: Context,
  { caseId, only }: { caseId: string; only?: ChannelId },
): Promise<Telling[]> {
  const isLost = (channel: ChannelId) =>
    (only === undefined || channel === only) &&
    !mayTell(after, channel, caseId) &&
    mayTell(before, channel, caseId)
  const posted = await before.store.findPosted(caseId)
  const channels = new Set(posted.map(({ channel }) => channel))
  const lost = new Set([...channels].filter(isLost))
  return [...Map.groupBy(posted, ({ alert }) => alert)].flatMap(([alert, places]) => {
    const left = places.flatMap(({ channel }) => (lost.has(channel) ? channel : []))
    if (left.length === 0) return []
    const last = Math.max(...places.map(({ revision }) => revision))
    const revision = Math.max(withdrawnFrom, last + 1)
    return [{ alert, revision, message: withdrawn, topic: 'blind' as const, channels: left }]
  })
}
