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

/** Follows the head of a chain by polling, and by a socket where there is one. */
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
  let wake: () => void = () => undefined
  const readFinalized = createFinalized(pool, settings)
  const socket =
    websocket === undefined
      ? undefined
      : createHeadSocket(websocket, {
          settings,
          onHead(head) {
            takeFromSocket(state, head, now())
            wake()
          },
        })

  async function poll(signal: AbortSignal): Promise<void> {
    state.polledAt = now()
    const before = state.top
    await pollHead(pool, { state, now, signal })
    const isNews = before && state.top && state.top.number > before.number
    if (socket?.isAlive() && isNews) state.missed ??= { head: state.top ?? before, since: now() }
  }

  function tendSocket(): void {
    if (state.missed && now() - state.missed.since >= pollMs) {
      state.missed = undefined
      socket?.close()
    }
    socket?.tend()
  }

  async function waitForPoll(signal: AbortSignal): Promise<void> {
    const isRelaxed = socket?.isAlive() && !state.lower && !state.missed
    const waitMs = state.polledAt + (isRelaxed ? pollMs * slowPolls : pollMs) - now()
    if (waitMs <= 0) return poll(signal)
    const woken = new Promise<void>((resolve) => {
      wake = resolve
    })
    await Promise.race([sleep(waitMs, signal), woken])
  }

  async function wait(known: BlockRef | undefined, signal: AbortSignal): Promise<Head | undefined> {
    while (!signal.aborted) {
      tendSocket()
      // A head from long ago says nothing about now.
      const isStale = !socket?.isAlive() && now() - state.polledAt >= pollMs
      if (!state.top || isStale) await poll(signal)
      const { top } = state
      if (top && top.hash !== known?.hash) return { ...top, ...(await readFinalized(signal)) }
      await waitForPoll(signal)
    }
    return undefined
  }

  return async ({ known, signal }) => {
    if (signal.aborted) return undefined
    const stopped = Promise.withResolvers<undefined>()
    const stop = () => {
      socket?.close()
      stopped.resolve(undefined)
    }
    signal.addEventListener('abort', stop, { once: true })
    try {
      const head = wait(known, signal).catch((error) => {
        if (signal.aborted) return undefined
        throw error
      })
      return await Promise.race([stopped.promise, head])
    } finally {
      signal.removeEventListener('abort', stop)
    }
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

/** The number of the newest block that cannot be undone, asked for now and then; chains without one have none. */
function createFinalized(
  pool: RpcPool,
  { now, pollMs }: Settings,
): (signal: AbortSignal) => Promise<{ finalized?: number }> {
  const everyMs = Math.max(finalizedMs, pollMs * finalizedPolls)
  let askedAt = Number.NEGATIVE_INFINITY
  let number: number | undefined

  async function ask(signal: AbortSignal): Promise<void> {
    const [provider] = pool.available()
    const call = { kind: 'head', signal } as const
    const answer = await provider
      ?.request('eth_getBlockByNumber', ['finalized', false], call)
      .catch(() => undefined)
    const told = readHead(answer)
    if (told && told.number > (number ?? -1)) number = told.number
  }

  return async (signal) => {
    if (now() - askedAt >= everyMs) {
      const isFirst = askedAt === Number.NEGATIVE_INFINITY
      askedAt = now()
      const asked = ask(signal)
      if (isFirst) await asked
    }
    return number === undefined ? {} : { finalized: number }
  }
}
