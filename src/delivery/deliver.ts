import { ChatBusyError, ChatRefusedError } from '#errors/chat.ts'
import type { Context } from '#src/context.ts'
import { noteDelivered } from '#src/freeze/noteDelivered.ts'
import { isShared } from '#src/sharing/isShared.ts'
import type { ChannelId, Chat, MessageRef } from '#types/chat.ts'
import type { Delivery } from '#types/store.ts'
import { createLane, freeAt, inTurn, type Lane, takeSlot } from './createLane.ts'
import { show } from './show.ts'
import { tellMended, tellStuck } from './tellStuck.ts'

/** Deliveries that are read from the store at once. */
const batch = 50

/** A chat that has not answered after this time has failed; what it was given may show up all the same. */
const patienceMs = 30_000

/** Waits before the next attempt: doubled from the first to the longest. */
const firstRetrySeconds = 2
const longestRetrySeconds = 300

/** Wait where a person must mend something first. */
const stuckRetrySeconds = 60

/** Failed attempts after which a delivery is given up: with the waits above about a day. */
const maxAttempts = 300

type Clock = { clock?: () => number }

/**
 * Shows one chat whatever is pending for its channels until the signal is given, each channel on its own: one that
 * fails or is slow holds up no other. `clock` gives milliseconds.
 */
