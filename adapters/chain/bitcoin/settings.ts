import type { Chain } from '#types/chain.ts'

/** `core` speaks the JSON-RPC of Bitcoin Core, `esplora` the REST API of Blockstream's explorer. */
export type BitcoinProvider = { url: string; api: 'core' | 'esplora' }

export type BitcoinLog = { warn(about: object, text: string): void }

export type BitcoinOptions = {
  /** Asked in this order: the next one where one fails. */
  providers: readonly BitcoinProvider[]
  /** Wait between two questions for a new head, in milliseconds. @default 10 s */
  pollMs?: number
  /** @default 30 s: a block is up to 4 MB */
  timeoutMs?: number
  log?: BitcoinLog
}

export type Settings = { chain: Chain; pollMs: number; timeoutMs: number; log: BitcoinLog }

/** What a node of either kind is asked. Hashes are as people write them; `undefined` is what it does not have. */
export type BitcoinSource = {
  /** For messages: the rest of its URL may hold a key. */
  host: string
  readTip(signal?: AbortSignal): Promise<string>
  readNumber(hash: string): Promise<number | undefined>
  readHash(number: number): Promise<string | undefined>
  /** A whole block in the format of the network. */
  readBlock(hash: string): Promise<Uint8Array | undefined>
  /** The hash of the block that holds a transaction; `null` while none does. */
  readPlace(txid: string): Promise<string | null | undefined>
  /** What the inputs of some transactions of a block spend, by the id of the coin. */
  readSpent(query: {
    block: string
    txids: readonly string[]
    coins: readonly string[]
  }): Promise<Map<string, Output>>
}

/** What an output holds, in satoshi, and its locking script. */
export type Output = { amount: bigint; script: Uint8Array }
