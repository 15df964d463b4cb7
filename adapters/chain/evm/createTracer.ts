import { NodeFailure, ProviderError } from '#errors/rpc.ts'
import { refuse } from './checkBlock.ts'
import type { Provider, TraceMode } from './createProvider.ts'
import type { RpcPool } from './createRpcPool.ts'
import {
  depositTopic,
  type RawBlock,
  type RawLog,
  type RawReceipt,
  type RawTransaction,
  transferTopic,
  withdrawalTopic,
  zeroWord,
} from './raw.ts'
import type { Assets } from './readMoves.ts'
import { readCallTrace, readFlatTrace, type Step, splitBlockTrace } from './readTrace.ts'
import type { Settings } from './settings.ts'

/** Times that every node is asked for a trace, and the first wait between in milliseconds, doubled each time. */
const maxRounds = 6
const firstWaitMs = 250

export const callTracer = { tracer: 'callTracer', tracerConfig: { withLog: true } }

/** What a plain payment costs: whatever costs that much has run no code. */
const plainGas = '0x5208'

/** Looks inside transactions, as far as nodes know how. */
export type Tracer = {
  /** Steps of one transaction; `null` where no node can tell. @throws ProviderError where all fail for the moment */
  trace(transaction: RawTransaction, receipt: RawReceipt): Promise<Step[] | null>
  /** Traces of a whole block by transaction hash, asked at once; `null` where no node can tell. */
  traceBlock(block: RawBlock): Promise<BlockTrace | null>
}

/** Reads the steps of one transaction of a block whose receipt is known by now. */
export type BlockTrace = (transaction: RawTransaction, receipt: RawReceipt) => Step[] | null

export function createTracer(pool: RpcPool, settings: Settings): Tracer {
  const { chain, now, sleep } = settings

  /** The first good answer of a node that knows how; those that fail for the moment are asked again. */
  async function ask<Result>(
    read: (provider: Provider, mode: AskedMode) => Promise<Result>,
  ): Promise<Result | null> {
    for (let round = 1; ; round++) {
      let isBusy = false
      for (const provider of pool.providers) {
        if (provider.refused || provider.traces === 'none') continue
        if (provider.down && provider.retryAt > now()) {
          isBusy = true
          continue
        }
        const beganAt = now()
        try {
          const result = await askOne(provider, { read, settings })
          if (result !== null) {
            provider.succeed()
            return result
          }
        } catch (error) {
          if (!(error instanceof NodeFailure)) throw error
          // A node that keeps no state of that block says so, and will say it again.
          if (error.kind === 'refused') continue
          provider.fail(error, beganAt)
          isBusy = true
        }
      }
      if (!isBusy) return null
      if (round === maxRounds) {
        const answers = pool.providers.map(({ host, reason }) => ({ host, reason }))
        throw new ProviderError({ chain: chain.id, answers })
      }
      await sleep(firstWaitMs * 2 ** (round - 1))
    }
  }

  return {
    trace: (transaction, receipt) =>
      ask(async (provider, mode) => {
        const [method, params] =
          mode === 'debug'
            ? ['debug_traceTransaction', [transaction.hash, callTracer]]
            : ['trace_transaction', [transaction.hash]]
        const answer = await provider.request(method as string, params as unknown[], {
          kind: 'hit',
        })
        return readOne(answer, { mode, transaction, receipt })
      }),
    traceBlock: ({ hash, number, transactions }) =>
      ask(async (provider, mode) => {
        const [method, params] =
          mode === 'debug'
            ? ['debug_traceBlockByHash', [hash, callTracer]]
            : ['trace_block', [number]]
        const answer = await provider.request(method as string, params as unknown[], {
          kind: 'hit',
        })
        const hashes = transactions.map((each) => each.hash)
        const traces = splitBlockTrace(answer, { mode, hashes })
        // A block known by its number alone may be another one by now.
        if (hashes.some((each) => !traces.has(each))) throw refuse('traces of another block')
        return (transaction, receipt) =>
          readOne(traces.get(transaction.hash), { mode, transaction, receipt })
      }),
  }
}

/**
 * Whether code that runs in a transaction may have paid the native asset without a log. The contracts of listed tokens do
 * not where they merely hand tokens on, or as their logs say where they wrap.
 */
export function mayPayInside(
  { to }: RawTransaction,
  { receipt: { gasUsed, status, logs }, assets }: { receipt: RawReceipt; assets: Assets },
): boolean {
  if (status === '0x0' || gasUsed === plainGas) return false
  const called = to?.toLowerCase()
  const isOfToken = called !== undefined && assets.tokens.has(called) && logs.length > 0
  return !isOfToken || !logs.every((log) => log.address.toLowerCase() === called && isPlain(log))
}

const approvalTopic = '0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925'

/** Tokens that are handed on, allowed or wrapped; not made or redeemed, for which something else may be paid out. */
function isPlain({ topics: [topic, from, to] }: RawLog): boolean {
  if (topic === transferTopic) return from !== zeroWord && to !== zeroWord
  return topic === approvalTopic || topic === depositTopic || topic === withdrawalTopic
}

type AskedMode = Exclude<TraceMode, 'none'>

async function askOne<Result>(
  provider: Provider,
  {
    read,
    settings: { chain, log },
  }: {
    read: (provider: Provider, mode: AskedMode) => Promise<Result>
    settings: Settings
  },
): Promise<Result | null> {
  for (;;) {
    const { traces: mode, host } = provider
    if (mode === 'none') return null
    try {
      return await read(provider, mode)
    } catch (error) {
      if (!(error instanceof NodeFailure) || error.kind !== 'method') throw error
      // Another call may have found that out meanwhile.
      if (provider.traces === mode) provider.traces = mode === 'debug' ? 'parity' : 'none'
      if (provider.traces !== 'none') continue
      log.warn({ chain: chain.id, host }, 'A node has no traces: what contracts pay is not seen')
    }
  }
}

function readOne(
  answer: unknown,
  {
    mode,
    transaction,
    receipt: { logs },
  }: { mode: AskedMode; transaction: RawTransaction; receipt: RawReceipt },
): Step[] {
  if (mode === 'debug') return readCallTrace(answer, { transaction, logs })
  if (!Array.isArray(answer)) throw refuse('a trace that is no list')
  return readFlatTrace(answer, { transaction, logs })
}
