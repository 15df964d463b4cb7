import { NodeFailure, ProviderError } from '#errors/rpc.ts'
import { UserError } from '#errors/userError.ts'
import type { BlockRef, ChainReader, FetchedBlock, Transaction, Watch } from '#types/chain.ts'
import { buildTransaction } from './buildTransaction.ts'
import { checkReceipt, readHead, refuse } from './checkBlock.ts'
import {
  checkFetched,
  createBlockFetcher,
  type FetchBlock,
  type Fetched,
  toHex,
} from './createBlockFetcher.ts'
import type { RpcPool } from './createRpcPool.ts'
import type { Assets } from './readMoves.ts'
import { type Contents, selectTransactions, touchesWatched } from './selectTransactions.ts'
import type { Settings } from './settings.ts'

/** Receipts of single transactions that are asked for at once. */
const maxHitCalls = 16

/** Reads blocks in two calls each, all of one block from the same node. */
export function createBlockReader(
  pool: RpcPool,
  { settings, assets }: { settings: Settings; assets: Assets },
): Pick<ChainReader, 'readBlockAfter' | 'readRef'> {
  const { chain } = settings

  const fetchBlock = createBlockFetcher(pool, settings)

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

  async function readAll(fetched: Fetched, watch: Watch): Promise<Transaction[]> {
    if (!touchesWatched(contentsOf(fetched, assets), watch)) return []
    const whole = await makeWhole(fetched, { pool, settings, fetchBlock })
    const places = selectTransactions(contentsOf(whole, assets), watch)
    const told: Transaction[] = []
    for (let at = 0; at < places.length; at += maxHitCalls) {
      const some = places.slice(at, at + maxHitCalls)
      told.push(...(await Promise.all(some.map((place) => readTransaction(whole, place)))))
    }
    return told
  }

  async function readBlockAfter(number: number, head: BlockRef): Promise<FetchedBlock | undefined> {
    const next = number + 1
    if (next > head.number) return undefined
    const fetched = await fetchBlock({
      number: next,
      ...(next === head.number && { hash: head.hash }),
    })
    if (!fetched) return undefined
    const { block } = fetched
    return {
      chain: chain.id,
      number: next,
      hash: block.hash,
      parentHash: block.parentHash,
      time: Number(block.timestamp),
      async readTransactions(watch) {
        try {
          return await readAll(fetched, watch)
        } catch (error) {
          throw error instanceof UserError ? error : giveUp(fetched, { error, settings })
        }
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

function contentsOf({ block: { transactions }, logs }: Fetched, assets: Assets): Contents {
  return { transactions, logs, assets }
}

/** The same block with every digit checked, from another node where this one told nonsense. */
async function makeWhole(
  fetched: Fetched,
  {
    pool,
    settings: { chain, now },
    fetchBlock,
  }: { pool: RpcPool; settings: Settings; fetchBlock: FetchBlock },
): Promise<Fetched> {
  try {
    checkFetched(fetched)
    return fetched
  } catch (error) {
    if (!(error instanceof NodeFailure)) throw error
    fetched.provider.fail(error, now())
    const { hash } = fetched.block
    const other = await fetchBlock(
      { number: Number(fetched.block.number), hash },
      { isWhole: true },
    )
    if (other) return other
    const answers = pool.providers.map(({ host, reason }) => ({ host, reason }))
    throw new ProviderError({ chain: chain.id, answers })
  }
}

/** What no check foresaw must not end more than this attempt. */
function giveUp(
  { provider, block }: Fetched,
  { error, settings: { chain, log, now } }: { error: unknown; settings: Settings },
): ProviderError {
  const { host } = provider
  const number = Number(block.number)
  log.error({ chain: chain.id, host, block: number, err: error }, 'A block cannot be read')
  const reason = 'a block that cannot be read'
  provider.fail(new NodeFailure(reason, { kind: 'answer' }), now())
  return new ProviderError({ chain: chain.id, answers: [{ host, reason }] })
}
