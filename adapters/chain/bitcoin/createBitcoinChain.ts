import { setTimeout } from 'node:timers/promises'
import { TransactionNotFoundError } from '#errors/case.ts'
import { NodeFailure, ProviderError, WrongChainError } from '#errors/rpc.ts'
import type {
  BlockRef,
  Chain,
  ChainReader,
  FetchedBlock,
  Head,
  Transaction,
  Watch,
} from '#types/chain.ts'
import { createCore } from './createCore.ts'
import { createEsplora } from './createEsplora.ts'
import { type BitcoinBlock, decodeBlock, refuse } from './decodeBlock.ts'
import { selectTransactions, toTransaction } from './readCoins.ts'
import { createAddresses } from './scripts.ts'
import type {
  BitcoinOptions,
  BitcoinProvider,
  BitcoinSource,
  Output,
  Settings,
} from './settings.ts'

/** Blocks asked for at once while catching up. */
const readAhead = 4

/** How much of the hash of the first block CAIP-2 takes. */
const chainDigits = 32

/**
 * Reads a chain of Bitcoin's kind through nodes or explorers. Blocks are taken raw and proven by their hash; only what
 * coins hold that were made in other blocks is believed where a node tells no raw transaction.
 * @example createBitcoinChain(bitcoin, { providers: [{ url: 'https://blockstream.info/api', api: 'esplora' }] })
 */
export function createBitcoinChain(chain: Chain, options: BitcoinOptions): ChainReader {
  const format = chain.coins
  if (!format) throw new RangeError(`"${chain.id}" is no chain of coins.`)
  const { pollMs = 10_000, timeoutMs = 30_000, log = { warn: () => undefined } } = options
  const settings: Settings = { chain, pollMs, timeoutMs, log }
  if (options.providers.length === 0)
    throw new RangeError('A chain is read through a node or more.')
  const sources = options.providers.map((provider) => openSource(provider, settings))
  const run = createTurns(sources, settings)
  const addressOf = createAddresses(format)
  const asset = chain.native.id

  async function readTransactions(
    source: BitcoinSource,
    block: BitcoinBlock,
    watch: Watch,
  ): Promise<Transaction[]> {
    const hits = selectTransactions(block, { watch, addressOf })
    if (hits.length === 0) return []
    const read = async (from: BitcoinSource) => {
      const spent = await readSpent(from, block, hits)
      return hits.map((hit) => toTransaction(hit, { asset, spent, addressOf }))
    }
    return run(read, { first: source })
  }

  return {
    chain: chain.id,
    readAhead,
    async waitForHead({ known, signal }) {
      while (!signal.aborted) {
        const head = await run(readHead)
        if (head.hash !== known?.hash) return head
        await setTimeout(pollMs, undefined, { signal }).catch(() => undefined)
      }
      return undefined
    },
    async readBlockAfter(number, head): Promise<FetchedBlock | undefined> {
      const next = number + 1
      if (next > head.number) return undefined
      return run(async (source) => {
        const hash = next === head.number ? head.hash : await source.readHash(next)
        const bytes = hash === undefined ? undefined : await source.readBlock(hash)
        if (hash === undefined || !bytes) throw refuse(`no block ${next}, which it had told of`)
        const block = decodeBlock(bytes, hash)
        const { parentHash, time } = block
        const about = { chain: chain.id, number: next, hash, parentHash, time }
        return { ...about, readTransactions: (watch) => readTransactions(source, block, watch) }
      })
    },
    readRef: (number) =>
      run(async (source): Promise<BlockRef | undefined> => {
        const hash = await source.readHash(number)
        return hash === undefined ? undefined : { number, hash }
      }),
    async readPlace(transaction) {
      const place = await run(async (source) => {
        const hash = await source.readPlace(transaction)
        return hash ? readBlockRef(source, hash) : undefined
      })
      if (place) return place
      throw new TransactionNotFoundError({ transaction, chain: chain.id })
    },
    async readCoins({ transaction, at }) {
      return run(async (source) => {
        const bytes = await source.readBlock(at.hash)
        if (!bytes) throw refuse('no block that it had told of')
        const block = decodeBlock(bytes, at.hash)
        const found = block.transactions.find(({ txid }) => txid === transaction)
        return (found?.outputs ?? []).map(({ amount, script }, index) => {
          return { id: `${transaction}:${index}`, address: addressOf(script), amount }
        })
      })
    },
    // Coins are followed one by one: what else lies at an address says nothing about them.
    readBalance: async () => 0n,
  }
}

