import type { BlockRef, ChainReader, Head } from '#types/chain.ts'
import { checkHead, readHead } from './checkBlock.ts'
import { createHeadSocket } from './createHeadSocket.ts'
import type { RpcPool } from './createRpcPool.ts'
import type { Settings } from './settings.ts'

/** Polls and milliseconds that all nodes must tell a lower head for it to be taken: one that lags is soon past it. */
const lowerPolls = 3
const lowerMs = 500

/** Polls are so many times rarer while a socket tells of heads. */
const slowPolls = 5

/** Milliseconds between two questions for the finalized block: at least these, and so many polls. */
const finalizedMs = 2000
const finalizedPolls = 10

type HeadState = {
  top: BlockRef | undefined
  /** Since when all nodes tell a head below `top`. */
  lower: { since: number; polls: number } | undefined
  /** A head that the socket has not told of. */
  missed: { head: BlockRef; since: number } | undefined
  polledAt: number
}

/** Somebody who waits for a head. */
type Waiter = { known: BlockRef | undefined; signal: AbortSignal; alarm: AbortController }

/**
 * Follows the head of a chain by polling, and by a socket where there is one. However many wait at the same time, there
 * is one poll and one socket, which end with the last of them.
 */
export function createHeads(
  pool: RpcPool,
  { settings, websocket }: { settings: Settings; websocket?: string | undefined },
): ChainReader['waitForHead'] {
  const { now, sleep, pollMs } = settings
  const state: HeadState = {
    top: undefined,
    lower: undefined,
    missed: undefined,
    polledAt: Number.NEGATIVE_INFINITY,
  }
  const crowd = createCrowd(() => {
    polling = undefined
    socket?.rest()
  })
  let polling: Promise<void> | undefined
  const readFinalized = createFinalized(pool, { settings, state })
  const socket =
    websocket === undefined
      ? undefined
      : createHeadSocket(websocket, {
          settings,
          onHead(head) {
            takeFromSocket(state, head, now())
            crowd.wake()
          },
        })

  function poll(): Promise<void> {
    if (polling !== undefined) return polling
    const own = startPoll().finally(() => {
      if (polling === own) polling = undefined
    })
    polling = own
    return own
  }

  async function startPoll(): Promise<void> {
    state.polledAt = now()
    const before = state.top
    await pollHead(pool, { state, now, signal: crowd.signal() })
    const isNews = before && state.top && state.top.number > before.number
    if (socket?.isAlive() && isNews) state.missed ??= { head: state.top ?? before, since: now() }
    if (state.top?.hash !== before?.hash) crowd.wake()
  }

  function tendSocket(): void {
    if (state.missed && now() - state.missed.since >= pollMs) {
      state.missed = undefined
      socket?.close()
    }
    socket?.tend()
  }

  async function waitForPoll(waiter: Waiter): Promise<void> {
    const isRelaxed = socket?.isAlive() && !state.lower && !state.missed
    const waitMs = state.polledAt + (isRelaxed ? pollMs * slowPolls : pollMs) - now()
    if (waitMs <= 0) return poll()
    waiter.alarm = new AbortController()
    await sleep(waitMs, waiter.alarm.signal)
  }

  async function wait(waiter: Waiter): Promise<Head | undefined> {
    const { known, signal } = waiter
    while (!signal.aborted) {
      tendSocket()
      // A head from long ago says nothing about now.
      const isStale = !socket?.isAlive() && now() - state.polledAt >= pollMs
      if (!state.top || isStale) await poll()
      const { top } = state
      if (top && top.hash !== known?.hash)
        return { ...top, ...(await readFinalized(top, crowd.signal())) }
      if (!signal.aborted) await waitForPoll(waiter)
    }
    return undefined
  }

  return ({ known, signal }) => crowd.join({ known, signal, alarm: new AbortController() }, wait)
}

