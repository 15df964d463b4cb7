import type { ChannelId, Chat, MessageRef } from '#types/chat.ts'
import type { Delivery, Store } from '#types/store.ts'
import { settingsOf } from './channel/settingsOf.ts'
import { shapeMessage } from './channel/shapeMessage.ts'
import type { Context } from './context.ts'

/** Deliveries that are read from the store at once. */
const batch = 50

/** A chat that has not answered after this time has failed; what it was given may show up all the same. */
const patienceMs = 30_000

/** Waits before the next attempt: doubled from the first to the longest. */
const firstRetrySeconds = 2
const longestRetrySeconds = 300

/** Failed attempts after which a delivery is given up: with the waits above about a day. */
const maxAttempts = 300

/** What delivering needs. */
type Post = Pick<Context, 'store' | 'log' | 'now' | 'rules' | 'standing' | 'house'>

/**
 * Shows one chat whatever is pending for its channels until the signal is given, each channel on its own: one that
 * fails or is slow holds up no other.
 */
export async function runDelivery(
  context: Post & Pick<Context, 'outbox'>,
  chat: Chat,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const ear = context.outbox.listen()
  const busy = new Map<ChannelId, Promise<void>>()
  let fault: { error: unknown } | null = null
  while (!signal.aborted && fault === null) {
    let wakeAt: number | null = null
    for (const channel of await context.store.pendingChannels(chat.name)) {
      if (busy.has(channel)) continue
      const next = await nextDue(context.store, channel)
      if (next > wallClock()) {
        wakeAt = Math.min(wakeAt ?? next, next)
        continue
      }
      const work = deliverChannel(context, chat, channel, { signal })
        .catch((error: unknown) => {
          fault = { error }
        })
        .finally(() => {
          busy.delete(channel)
          // What came or failed meanwhile is looked at again.
          context.outbox.ring()
        })
      busy.set(channel, work)
    }
    const timeoutMs = wakeAt === null ? undefined : Math.max((wakeAt - wallClock()) * 1000, 0)
    await ear.wait({ signal, ...(timeoutMs !== undefined && { timeoutMs }) })
  }
  await Promise.all(busy.values())
  if (fault !== null) throw (fault as { error: unknown }).error
}

/** Shows one chat everything that is due now. */
export async function deliverDue(
  context: Post,
  chat: Chat,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  const channels = await context.store.pendingChannels(chat.name)
  await Promise.all(channels.map((channel) => deliverChannel(context, chat, channel, options)))
}

/**
 * Shows a channel what is due, in the order in which it was decided: posted the first time, edited from then on. What
 * the chat has taken is marked as sent at once, so that at most the message in flight is shown twice after a crash.
 */
async function deliverChannel(
  context: Post,
  chat: Chat,
  channel: ChannelId,
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  const { store, log } = context
  for (;;) {
    const now = await dueTime(store, channel)
    const due = await store.readPending({ channel, now, limit: batch })
    if (due.length === 0) return
    const posted = new Map<string, MessageRef>()
    for (const each of due) {
      // What was posted since this batch was read may have a thread now.
      const delivery = { ...each, thread: each.thread ?? posted.get(each.parent ?? '') ?? null }
      if (signal?.aborted) return
      const { alert, revision, attempts } = delivery
      const ref = await withPatience(show(context, chat, delivery)).catch((error: unknown) => {
        const retryAt = attempts + 1 < maxAttempts ? wallClock() + retrySeconds(attempts) : null
        log.error({ err: error, alert, revision, channel, retryAt }, 'Delivery failed')
        return { error: error instanceof Error ? error.message : String(error), retryAt }
      })
      if (typeof ref === 'string') {
        posted.set(alert, ref)
        await store.markSent(delivery, { ref, now: wallClock() })
      } else await store.markFailed(delivery, { ...ref, now: wallClock() })
    }
  }
}

/** When something is due in a channel to which something is pending: at once, unless all of it waits. */
async function nextDue(store: Store, channel: ChannelId): Promise<number> {
  const now = await dueTime(store, channel)
  const [due] = await store.readPending({ channel, now, limit: 1 })
  return due ? 0 : ((await store.nextAttemptAt(channel)) ?? 0)
}

/** Now; but where the clock was set back, so that an attempt lies further away than any wait, the time of that. */
async function dueTime(store: Store, channel: ChannelId): Promise<number> {
  const now = wallClock()
  const next = await store.nextAttemptAt(channel)
  return next !== null && next - now > longestRetrySeconds ? next : now
}

async function show(context: Post, chat: Chat, delivery: Delivery): Promise<MessageRef> {
  const { ref, channel, thread } = delivery
  const settings = settingsOf(context, channel)
  const { delay } = context.rules
  const message = shapeMessage(delivery, { form: settings.form, delay, now: context.now() })
  const place = {
    channel,
    ...(thread !== null && settings.layout === 'thread' && { thread }),
  }
  if (ref === null) return await chat.post(message, place)
  await chat.edit(ref, message, place)
  return ref
}

function retrySeconds(attempts: number): number {
  return Math.min(firstRetrySeconds * 2 ** attempts, longestRetrySeconds)
}

/** Attempts go by the clock of the machine, also while an old theft replays. */
function wallClock(): number {
  return Math.floor(Date.now() / 1000)
}

async function withPatience<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const text = `The chat has not answered within ${patienceMs / 1000} seconds.`
    timer = setTimeout(() => reject(new Error(text)), patienceMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
