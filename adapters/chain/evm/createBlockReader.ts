import { NodeFailure, ProviderError } from '#errors/rpc.ts'
import type { BlockRef, ChainReader, FetchedBlock, Transaction } from '#types/chain.ts'
import { mayHoldTransfer } from './bloom.ts'
import { buildTransaction } from './buildTransaction.ts'
import {
  checkBlock,
  checkLogs,
  checkReceipt,
  checkReceipts,
  readHead,
  refuse,
} from './checkBlock.ts'
import type { Provider } from './createProvider.ts'
import type { RpcPool } from './createRpcPool.ts'
import {
  depositTopic,
  type RawBlock,
  type RawLog,
  type RawReceipt,
  transferTopic,
  withdrawalTopic,
} from './raw.ts'
import type { Assets } from './readMoves.ts'
import { selectTransactions } from './selectTransactions.ts'
import type { Settings } from './settings.ts'

const topics = [[transferTopic, depositTopic, withdrawalTopic]]

/** Receipts of single transactions that are asked for at once. */
const maxHitCalls = 16

/** What a node told of a block; without receipts they are asked for where they are needed. */
type Fetched = {
  block: RawBlock
  receipts?: RawReceipt[]
  logs: readonly (readonly RawLog[] | undefined)[]
}

/** Reads blocks in two calls each, all of one block from the same node. */
export function createBlockReader(
  pool: RpcPool,
  { settings, assets }: { settings: Settings; assets: Assets },
): Pick<ChainReader, 'readBlockAfter' | 'readRef'> {
  const { chain, log } = settings

  async function fetchBlock(ref: { number: number; hash?: string }): Promise<Fetched | undefined> {
    const doubters = new Set<Provider>()
    let doubts = 0
    return pool.run(async (provider) => {
      const fetched = await fetchFrom(provider, { ref, settings })
      if (!fetched || !isDoubtful(fetched)) return fetched
      // A bloom can be wrong by chance: a node that is alone with it is asked twice.
      doubters.add(provider)
      doubts += 1
      if (doubts < 2 || !pool.available().every((other) => doubters.has(other))) return undefined
      const { host } = provider
      log.warn(
        { chain: chain.id, block: ref.number, host },
        'A block may hold transfers that no node tells of',
      )
      return fetched
    })
  }

  async function readTransaction(fetched: Fetched, place: number): Promise<Transaction> {
    const { block, logs, receipts } = fetched
    const transaction = block.transactions[place]
    if (!transaction) throw new RangeError(`A block has no transaction ${place}.`)
    const { hash } = transaction
    const told = { hash: block.hash, transactionHash: hash, told: [...(logs[place] ?? [])] }
    const receipt =
      receipts?.[place] ??
      (await pool.run(async (provider) => {
        const answer = await provider.request('eth_getTransactionReceipt', [hash], { kind: 'hit' })
        return answer === null ? undefined : checkReceipt(answer, told)
      }))
    if (receipt) return buildTransaction(transaction, { receipt, assets })
    const answers = pool.providers.map(({ host }) => ({ host, reason: `no receipt of "${hash}"` }))
    throw new ProviderError({ chain: chain.id, answers })
  }

  async function readBlockAfter(number: number, head: BlockRef): Promise<FetchedBlock | undefined> {
    const next = number + 1
    if (next > head.number) return undefined
    const fetched = await fetchBlock({
      number: next,
      ...(next === head.number && { hash: head.hash }),
    })
    if (!fetched) return undefined
    const { block, logs } = fetched
    const { transactions } = block
    return {
      chain: chain.id,
      number: next,
      hash: block.hash,
      parentHash: block.parentHash,
      time: Number(block.timestamp),
      async readTransactions(watch) {
        const places = selectTransactions({ transactions, logs, assets }, watch)
        const told: Transaction[] = []
        for (let at = 0; at < places.length; at += maxHitCalls) {
          const some = places.slice(at, at + maxHitCalls)
          told.push(...(await Promise.all(some.map((place) => readTransaction(fetched, place)))))
        }
        return told
      },
    }
  }

  async function readRef(number: number): Promise<BlockRef | undefined> {
    return pool.run(
      async (provider) => {
        const params = [toHex(number), false]
        const answer = await provider.request('eth_getBlockByNumber', params, { kind: 'block' })
        if (answer === null) return undefined
        const ref = readHead(answer)
        if (ref?.number !== number) throw refuse(`another block than number ${number}`)
        return ref
      },
      { lackRounds: 1 },
    )
  }

  return { readBlockAfter, readRef }
}

function toHex(number: number): string {
  return `0x${number.toString(16)}`
}

/** The header says that there may be transfers, and no log tells of one. */
function isDoubtful({ block, logs, receipts }: Fetched): boolean {
  if (receipts || !mayHoldTransfer(block.logsBloom)) return false
  return !logs.some((group) => group?.some((log) => log.topics[0] === transferTopic))
}

async function fetchFrom(
  provider: Provider,
  { ref, settings }: { ref: { number: number; hash?: string }; settings: Settings },
): Promise<Fetched | undefined> {
  const { number, hash } = ref
  // The head is known by its hash, so that both questions can be asked at once.
  const early = hash === undefined ? undefined : fetchContents(provider, { hash, settings })
  early?.catch(() => undefined)
  const answer =
    hash === undefined
      ? await provider.request('eth_getBlockByNumber', [toHex(number), true], { kind: 'block' })
      : await provider.request('eth_getBlockByHash', [hash, true], { kind: 'block' })
  if (answer === null) return undefined
  const block = checkBlock(answer, ref)
  const { mode, told } = await (early ?? fetchContents(provider, { hash: block.hash, settings }))
  if (mode === 'logs') return { block, logs: checkLogs(told, block) }
  const receipts = checkReceipts(told, block)
  return { block, receipts, logs: receipts.map(({ logs }) => logs) }
}

/** What a block's transactions did, asked in the way that this node knows. */
async function fetchContents(
  provider: Provider,
  { hash, settings }: { hash: string; settings: Settings },
): Promise<{ mode: Provider['mode']; told: unknown }> {
  const { mode } = provider
  try {
    const [method, params] =
      mode === 'receipts'
        ? ['eth_getBlockReceipts', [hash]]
        : ['eth_getLogs', [{ blockHash: hash, topics }]]
    return {
      mode,
      told: await provider.request(method as string, params as unknown[], { kind: 'block' }),
    }
  } catch (error) {
    if (!(error instanceof NodeFailure) || error.kind !== 'method') throw error
    changeMode(provider, { from: mode, settings })
    if (provider.mode === mode) throw error
    return fetchContents(provider, { hash, settings })
  }
}

/** A node that does not know one call is asked by the other, unless that has been so before. */
function changeMode(
  provider: Provider,
  { from, settings: { chain, log } }: { from: Provider['mode']; settings: Settings },
): void {
  if (provider.mode !== from || provider.modeChanged) return
  provider.mode = from === 'receipts' ? 'logs' : 'receipts'
  provider.modeChanged = true
  const { host, mode } = provider
  log.warn({ chain: chain.id, host, mode }, 'A node does not know one call and is asked by another')
}
