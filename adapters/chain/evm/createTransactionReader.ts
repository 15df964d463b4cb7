import { NodeFailure, ProviderError } from '#errors/rpc.ts'
import type { Address, Transaction, Watch } from '#types/chain.ts'
import { mapSome } from '#utils/mapSome.ts'
import { buildTransaction, buildWithdrawals } from './buildTransaction.ts'
import { checkReceipt } from './checkBlock.ts'
import { checkFetched, type FetchBlock, type Fetched } from './createBlockFetcher.ts'
import type { RpcPool } from './createRpcPool.ts'
import { createTracer, mayPayInside } from './createTracer.ts'
import type { RawReceipt, RawTransaction } from './raw.ts'
import { readDelegated } from './readDelegated.ts'
import type { Assets } from './readMoves.ts'
import type { Step } from './readTrace.ts'
import { type Contents, selectTransactions, touchesWatched } from './selectTransactions.ts'
import type { Settings } from './settings.ts'

/** Receipts and traces of single transactions that are asked for at once. */
const maxHitCalls = 16

/** Picks what matters out of a fetched block, and looks inside of it. */
export function createTransactionReader(
  pool: RpcPool,
  { settings, assets, fetchBlock }: { settings: Settings; assets: Assets; fetchBlock: FetchBlock },
): (fetched: Fetched, watch: Watch) => Promise<Transaction[]> {
  const { chain } = settings
  const tracer = createTracer(pool, settings)

  async function readReceipt(fetched: Fetched, place: number): Promise<RawReceipt> {
    const { block, logs, receipts } = fetched
    const { hash } = transactionAt(fetched, place)
    const told = { hash: block.hash, transactionHash: hash, told: [...(logs[place] ?? [])] }
    const receipt =
      receipts?.[place] ??
      (await pool.run(async (provider) => {
        const answer = await provider.request('eth_getTransactionReceipt', [hash], { kind: 'hit' })
        return answer === null ? undefined : checkReceipt(answer, told)
      }))
    if (receipt) return receipt
    const answers = pool.providers.map(({ host }) => ({ host, reason: `no receipt of "${hash}"` }))
    throw new ProviderError({ chain: chain.id, answers })
  }

  return async (fetched, watch) => {
    const delegated = await readDelegated(fetched.block.transactions)
    const isTouched = touchesWatched({ ...contentsOf(fetched, assets), delegated }, watch)
    if (!isTouched && !watch.hasContract) return []
    const whole = await makeWhole(fetched, { pool, settings, fetchBlock })
    const { transactions, miner } = whole.block
    const receipts = new Map<number, RawReceipt>()
    const steps = new Map<number, readonly Step[] | null>()
    const contents = { ...contentsOf(whole, assets), steps, delegated }
    const blockTrace = watch.hasContract ? await tracer.traceBlock(whole.block) : null

    async function lookInside(place: number): Promise<void> {
      const transaction = transactionAt(whole, place)
      const receipt = await readReceipt(whole, place)
      receipts.set(place, receipt)
      if (!mayPayInside(transaction, { receipt, assets })) return
      steps.set(
        place,
        blockTrace ? blockTrace(transaction, receipt) : await tracer.trace(transaction, receipt),
      )
    }

    // Whom contracts pay may pay on in the same block.
    const every = [...transactions.keys()]
    let places = blockTrace ? every : selectTransactions(contents, watch)
    for (;;) {
      const unread = places.filter((place) => !receipts.has(place))
      await mapSome(unread, lookInside, { atOnce: maxHitCalls })
      const again = selectTransactions(contents, watch)
      const isSame = again.every((place) => receipts.has(place))
      places = again
      if (isSame) break
    }
    const built = places.map((place) => {
      const receipt = receipts.get(place)
      if (!receipt) throw new RangeError(`The receipt ${place} was not read.`)
      const inside = { receipt, assets, miner, steps: steps.get(place) }
      const transaction = buildTransaction(transactionAt(whole, place), inside)
      const accounts = delegated.get(place)
      return accounts ? { ...transaction, delegated: accounts } : transaction
    })
    const paid = new Set(built.flatMap(({ transfers }) => transfers.map(({ to }) => to)))
    const matters = (address: Address) => watch.isWatched(address) || paid.has(address)
    const withdrawals = buildWithdrawals(whole.block, { native: assets.native, matters })
    return withdrawals ? [...built, withdrawals] : built
  }
}

function transactionAt({ block }: Fetched, place: number): RawTransaction {
  const transaction = block.transactions[place]
  if (!transaction) throw new RangeError(`A block has no transaction ${place}.`)
  return transaction
}

function contentsOf({ block, logs }: Fetched, assets: Assets): Contents {
  const { transactions, withdrawals } = block
  return { transactions, logs, assets, withdrawals }
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
