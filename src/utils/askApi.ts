import type { z } from 'zod'

/** A public API that is asked for what nobody depends on. */
export type Api = {
  url: string
  log: { warn(about: object, text: string): void }
  /** @default 5 s */
  timeoutMs?: number
}

/**
 * An answer of an API, in the shape that is expected of it; `undefined` where it knows nothing (404), and where it fails,
 * which stands in the log as `lacks`.
 */
export async function askApi<Shape extends z.ZodType>(
  { url, log, timeoutMs = 5_000 }: Api,
  { path, shape, lacks }: { path: string; shape: Shape; lacks: string },
): Promise<z.infer<Shape> | undefined> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(`${url.replace(/\/$/, '')}${path}`, { signal, redirect: 'error' })
    if (response.status === 404) return undefined
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    return shape.parse(await response.json())
  } catch (error) {
    // Only what it is, not what it says: an answer may hold anything.
    log.warn({ host: URL.parse(url)?.host, kind: (error as Error).name }, lacks)
    return undefined
  }
}