/** @throws NodeFailure */
export function openSource(
  { url, api }: BitcoinProvider,
  settings: Pick<Settings, 'timeoutMs'>,
): BitcoinSource {
  return api === 'core' ? createCore(url, settings) : createEsplora(url, settings)
}

async function readHead(source: BitcoinSource): Promise<Head> {
  const hash = await source.readTip()
  const number = await source.readNumber(hash)
  if (number === undefined) throw refuse('a newest block that it does not have')
  return { number, hash }
}

async function readBlockRef(source: BitcoinSource, hash: string) {
  const number = await source.readNumber(hash)
  const bytes = await source.readBlock(hash)
  if (number === undefined || !bytes) throw refuse('no block that it had told of')
  return { number, hash, time: decodeBlock(bytes, hash).time }
}

/** What some transactions of a block spend: of this block as it says itself, of others as the source says. */
async function readSpent(
  source: BitcoinSource,
  { hash, transactions }: BitcoinBlock,
  hits: readonly { txid: string; spends: string[] }[],
): Promise<Map<string, Output>> {
  const outputs = new Map<string, Output>()
  const spends = new Set(hits.flatMap((hit) => hit.spends))
  for (const { txid, outputs: made } of transactions) {
    for (const [index, output] of made.entries()) {
      if (spends.has(`${txid}:${index}`)) outputs.set(`${txid}:${index}`, output)
    }
  }
  const isElsewhere = (id: string) => !outputs.has(id)
  const txids = hits.filter((hit) => hit.spends.some(isElsewhere)).map(({ txid }) => txid)
  const coins = [...spends].filter(isElsewhere)
  if (coins.length === 0) return outputs
  const read = await source.readSpent({ block: hash, txids, coins })
  for (const id of coins) {
    const output = read.get(id)
    if (output) outputs.set(id, output)
  }
  return outputs
}

/**
 * Asks one source after the other until one gives a usable answer; each must belong to the chain.
 * @throws ProviderError, WrongChainError
 */
function createTurns(sources: readonly BitcoinSource[], { chain, log }: Settings) {
  const proven = new Set<BitcoinSource>()

  async function prove(source: BitcoinSource): Promise<void> {
    if (proven.has(source)) return
    const first = await source.readHash(0)
    if (first === undefined) throw refuse('no first block')
    if (first.slice(0, chainDigits) !== chain.id.split(':')[1]) {
      throw new NodeFailure('it belongs to another chain', { kind: 'chain' })
    }
    proven.add(source)
  }

  return async function run<Value>(
    use: (source: BitcoinSource) => Promise<Value>,
    { first }: { first?: BitcoinSource } = {},
  ): Promise<Value> {
    const answers: { host: string; reason: string }[] = []
    let isWrong = true
    const ordered = first ? [first, ...sources.filter((source) => source !== first)] : sources
    for (const source of ordered) {
      try {
        await prove(source)
        return await use(source)
      } catch (error) {
        if (!(error instanceof NodeFailure)) throw error
        const { host } = source
        if (error.kind !== 'chain') isWrong = false
        log.warn({ chain: chain.id, host, reason: error.message }, 'A node failed')
        answers.push({ host, reason: error.message })
      }
    }
    throw new (isWrong ? WrongChainError : ProviderError)({ chain: chain.id, answers })
  }
}
