/** How the program is asked to end: by SIGTERM, SIGINT or from within. */
export type Stop = {
  signal: AbortSignal
  /** Resolves when the signal is given. */
  stopped: Promise<void>
  now(): void
}

/** What is in hand when the signal comes may take this long; after that the program ends where it is. */
const graceMs = 4_000

/** Listens for SIGTERM and SIGINT. A second one ends the program at once. */
export function createStop(): Stop {
  const controller = new AbortController()
  const { signal } = controller
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve())
  })
  function now(): void {
    if (signal.aborted) return
    controller.abort()
    // What was saved stays saved, so that ending in the middle loses nothing.
    setTimeout(() => process.exit(process.exitCode ?? 0), graceMs).unref()
  }
  process.once('SIGTERM', now)
  process.once('SIGINT', now)
  return { signal, stopped, now }
}
