import { channelsOf, channelsOfAll } from '#src/channel/channelsOf.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { diffFeed } from '#src/feed/diffFeed.ts'
import { reviewFeed } from '#src/feed/reviewFeed.ts'
import { groupChannels } from '#src/sharing/listeners.ts'
import type { Telling } from '#types/alert.ts'
import type { FeedSettings } from '#types/feed.ts'
import type { Feed, FeedRow } from '#types/standing.ts'
import { handleOf } from '#utils/handleOf.ts'

/** Reads a feed again and keeps what is new in it for a person to review; nothing of it counts before that. */
export async function refreshFeed(
  context: Context,
  { name }: FeedSettings,
  { read }: { read: () => Promise<FeedRow[]> },
): Promise<void> {
  const rows = await read()
  await decide(context, async () => {
    const feed: Feed = context.standing.feed.get(name) ?? { name, accepted: null, proposed: null }
    const before = feed.accepted?.rows ?? []
    const { added, removed, changed } = diffFeed(before, rows)
    const fetchedAt = context.now()
    if (added.length + removed.length + changed.length === 0) {
      // As new as today, so that it does not grow stale.
      const value = { name, accepted: { fetchedAt, rows: before }, proposed: null }
      return { standing: [{ kind: 'feed', key: name, value }], result: undefined }
    }
    const value = { ...feed, proposed: { fetchedAt, rows } }
    const cases = [...context.cases.keys()]
    const channels = new Set([
      ...channelsOfAll(context, 'digest'),
      ...channelsOf(context, { cases, topic: 'digest' }),
    ])
    const tellings: Telling[] = []
    // It says on whose trail the news lie: to each of what it may know.
    for (const group of groupChannels(context, [...channels].sort(), cases)) {
      const seen = new Map([...context.cases].filter(([caseId]) => group.cases.includes(caseId)))
      const message = await reviewFeed({ ...context, cases: seen }, name, { before, after: rows })
      // The same news is told once, however often it is read.
      const alert = `feed:${name}:${handleOf(JSON.stringify([rows, group.cases]))}`
      tellings.push({ alert, revision: 1, message, topic: 'digest', channels: group.channels })
    }
    return {
      standing: [{ kind: 'feed', key: name, value }],
      tellings,
      result: undefined,
    }
  })
}
