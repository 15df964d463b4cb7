import type { Chat, MessageRef } from '#types/chat.ts'
import type { Delivery, Store } from '#types/store.ts'
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

/**
 * Shows one chat whatever is pending for it, in the order in which it was decided, until the signal is given: posted the
 * first time, edited from then on. What the chat has taken is marked as sent at once, so that at most the message in
 * flight is shown twice after a crash.
 */
export async function runDelivery(
  context: Context,
  chat: Chat,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const ear = context.outbox.listen()
  while (!signal.aborted) {
    await deliverDue(context, chat, { signal })
    const next = await context.store.nextAttemptAt(chat.name)
    const timeoutMs = next === null ? undefined : Math.max((next - wallClock()) * 1000, 0)
    await ear.wait({ signal, ...(timeoutMs !== undefined && { timeoutMs }) })
  }
}

/** Shows one chat everything that is due now. */
export async function deliverDue(
  { store, log }: Pick<Context, 'store' | 'log'>,
  chat: Chat,
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  for (;;) {
    const now = await dueTime(store, chat)
    const due = await store.readPending({ channel: chat.name, now, limit: batch })
    if (due.length === 0) return
    for (const delivery of due) {
      if (signal?.aborted) return
      const { alert, revision, attempts } = delivery
      const ref = await withPatience(show(chat, delivery)).catch((error: unknown) => {
        const retryAt = attempts + 1 < maxAttempts ? wallClock() + retrySeconds(attempts) : null
        log.error({ err: error, alert, revision, chat: chat.name, retryAt }, 'Delivery failed')
        return { error: error instanceof Error ? error.message : String(error), retryAt }
      })
      if (typeof ref === 'string') await store.markSent(delivery, { ref, now: wallClock() })
      else await store.markFailed(delivery, { ...ref, now: wallClock() })
    }
  }
}

/** Now; but where the clock was set back, so that an attempt lies further away than any wait, the time of that. */
async function dueTime(store: Store, { name }: Chat): Promise<number> {
  const now = wallClock()
  const next = await store.nextAttemptAt(name)
  return next !== null && next - now > longestRetrySeconds ? next : now
}

async function show(chat: Chat, { ref, message }: Delivery): Promise<MessageRef> {
  if (ref === null) return await chat.post(message)
  await chat.edit(ref, message)
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
