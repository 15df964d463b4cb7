import type Keyv from 'keyv'
import type { Chain } from '#types/chain.ts'

/** What is asked for: `head` calls go on without end, `hit` ones come with what is watched. */
export type CallKind = 'head' | 'block' | 'hit' | 'balance'

export type EvmLog = Record<
  'debug' | 'info' | 'warn' | 'error',
  (fields: object, text: string) => void
>

export type EvmProvider = {
  /** HTTP; its path, query and credentials are kept secret. */
  url: string
  /** How it is asked for what a block's transactions did: some nodes price or know only one. @default 'receipts' */
  receipts?: 'receipts' | 'logs'
  /**
   * How it is asked what contracts paid: `debug_traceTransaction`, `trace_transaction`, not at all, or what it turns out to
   * know. @default 'auto'
   */
  traces?: 'auto' | 'debug' | 'parity' | 'none'
  /** Calls that may begin within one second. @default none */
  requestsPerSecond?: number
}

/** An API of Etherscan's kind, whose URL may hold a query such as `?chainid=1`. */
export type HistoryOptions = { url: string; key?: string; requestsPerSecond?: number }

export type EvmOptions = {
  /** The first that answers well is asked. */
  providers: EvmProvider[]
  /** Tells in which blocks addresses have moved, so that catching up passes over the others. @default none */
  history?: HistoryOptions
  /** Tells of heads sooner than polling. */
  websocket?: string
  /** @default 1000, at least 100 */
  pollMs?: number
  /** @default 10000 */
  timeoutMs?: number
  log?: EvmLog
  /** Keeps balances by block hash. */
  cache?: Keyv
  /** Told of every call that is sent. */
  onCall?: (method: string, kind: CallKind) => void
  /** Unix milliseconds. */
  now?: () => number
  /** Resolves after so many milliseconds, or sooner when the signal is given. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** The options with their defaults. */
export type Settings = {
  chain: Chain
  pollMs: number
  timeoutMs: number
  log: EvmLog
  onCall: (method: string, kind: CallKind) => void
  now: () => number
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}
