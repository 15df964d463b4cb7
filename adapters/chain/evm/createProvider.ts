import { http } from 'viem'
import { InvalidNodeUrlError, NodeFailure } from '#errors/rpc.ts'
import { createBudget } from './createBudget.ts'
import { describeFailure, secretsOf } from './describeFailure.ts'
import type { CallKind, EvmProvider, Settings } from './settings.ts'

/** Milliseconds that a node is left alone after its first failure; doubled with each more. */
const firstBackoffMs = 250
const maxBackoffMs = 30_000

/** Milliseconds between two warnings about one node. */
const warnEveryMs = 60_000

/** Largest answer that is read: one of a crowded rollup block has some ten million bytes. */
const maxAnswerBytes = 256 * 2 ** 20

/** `debug_traceTransaction`, `trace_transaction`, or neither. */
export type TraceMode = 'debug' | 'parity' | 'none'

export type Call = { kind: CallKind; signal?: AbortSignal | undefined }

/** One node and what is known of it. */
export type Provider = {
  host: string
  /** How it is asked for what transactions did; changed when it turns out not to know that call. */
  mode: 'receipts' | 'logs'
  modeChanged: boolean
  /** How it is asked what happened inside transactions; what it does not know is not asked again. */
  traces: TraceMode
  /** Takes `{ blockHash }` in place of a block number (EIP-1898). */
  takesBlockHash: boolean
  /** Belongs to another chain. */
  refused: boolean
  /** Failed last time. */
  down: boolean
  /** Unix milliseconds before which it is left alone. */
  retryAt: number
  /** What it failed of last. */
  reason: string
  /** @throws NodeFailure */
  request(method: string, params: unknown[], call: Call): Promise<unknown>
  /** It answers, be it only that it does not have what was asked for. */
  recover(): void
  /** An answer was good. */
  succeed(): void
  /** A call that began then, in Unix milliseconds, went wrong. */
  fail(failure: NodeFailure, beganAt: number): void
  /** Asks in the background whether a node that failed answers again. */
  ping(): void
}

/** A node over viem's HTTP transport: its answers are handed on as they are. */
export function createProvider(
  { url: text, receipts = 'receipts', traces = 'auto', requestsPerSecond }: EvmProvider,
  { settings, place }: { settings: Settings; place: string },
): Provider {
  const { chain, log, now } = settings
  const url = readUrl(text, { chain: chain.id, place })
  const send = createSender(url, { settings, requestsPerSecond })
  let checked: Promise<void> | undefined
  let failures = 0
  let failedAt = Number.NEGATIVE_INFINITY
  const warn = createWarning(settings)
  let pinging = false

  async function checkChain(): Promise<void> {
    const told = await askChain(send)
    if (told === chain.id) return
    provider.refused = true
    provider.reason = `belongs to the chain ${told}`
    const fields = { chain: chain.id, host: url.host, told }
    log.error(fields, 'A node belongs to another chain and is not used')
    throw new NodeFailure(provider.reason, { kind: 'chain' })
  }

  const provider: Provider = {
    host: url.host,
    mode: receipts,
    modeChanged: false,
    traces: traces === 'auto' ? 'debug' : traces,
    takesBlockHash: true,
    refused: false,
    down: false,
    retryAt: 0,
    reason: 'not asked yet',
    async request(method, params, call) {
      checked ??= checkChain()
      try {
        await checked
      } catch (error) {
        if (!provider.refused) checked = undefined
        throw error
      }
      return send(method, params, call)
    },
    recover() {
      if (provider.down) log.info({ chain: chain.id, host: url.host }, 'A node answers again')
      provider.down = false
    },
    succeed() {
      provider.recover()
      failures = 0
    },
    fail(failure, beganAt) {
      provider.reason = failure.message
      if (provider.refused) return
      const asked = now() + (failure.retryAfterMs ?? 0)
      provider.retryAt = Math.max(provider.retryAt, asked)
      provider.down = true
      // Calls that were under way together fail together: that is one failure.
      if (beganAt <= failedAt) return
      failures += 1
      failedAt = now()
      const backoffMs = Math.min(firstBackoffMs * 2 ** (failures - 1), maxBackoffMs)
      const jitter = 1 - Math.random() / 4
      provider.retryAt = Math.max(provider.retryAt, now() + backoffMs * jitter)
      warn({ chain: chain.id, host: url.host, reason: failure.message, failures })
    },
    ping() {
      if (pinging) return
      pinging = true
      const beganAt = now()
      provider
        .request('eth_blockNumber', [], { kind: 'head' })
        .then(
          // Its next failure counts on until an answer that matters was good.
          () => provider.recover(),
          (failure) => provider.fail(failure, beganAt),
        )
        .finally(() => {
          pinging = false
        })
    },
  }
  return provider
}

/** The CAIP-2 id of the chain that a node belongs to. */
async function askChain(send: Provider['request']): Promise<string> {
  const answer = await send('eth_chainId', [], { kind: 'head' })
  if (typeof answer === 'string' && /^0x[0-9a-f]+$/i.test(answer)) return `eip155:${BigInt(answer)}`
  throw new NodeFailure('no chain id', { kind: 'answer' })
}

/** Warns now and then; what comes sooner is for debugging. */
function createWarning({ log, now }: Settings): (fields: object) => void {
  let warnedAt = Number.NEGATIVE_INFINITY
  return (fields) => {
    const isDue = now() - warnedAt >= warnEveryMs
    if (isDue) warnedAt = now()
    log[isDue ? 'warn' : 'debug'](fields, 'A node failed')
  }
}

/** @throws InvalidNodeUrlError */
export function readUrl(text: string, { chain, place }: { chain: string; place: string }): URL {
  if (!URL.canParse(text)) throw new InvalidNodeUrlError({ chain, place })
  return new URL(text)
}

/** Sends one call in the node's budget, and throws what goes wrong as a NodeFailure. */
export function createSender(
  url: URL,
  {
    settings: { onCall, now, sleep, timeoutMs },
    requestsPerSecond,
  }: {
    settings: Pick<Settings, 'onCall' | 'now' | 'sleep' | 'timeoutMs'>
    requestsPerSecond?: number | undefined
  },
): Provider['request'] {
  const secrets = secretsOf(url)
  const takeBudget = createBudget({ requestsPerSecond, now, sleep })
  const options = { retryCount: 0, timeout: timeoutMs, maxResponseBodySize: maxAnswerBytes }
  const request = http(url.href, options)({}).request as (
    body: { method: string; params: unknown[] },
    options: { signal?: AbortSignal },
  ) => Promise<unknown>

  return async (method, params, { kind, signal }) => {
    await takeBudget(signal)
    onCall(method, kind)
    try {
      return await request({ method, params }, signal ? { signal } : {})
    } catch (error) {
      throw describeFailure(error, { secrets, timeoutMs, now: now() })
    }
  }
}
