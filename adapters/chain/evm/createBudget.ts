import type { Settings } from './settings.ts'

/** A wait before each call, so that no second has more than so many of them. */
export function createBudget({
  requestsPerSecond,
  now,
  sleep,
}: { requestsPerSecond: number | undefined } & Pick<Settings, 'now' | 'sleep'>): (
  signal: AbortSignal | undefined,
) => Promise<void> {
  if (requestsPerSecond === undefined) return async () => undefined
  if (!(requestsPerSecond > 0)) throw new RangeError('A budget of requests is above 0.')
  const count = Math.max(1, Math.floor(requestsPerSecond))
  const windowMs = (1000 * count) / requestsPerSecond
  /** When the last calls began, in a ring. */
  const begun = new Array<number>(count).fill(Number.NEGATIVE_INFINITY)
  let next = 0

  return async (signal) => {
    const at = Math.max(now(), (begun[next] ?? 0) + windowMs)
    begun[next] = at
    next = (next + 1) % count
    const waitMs = at - now()
    if (waitMs > 0) await sleep(waitMs, signal)
  }
}
