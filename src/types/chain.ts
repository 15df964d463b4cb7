/** CAIP-2 chain id, such as `eip155:1`. @see https://chainagnostic.org/CAIPs/caip-2 */
export type ChainId = string

/** CAIP-19 asset id, such as `eip155:1/slip44:60`. @see https://chainagnostic.org/CAIPs/caip-19 */
export type AssetId = string

/** Where value can rest: a lower-case `0x` address, or `contract-creation:HASH` where the address is not known. */
export type Address = string

export type Asset = {
  id: AssetId
  symbol: string
  /** Base units are `10 ** -decimals` of the symbol. */
  decimals: number
}

export type Chain = {
  id: ChainId
  name: string
  /** Pays the fees. */
  native: Asset
  /** Explorer pages: the address or hash is put after them. */
  explorer: { address: string; transaction: string }
}

/** Value moved once on one chain. */
export type Transfer = {
  /** Place inside the transaction: `v` for its own value, `l0`, `l1`, ... for its logs; a reorg does not change it. */
  position: string
  from: Address
  to: Address
  asset: AssetId
  /** Base units. */
  amount: bigint
}

export type Transaction = {
  /** Lower-case hash. */
  hash: string
  /** In the order in which the value moved; none where the transaction failed. */
  transfers: Transfer[]
  /** Paid after the transfers out of what is left, failed or not. */
  fee?: Fee
}

/** What a transaction costs, in base units of the chain's native asset: gas, blobs and what a rollup pays its base chain. */
export type Fee = { from: Address; asset: AssetId; amount: bigint }

export type BlockRef = { number: number; hash: string }

export type Block = BlockRef & {
  chain: ChainId
  parentHash: string
  /** Unix seconds. */
  time: number
  transactions: Transaction[]
}

/** Blocks that can be undone; a deeper reorganization needs a person. */
export const maxUndoBlocks = 128

/** What a chain tells, in order: a repeated `block` never comes without a `reorg` before it. */
export type ChainEvent =
  | { type: 'block'; block: Block }
  /** Every block above `ancestor` is undone. */
  | { type: 'reorg'; ancestor: BlockRef }
  /** Blocks up to `number` cannot be undone any more. */
  | { type: 'finalize'; number: number }

/** Reads one chain. Every adapter in `adapters/chain` makes one; `src/chain/watchChain.ts` turns it into events. */
export type ChainReader = {
  chain: ChainId
  /** The lowest block above `number`, or `undefined` when `number` is the head. Numbers may have gaps in a recording. */
  readBlockAfter(number: number): Promise<Block | undefined>
  /** The block with this number as the chain has it now; `undefined` where there is none. */
  readRef(number: number): Promise<BlockRef | undefined>
  /** The newest block that cannot be undone; `undefined` where the chain does not say. */
  readFinalized(): Promise<number | undefined>
  /** Base units of `asset` that `address` held after block `number`. */
  readBalance(query: { address: Address; asset: AssetId; number: number }): Promise<bigint>
  /** Waits until there may be a new head. `false` says that there will be none. */
  waitForHead(signal: AbortSignal): Promise<boolean>
}
