import type { Asset, AssetId } from './chain.ts'

/** Asks what assets were worth, in US dollars for one whole unit. Assets that nobody prices are left out; for display alone. */
export type ReadPrices = (query: {
  assets: readonly Asset[]
  /** Unix seconds. */
  at: number
}) => Promise<Map<AssetId, number>>
