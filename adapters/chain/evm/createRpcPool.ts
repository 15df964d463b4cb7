import { NodeFailure, ProviderError, WrongChainError } from '#errors/rpc.ts'
import type { Provider } from './createProvider.ts'
import type { Settings } from './settings.ts'

/** Times that every node is asked, with growing waits of about 90 seconds in all, before a call is given up. */
const maxRounds = 10

/** The same for a question that nodes refuse to answer: they seldom change their mind. */
const maxForgivingRounds = 5

/** Longest that a call waits for a node that asks to be left alone. */
const maxWaitMs = 300_000

/** Times that the nodes are asked for what they do not have (yet), and the first wait between, doubled each time. */
const maxLackRounds = 4
const lackWaitMs = 250

type RunOptions = {
  /** Given, it is tried without end until then; else a bounded number of times. */
  signal?: AbortSignal | undefined
  /** How often to ask for what no node has. */
  lackRounds?: number
  /** An error that a node answers is about the question: it is not left alone for it. */
  forgiving?: boolean
}

/** Several nodes of one chain, asked in order of preference. */
export type RpcPool = {
  providers: readonly Provider[]
  /** Those that may be asked now. */
  available(): Provider[]
  /**
   * What `task` makes of the first node that answers well. `undefined` from it says that this node does not have it.
   * @throws ProviderError, WrongChainError, and the signal's reason
   */
  run<T>(
    task: (provider: Provider) => Promise<T | undefined>,
    options?: RunOptions,
  ): Promise<T | undefined>
}

type Round<T> = { value?: T | undefined; lacked: boolean }

export function createRpcPool(providers: readonly Provider[], settings: Settings): RpcPool {
  const { chain, now, sleep } = settings

  function available(): Provider[] {
    const ready = providers.filter(
      ({ refused, down, retryAt }) => !refused && (!down || retryAt <= now()),
    )
    return [...ready.filter(({ down }) => !down), ...ready.filter(({ down }) => down)]
  }

  async function ask<T>(
    candidates: readonly Provider[],
    task: (provider: Provider) => Promise<T | undefined>,
    { signal, forgiving }: RunOptions,
  ): Promise<Round<T>> {
    let lacked = false
    for (const [place, provider] of candidates.entries()) {
      const beganAt = now()
      try {
        const value = await task(provider)
        if (value !== undefined) {
          provider.succeed()
          // Whoever was passed over is seen to, so that it comes back.
          for (const later of candidates.slice(place + 1)) if (later.down) later.ping()
          return { value, lacked }
        }
        provider.recover()
        lacked = true
      } catch (error) {
        if (signal?.aborted) throw signal.reason
        if (!(error instanceof NodeFailure)) throw error
        if (forgiving && error.kind === 'refused') provider.reason = error.message
        else provider.fail(error, beganAt)
      }
    }
    return { lacked }
  }

  function giveUp(): ProviderError | WrongChainError {
    const answers = providers.map(({ host, reason }) => ({ host, reason }))
    const ErrorClass = providers.every(({ refused }) => refused) ? WrongChainError : ProviderError
    return new ErrorClass({ chain: chain.id, answers })
  }

  async function run<T>(
    task: (provider: Provider) => Promise<T | undefined>,
    options: RunOptions = {},
  ): Promise<T | undefined> {
    const { signal, lackRounds = maxLackRounds, forgiving } = options
    const rounds = forgiving ? maxForgivingRounds : maxRounds
    let lacks = 0
    for (let round = 1; ; round++) {
      signal?.throwIfAborted()
      const { value, lacked } = await ask(available(), task, options)
      if (value !== undefined) return value
      if (lacked) lacks += 1
      if (lacks >= lackRounds) return undefined
      const usable = providers.filter(({ refused }) => !refused)
      if (usable.length === 0 || (!signal && round >= rounds)) throw giveUp()
      const restMs = lackWaitMs * 2 ** Math.min(round - 1, maxForgivingRounds)
      const waits = usable.map(({ down, retryAt }) => (down ? retryAt - now() : restMs))
      const waitMs = Math.max(Math.min(...waits), 1)
      if (!signal && waitMs > maxWaitMs) throw giveUp()
      await sleep(waitMs, signal)
    }
  }

  return { providers, available, run }
}
