import { TransactionNotFoundError } from '#errors/case.ts'
import type { ChainReader } from '#types/chain.ts'
import { readHead, refuse } from './checkBlock.ts'
import type { RpcPool } from './createRpcPool.ts'
import { isFields, isHash, isNumber } from './fields.ts'
import type { Settings } from './settings.ts'

/** Finds the block of a transaction, in two calls of the same node. */
export function createPlaceReader(pool: RpcPool, { chain }: Settings): ChainReader['readPlace'] {
  return async (transaction) => {
    const place = await pool.run(
      async (provider) => {
        const found = await provider.request('eth_getTransactionByHash', [transaction], {
          kind: 'hit',
        })
        if (found === null) return undefined
        if (!isFields(found) || found.hash !== transaction) throw refuse('another transaction')
        // Still waiting to be mined.
        if (found.blockHash === null) return undefined
        if (!isHash(found.blockHash)) throw refuse('a transaction without a block')
        const block = await provider.request('eth_getBlockByHash', [found.blockHash, false], {
          kind: 'block',
        })
        const ref = readHead(block)
        if (!isFields(block) || ref?.hash !== found.blockHash || !isNumber(block.timestamp)) {
          throw refuse(`another block than "${found.blockHash}"`)
        }
        return { ...ref, time: Number(block.timestamp) }
      },
      { lackRounds: 1 },
    )
    if (place) return place
    throw new TransactionNotFoundError({ transaction, chain: chain.id })
  }
}
