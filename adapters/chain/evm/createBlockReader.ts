import { NodeFailure, ProviderError } from '#errors/rpc.ts'
import { UserError } from '#errors/userError.ts'
import type { BlockRef, ChainReader, FetchedBlock } from '#types/chain.ts'
import { readHead, refuse } from './checkBlock.ts'
import { createBlockFetcher, type Fetched, toHex } from './createBlockFetcher.ts'
import type { RpcPool } from './createRpcPool.ts'
import { createTransactionReader } from './createTransactionReader.ts'
import type { Assets } from './readMoves.ts'
import type { Settings } from './settings.ts'

/** Reads blocks in two calls each, all of one block from the same node. */
export function createBlockReader(
  pool: RpcPool,
  { settings, assets }: { settings: Settings; assets: Assets },
): Pick<ChainReader, 'readBlockAfter' | 'readRef'> {
  const { chain } = settings

  const fetchBlock = createBlockFetcher(pool, settings)

  const readAll = createTransactionReader(pool, { settings, assets, fetchBlock })

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
