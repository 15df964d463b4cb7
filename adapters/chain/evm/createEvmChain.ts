import { setTimeout } from 'node:timers/promises'
import type { Chain, ChainReader } from '#types/chain.ts'
import { createBalanceReader } from './createBalanceReader.ts'
import { createBlockReader } from './createBlockReader.ts'
import { createHeads } from './createHeads.ts'
import { createHistory } from './createHistory.ts'
import { createPlaceReader } from './createPlaceReader.ts'
import { createProvider } from './createProvider.ts'
import { createRpcPool } from './createRpcPool.ts'
import type { EvmLog, EvmOptions, Settings } from './settings.ts'

/** Blocks asked for at once while catching up: more of them fill the memory before they fill the line. */
const readAhead = 8

const minPollMs = 100

/**
 * Reads an EVM chain over JSON-RPC, two calls a block whatever is watched. A node is never believed unchecked, and the
 * next one is asked where one fails.
 * @throws InvalidNodeUrlError
 * @example createEvmChain(ethereum, { providers: [{ url: 'https://node.example/key' }] })
 */
export function createEvmChain(chain: Chain, options: EvmOptions): ChainReader {
  if (!/^eip155:\d+$/.test(chain.id)) throw new RangeError(`"${chain.id}" is no EVM chain.`)
  if (options.providers.length === 0)
    throw new RangeError('A chain is read through a node or more.')
  const settings = readSettings(chain, options)
  const providers = options.providers.map((provider, index) =>
    createProvider(provider, { settings, place: `node ${index + 1}` }),
  )
  const pool = createRpcPool(providers, settings)
  const tokens = new Map(chain.tokens.map((token) => [token.contract.toLowerCase(), token]))
  const { native, bridges = [] } = chain
  const signers = new Set(chain.tokens.flatMap((token) => token.signers ?? []))
  const assets = { native: native.id, tokens, bridges, signers }
  return {
    chain: chain.id,
    readAhead,
    waitForHead: createHeads(pool, { settings, websocket: options.websocket }),
    ...createBlockReader(pool, { settings, assets }),
    ...(options.history && { nextActive: createHistory(options.history, settings) }),
    readPlace: createPlaceReader(pool, settings),
    ...createBalanceReader(pool, { settings, cache: options.cache }),
  }
}

function readSettings(chain: Chain, options: EvmOptions): Settings {
  const {
    pollMs = 1000,
    timeoutMs = 10_000,
    log = silent,
    onCall = () => undefined,
    now = steadyNow,
    sleep = pause,
  } = options
  return { chain, pollMs: Math.max(pollMs, minPollMs), timeoutMs, log, onCall, now, sleep }
}

/** Unix milliseconds that never jump, whatever is done to the clock of the machine meanwhile. */
function steadyNow(): number {
  return performance.timeOrigin + performance.now()
}

const silent: EvmLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** Cut short by its signal it is no fault: who waits looks at the signal next. */
async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, signal ? { signal } : {}).catch(() => undefined)
}
