import type { Address, Asset, AssetId, ChainId, Coin } from './chain.ts'

/** An address that held the stolen value when the case began. */
export type Source = {
  address: Address
  asset: AssetId
  /** Base units. */
  amount: bigint
  /** On chains of coins: those that hold it. */
  coins?: readonly Pick<Coin, 'id' | 'amount'>[]
}

/** One theft being followed. */
export type Case = {
  /** Short and lower case, such as `ronin`. */
  id: string
  name: string
  chain: ChainId
  /** Unix seconds of the theft. */
  stolenAt: number
  /** The block after which the sources hold what was stolen: following starts behind it. @default the first block */
  followAfter?: number
  /** What was stolen, and then what it may become in swaps. */
  assets: Asset[]
  sources: Source[]
  /** What others have published about the theft, each with its source. */
  published: { date: string; text: string; source: string }[]
  /** An exercise: marked wherever it is shown, and kept out of all figures. @default false */
  isDrill?: boolean
  /** The case of which this is the part on another chain, to which bridges took value. @default it is a theft itself */
  legOf?: string
  /** Recorded rows (`txlist` columns) that can be replayed. */
  recording?: URL
}
