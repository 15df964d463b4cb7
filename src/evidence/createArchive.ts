import { ProviderError } from '#errors/rpc.ts'
import type { Address, AssetId, BlockRef, ChainReader } from '#types/chain.ts'

/** What addresses held and had sent after a block; `null` where no node keeps that. */
export type Archive = {
  /** Base units. */
  readBalance(address: Address, at: BlockRef): Promise<bigint | null>
  readNonce(address: Address, at: BlockRef): Promise<number | null>
}

/** Asks a chain's nodes, and no more once they have said that they do not keep old state. */
export function createArchive(reader: ChainReader, asset: AssetId): Archive {
  let isKept = true
  async function ask<Result>(read: () => Promise<Result> | undefined): Promise<Result | null> {
    if (!isKept) return null
    try {
      return (await read()) ?? null
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      isKept = false
      return null
    }
  }
  return {
    readBalance: (address, at) => ask(() => reader.readBalance({ address, asset, at })),
    readNonce: (address, at) => ask(() => reader.readNonce?.({ address, at })),
  }
}