/** Those who wait at the same time. `onEmpty` is told when the last of them was stopped. */
function createCrowd(onEmpty: () => void) {
  const waiters = new Set<Waiter>()
  const followed = new WeakSet<AbortSignal>()
  let shared = new AbortController()

  function rest(): void {
    if ([...waiters].some(({ signal }) => !signal.aborted)) return
    shared.abort()
    shared = new AbortController()
    onEmpty()
  }

  /** Listens on after the wait: whoever is stopped between two waits needs nothing more either. */
  function follow(signal: AbortSignal): void {
    if (followed.has(signal)) return
    followed.add(signal)
    signal.addEventListener('abort', rest, { once: true })
  }

  return {
    /** Given when nobody waits any more. */
    signal: () => shared.signal,
    wake() {
      for (const { alarm } of waiters) alarm.abort()
    },
    /** What `wait` answers, or at once `undefined` when the waiter is stopped. */
    async join(
      waiter: Waiter,
      wait: (waiter: Waiter) => Promise<Head | undefined>,
    ): Promise<Head | undefined> {
      const { signal } = waiter
      if (signal.aborted) return undefined
      const stopped = Promise.withResolvers<undefined>()
      const stop = () => {
        waiter.alarm.abort()
        stopped.resolve(undefined)
      }
      follow(signal)
      signal.addEventListener('abort', stop, { once: true })
      waiters.add(waiter)
      try {
        const head = wait(waiter).catch((error) => {
          if (signal.aborted) return undefined
          throw error
        })
        return await Promise.race([stopped.promise, head])
      } finally {
        waiters.delete(waiter)
        signal.removeEventListener('abort', stop)
      }
    },
  }
}

function takeFromSocket(state: HeadState, head: BlockRef, now: number): void {
  if (state.missed && head.number >= state.missed.head.number) state.missed = undefined
  if (state.top && head.number < state.top.number) {
    // A branch that replaces ours begins below it: what holds in the end is polled for.
    state.lower ??= { since: now, polls: 0 }
    return
  }
  state.top = head
  state.lower = undefined
}

/** Asks for the newest block. A lower one than before is taken only once all nodes keep telling it. */
async function pollHead(
  pool: RpcPool,
  { state, now, signal }: { state: HeadState; now: () => number; signal: AbortSignal },
): Promise<void> {
  const lagging: BlockRef[] = []
  const head = await pool.run(
    async (provider) => {
      const call = { kind: 'head', signal } as const
      const told = checkHead(
        await provider.request('eth_getBlockByNumber', ['latest', false], call),
      )
      if (!state.top || told.number >= state.top.number) return told
      lagging.push(told)
      return undefined
    },
    { signal, lackRounds: 1 },
  )
  if (head) {
    state.top = head
    state.lower = undefined
    return
  }
  state.lower ??= { since: now(), polls: 0 }
  state.lower.polls += 1
  if (state.lower.polls < lowerPolls || now() - state.lower.since < lowerMs) return
  state.top = lagging.reduce((best, next) => (next.number > best.number ? next : best))
  state.lower = undefined
}

/**
 * The number of the newest block that cannot be undone, asked for now and then; chains without one have none. None that
 * is above the head is believed: the next node is asked.
 */
function createFinalized(
  pool: RpcPool,
  { settings: { now, pollMs }, state }: { settings: Settings; state: HeadState },
): (head: BlockRef, signal: AbortSignal) => Promise<{ finalized?: number }> {
  const everyMs = Math.max(finalizedMs, pollMs * finalizedPolls)
  let askedAt = Number.NEGATIVE_INFINITY
  let number: number | undefined
  let first: Promise<void> | undefined

  async function ask(signal: AbortSignal): Promise<void> {
    for (const provider of pool.available()) {
      const call = { kind: 'head', signal } as const
      const answer = await provider
        .request('eth_getBlockByNumber', ['finalized', false], call)
        .catch(() => undefined)
      if (signal.aborted) return
      const told = readHead(answer)
      if (!told || told.number > (state.top?.number ?? -1)) continue
      number = Math.max(told.number, number ?? -1)
      return
    }
  }

  return async (head, signal) => {
    if (now() - askedAt >= everyMs) {
      askedAt = now()
      const asked = ask(signal)
      first ??= asked
    }
    await first
    // The head may have gone back below it since.
    if (number !== undefined && number > (state.top?.number ?? -1)) number = undefined
    return number === undefined || number > head.number ? {} : { finalized: number }
  }
}
