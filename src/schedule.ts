import { type ScheduledTask, schedule as scheduleJob } from 'node-cron'
import { StoreError } from '#errors/store.ts'
import type { FeedSettings } from '#types/feed.ts'
import type { FeedRow } from '#types/standing.ts'
import type { Context } from './context.ts'
import { createBridgeAsker } from './upkeep/askBridges.ts'
import { endSilences } from './upkeep/endSilences.ts'
import { escalate } from './upkeep/escalate.ts'
import { lapseAcks } from './upkeep/lapseAcks.ts'
import { logBooks } from './upkeep/logBooks.ts'
import { reconcileBalances } from './upkeep/reconcileBalances.ts'
import { refreshFeed } from './upkeep/refreshFeed.ts'
import { tellDigests } from './upkeep/tellDigests.ts'
import { tellSitreps } from './upkeep/tellSitreps.ts'
import { handOver, watchContacts } from './upkeep/watchContacts.ts'
import { watchFreezes } from './upkeep/watchFreezes.ts'

/** Reads a feed's labels as they are now. */
export type ReadFeed = (
  settings: FeedSettings,
  options: { signal: AbortSignal },
) => Promise<FeedRow[]>

type Job = { name: string; when: string; run: () => Promise<void> }

/**
 * The clockwork: what bridges are asked, lapsing acknowledgements, escalations, silences and the clocks of freezes
 * every minute; contacts, balances and books every hour; situation reports every eight hours; digests with dormant funds
 * every hour and day; each feed by its own rhythm. No job overlaps itself; what one fails at is tried at its next turn.
 * Times are UTC.
 */
export function startSchedule(
  context: Context,
  { signal, readFeed }: { signal: AbortSignal; readFeed: ReadFeed },
): {
  /** Never resolves; rejects when the store fails. */
  failure: Promise<never>
} {
  let fail: (error: unknown) => void = () => undefined
  const failure = new Promise<never>((_resolve, reject) => {
    fail = reject
  })
  failure.catch(() => undefined)

  function start({ name, when, run }: Job): ScheduledTask {
    async function runOnce(): Promise<void> {
      if (signal.aborted) return
      try {
        await run()
      } catch (error) {
        if (error instanceof StoreError) fail(error)
        else context.log.error({ err: error, job: name }, 'A scheduled job failed')
      }
    }
    return scheduleJob(when, runOnce, { name, noOverlap: true, timezone: 'UTC' })
  }

  const tasks = jobsOf(context, { signal, readFeed }).map(start)
  signal.addEventListener('abort', () => {
    for (const task of tasks) void task.stop()
  })
  return { failure }
}

function jobsOf(
  context: Context,
  { signal, readFeed }: { signal: AbortSignal; readFeed: ReadFeed },
): Job[] {
  const feeds = context.house.feeds.map((feed) => ({
    name: `feed ${feed.name}`,
    when: feed.schedule,
    run: () => refreshFeed(context, feed, { read: () => readFeed(feed, { signal }) }),
  }))
  const askBridges = createBridgeAsker(context)
  return [
    { name: 'bridges', when: '* * * * *', run: askBridges },
    {
      name: 'minute',
      when: '* * * * *',
      run: async () => {
        await endSilences(context)
        await lapseAcks(context)
        await escalate(context)
        await watchFreezes(context)
        await handOver(context)
      },
    },
    { name: 'contacts', when: '30 * * * *', run: () => watchContacts(context) },
    { name: 'reconcile', when: '45 * * * *', run: () => reconcileBalances(context) },
    { name: 'hourly digest', when: '0 * * * *', run: () => tellDigests(context, 'hourly') },
    { name: 'books', when: '50 * * * *', run: () => logBooks(context) },
    { name: 'sitrep', when: '0 */8 * * *', run: () => tellSitreps(context) },
    { name: 'daily digest', when: '0 8 * * *', run: () => tellDigests(context, 'daily') },
    ...feeds,
  ]
}