export async function runDelivery(
  context: Context,
  chat: Chat,
  { signal, ...options }: { signal: AbortSignal } & Clock,
): Promise<void> {
  const lane = createLane(chat, options)
  const ear = context.outbox.listen()
  const busy = new Map<ChannelId, Promise<void>>()
  let fault: { error: unknown } | null = null
  while (!signal.aborted && fault === null) {
    let wakeAt: number | null = null
    for (const channel of inTurn(lane, await context.store.pendingChannels(chat.name))) {
      if (busy.has(channel)) continue
      const next = await nextDue(context, lane, channel)
      if (next > lane.clock()) {
        wakeAt = Math.min(wakeAt ?? next, next)
        continue
      }
      const work = deliverChannel(context, lane, channel, { signal })
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
    const timeoutMs = wakeAt === null ? undefined : Math.max(wakeAt - lane.clock(), 0)
    await ear.wait({ signal, ...(timeoutMs !== undefined && { timeoutMs }) })
  }
  await Promise.all(busy.values())
  if (fault !== null) throw (fault as { error: unknown }).error
}

/** Shows one chat everything that is due now and that it takes now. */
export async function deliverDue(
  context: Context,
  chat: Chat,
  { signal, lane = createLane(chat) }: { signal?: AbortSignal; lane?: Lane } = {},
): Promise<void> {
  const channels = inTurn(lane, await context.store.pendingChannels(chat.name))
  await Promise.all(
    channels.map((channel) => deliverChannel(context, lane, channel, signal ? { signal } : {})),
  )
}

/**
 * Shows a channel what is due, in the order in which it was decided: posted the first time, edited from then on. What
 * the chat has taken is marked as sent at once. A chat with a pace gets new cards before changed ones, of each only the
 * last revision, and no more than it takes.
 */
async function deliverChannel(
  context: Context,
  lane: Lane,
  channel: ChannelId,
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  const { store } = context
  const { pace } = lane.chat
  for (;;) {
    const now = await dueTime(context, lane, channel)
    const due = await store.readPending({
      channel,
      now,
      limit: pace ? 1 : batch,
      isNewest: pace !== undefined,
    })
    if (due.length === 0) return
    const posted = new Map<string, MessageRef>()
    for (const each of due) {
      // What was posted since this batch was read may have a thread now.
      const delivery = { ...each, thread: each.thread ?? posted.get(each.parent ?? '') ?? null }
      if (signal?.aborted) return
      if (freeAt(lane, channel, delivery) > lane.clock()) return
      takeSlot(lane, channel, { isEdit: delivery.ref !== null })
      const ref = await attempt(context, lane, delivery)
      if (ref !== null) posted.set(delivery.alert, ref)
    }
  }
}

/** Tries one delivery, and keeps in the store what came of it; answers where it stands now. */
async function attempt(
  context: Context,
  lane: Lane,
  delivery: Delivery,
): Promise<MessageRef | null> {
  const { store } = context
  const now = () => seconds(lane)
  if (delivery.ref === null && !isShared(context, delivery)) {
    await store.markSent(delivery, { ref: null, now: now() })
    return null
  }
  // Whoever dies now must know at the next start that it may stand there already.
  if (lane.chat.pace && delivery.ref === null) await store.markTried(delivery)
  const shown = await withPatience(show(context, lane.chat, delivery)).then(
    (ref) => ({ ref }),
    (error: unknown) => ({ error }),
  )
  if ('error' in shown) {
    const failed = await settle(context, lane, delivery, shown.error)
    await store.markFailed(delivery, { ...failed, now: now() })
    return null
  }
  await store.markSent(delivery, { ref: shown.ref, now: now() })
  await tellMended(context, lane, delivery.channel)
  await noteDelivered(context, delivery.alert)
  return shown.ref
}

/** What a failure means: when to try again, `null` for never, and as which attempt. */
async function settle(
  context: Context,
  lane: Lane,
  delivery: Delivery,
  error: unknown,
): Promise<{ error: string; retryAt: number | null; attempts: number }> {
  const { alert, revision, channel, attempts, ref } = delivery
  const now = seconds(lane)
  const text = error instanceof Error ? error.message : String(error)
  if (error instanceof ChatBusyError) {
    const until = lane.clock() + error.retryAfterSeconds * 1000
    if (ref === null) lane.freeAt.set(channel, until)
    else lane.editsFreeAt = Math.max(lane.editsFreeAt, until)
    context.log.warn({ channel, retryAfterSeconds: error.retryAfterSeconds }, 'The chat is busy')
    // It was not posted: nothing is uncertain about it.
    return { error: text, retryAt: Math.ceil(until / 1000), attempts }
  }
  if (error instanceof ChatRefusedError) {
    await tellStuck(context, lane, { delivery, error })
    const until = lane.clock() + stuckRetrySeconds * 1000
    if (error.scope === 'chat') lane.openAt = until
    else lane.freeAt.set(channel, until)
    // Nobody waits at a person's door for ever.
    const isDirect = channel.includes(':@')
    return { error: text, retryAt: isDirect ? null : now + stuckRetrySeconds, attempts }
  }
  const retryAt = attempts + 1 < maxAttempts ? now + retrySeconds(attempts) : null
  context.log.error({ err: error, alert, revision, channel, retryAt }, 'Delivery failed')
  return { error: text, retryAt, attempts: attempts + 1 }
}

/** When something is due in a channel to which something is pending: at once, unless all of it waits. In milliseconds. */
async function nextDue(context: Context, lane: Lane, channel: ChannelId): Promise<number> {
  const { store } = context
  const now = await dueTime(context, lane, channel)
  const isNewest = lane.chat.pace !== undefined
  const [due] = await store.readPending({ channel, now, limit: 1, isNewest })
  if (due) return freeAt(lane, channel, due)
  return Math.max(lane.openAt, ((await store.nextAttemptAt(channel)) ?? 0) * 1000)
}

/** Now, in seconds; but where the clock was set back, so that an attempt lies further away than any wait, the time of that. */
async function dueTime({ store }: Context, lane: Lane, channel: ChannelId): Promise<number> {
  const now = seconds(lane)
  const next = await store.nextAttemptAt(channel)
  return next !== null && next - now > longestRetrySeconds ? next : now
}

function retrySeconds(attempts: number): number {
  return Math.min(firstRetrySeconds * 2 ** attempts, longestRetrySeconds)
}

/** Attempts go by the clock of the machine, also while an old theft replays. */
function seconds({ clock }: Lane): number {
  return Math.floor(clock() / 1000)
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
