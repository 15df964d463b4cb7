import { setTimeout } from 'node:timers/promises'
import type { Context } from '#src/context.ts'
import { deliverDue, runDelivery } from '#src/delivery/deliver.ts'

/** Wait between two looks at what is left to show. */
const lookEveryMs = 20

export type Deliveries = {
  /** Never resolves; rejects when the store fails, since nothing can be told then. */
  failure: Promise<never>
  /** Resolves once everything is shown. */
  drained(): Promise<void>
  /** Shows what is due, then ends. */
  finish(): Promise<void>
}

/** Starts the delivery to every chat, each on its own: one that is down keeps no other waiting. */
export function startDeliveries(context: Context, { signal }: { signal: AbortSignal }): Deliveries {
  const end = new AbortController()
  const runs = Promise.all(
    context.chats.map((chat) =>
      runDelivery(context, chat, { signal: AbortSignal.any([signal, end.signal]) }),
    ),
  )
  const failure = new Promise<never>((_resolve, reject) => {
    runs.catch(reject)
  })
  failure.catch(() => undefined)
  return {
    failure,
    async drained() {
      while (!signal.aborted && (await context.store.countDeliveries()).pending > 0) {
        await setTimeout(lookEveryMs)
      }
    },
    async finish() {
      end.abort()
      await runs
      if (signal.aborted) return
      await Promise.all(context.chats.map((chat) => deliverDue(context, chat)))
    },
  }
}
