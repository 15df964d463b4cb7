/** Wakes whoever waits. */
export type Bell = {
  ring(): void
  /** An ear that misses no ring, also one while it was busy. */
  listen(): Listener
}

export type Listener = {
  /** Resolves at a ring since the last wait, when the time is over, or when the signal is given. */
  wait(options: { signal: AbortSignal; timeoutMs?: number }): Promise<void>
}

/** Longest time that a timer of Node takes; a longer wait ends early. */
const maxTimeoutMs = 2 ** 31 - 1

/** @example const ear = bell.listen(); await ear.wait({ signal }) */
export function createBell(): Bell {
  let rings = 0
  const waiting = new Set<() => void>()
  return {
    ring() {
      rings += 1
      for (const wake of waiting) wake()
    },
    listen() {
      let heard = 0
      return {
        async wait({ signal, timeoutMs = maxTimeoutMs }) {
          if (heard === rings && !signal.aborted) {
            await new Promise<void>((resolve) => {
              const timer = setTimeout(wake, Math.min(timeoutMs, maxTimeoutMs))
              function wake(): void {
                clearTimeout(timer)
                signal.removeEventListener('abort', wake)
                waiting.delete(wake)
                resolve()
              }
              signal.addEventListener('abort', wake)
              waiting.add(wake)
            })
          }
          heard = rings
        },
      }
    },
  }
}
