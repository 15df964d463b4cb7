import type { z } from 'zod'

/**
 * An answer of a public API, in the shape that is expected of it; `undefined` where it knows nothing (404).
 * @throws Error with no word of the answer, which may hold anything
 */
export async function fetchJson<Shape extends z.ZodType>(
  url: string | URL,
  { shape, timeoutMs }: { shape: Shape; timeoutMs: number },
): Promise<z.infer<Shape> | undefined> {
  const signal = AbortSignal.timeout(timeoutMs)
  const response = await fetch(url, { signal, redirect: 'error' })
  if (response.status === 404) return undefined
  if (!response.ok) throw new Error(`HTTP status ${response.status}`)
  return shape.parse(await response.json())
}
