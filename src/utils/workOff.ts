import { setImmediate } from 'node:timers/promises'
import type { Bell } from './createBell.ts'

/** Wait after a failure, in milliseconds: a node that is down is asked again. */
const retryMs = 30_000

/**
 * Works off whatever there is to do, one after the other, each time the bell rings, until the signal is given. What
 * fails, which `work` answers by `false`, is tried again after the others.
 */
export async function workOff<Item>(
  bell: Bell,
  {
    find,
    work,
    signal,
  }: { find: () => Iterable<Item>; work: (item: Item) => Promise<boolean>; signal: AbortSignal },
): Promise<void> {
  const ear = bell.listen()
  while (!signal.aborted) {
    let hasFailed = false
    for (const item of find()) {
      if (signal.aborted) return
      if (!(await work(item))) hasFailed = true
      // What asks for itself again and again must not keep all else waiting.
      await setImmediate()
    }
    await ear.wait({ signal, ...(hasFailed && { timeoutMs: retryMs }) })
  }
}
