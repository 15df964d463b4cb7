/** CAIP-2 chain id, such as `eip155:1`. @see https://chainagnostic.org/CAIPs/caip-2 */
export type ChainId = string

/** CAIP-19 asset id, such as `eip155:1/slip44:60`. @see https://chainagnostic.org/CAIPs/caip-19 */
export type AssetId = string

/**
 * Where value can rest: a lower-case `0x` address or one of Bitcoin as it is written, `contract-creation:HASH` or
 * `script:HASH` where there is none, or `coinjoin:HASH` where a transaction mixed the coins of many.
 */
export type Address = string

/** Who pays withdrawals of validators, which have no transaction: `withdrawals:BLOCKHASH` stands for one. */
export const validators: Address = 'validators'
export const withdrawalsPrefix = 'withdrawals:'

export type Asset = {
  id: AssetId
  symbol: string
  /** Base units are `10 ** -decimals` of the symbol. */
  decimals: number
}

/** A token whose moves are followed. Tokens are known by contract alone: anybody may copy a name. */
export type Token = {
  /** Lower case. */
  contract: Address
  /** What it counts as: the native asset where it wraps that, since wrapping changes no owner. */
  asset: Asset
  /** Tells `Deposit` and `Withdrawal` as WETH does. */
  wrapsNative?: boolean
  /** Its balances grow by themselves: it is followed in shares, as stETH tells them. */
  countsShares?: boolean
  /** Contracts that take and pay out for the token where it is made or redeemed. @default its own alone */
  issuers?: readonly Address[]
  /** Contracts in which its issuer's people sign what the token then does. @default none */
  signers?: readonly Address[]
}

export type Chain = {
  id: ChainId
  name: string
  /** Pays the fees. */
  native: Asset
  tokens: Token[]
  /** Value rests in coins (UTXO), at addresses that are written like this. @default it rests in accounts */
  coins?: AddressFormat
  /** Contracts of bridges, and the protocol by which their events are read. @default none */
  bridges?: readonly { contract: Address; protocol: string }[]
  /** Blocks after which a movement is told as confirmed. */
  confirmations: number
  /** Explorer pages: the address or hash is put after them. */
  explorer: { address: string; transaction: string }
}

/** How a chain of Bitcoin's kind writes addresses: the prefix of SegWit ones, and the version bytes of older ones. */
export type AddressFormat = { bech32: string; pubKeyHash: number; scriptHash: number }

/** What lies at an output of a transaction until another transaction spends it, whole. */
export type Coin = {
  /** `TXID:OUTPUT`. */
  id: string
  address: Address
  /** Base units. */
  amount: bigint
}

/** Value moved once on one chain. */
export type Transfer = {
  /**
   * Place inside the transaction: `v` for its own value, `l0`, `l1`, ... for its logs, `i0`, `i1`, ... for what contracts
   * pay; a reorg does not change it.
   */
  position: string
  from: Address
  to: Address
  asset: AssetId
  /** Base units. */
  amount: bigint
  /** Paid by a contract to whoever makes the block: a fee. @default false */
  isFee?: boolean
  /** Of a token that nobody has listed: it shows who traded with whom, and is never followed. @default false */
  isUnlisted?: boolean
}

export type Transaction = {
  /** Lower-case hash. */
  hash: string
  /** In the order in which the value moved; none where the transaction failed, or moves coins. */
  transfers: Transfer[]
  /** Coins that it spends and makes, in its order; what is left over is its fee. @default it moves none */
  coins?: { asset: AssetId; spent: readonly Coin[]; made: readonly Coin[] }
  /** Paid after the transfers out of what is left, failed or not. */
  fee?: Fee
  /** What contracts paid in it is not known. @default false */
  isPartial?: boolean
  /** What issuers of tokens do to addresses. @default nothing */
  issuerActs?: readonly IssuerAct[]
  /** Where bridges say that its value goes on. @default nowhere */
  crossings?: readonly Crossing[]
  /** What it pays out of bridges. @default nothing */
  settlements?: readonly Settlement[]
  /** Contracts that wrote logs in it, told where it moves several assets: who trades for others is one. @default none */
  emitters?: readonly Address[]
  /** The contract that it calls. @default none, or not known */
  called?: Address
  /** Accounts that let code pay for them from here on (EIP-7702). @default none */
  delegated?: readonly Address[]
}

/** What the issuer of a token does to an address: `pending` is asked for and waits for more signatures. */
export type IssuerAct = {
  act: 'pending' | 'frozen' | 'released' | 'destroyed'
  address: Address
  asset: AssetId
  /** Place in the transaction, as of a transfer. */
  position: string
}

/** Where a bridge says that value goes on, on another chain. */
export type Crossing = {
  /** The protocol, such as `THORChain`. */
  bridge: string
  /** The contract that says so, or whom a claim was paid to. */
  by: Address
  /** As people call it, or its CAIP-2 id. */
  chain: string
  /** As it is written there; of a claim anybody's words. */
  address: string
  /** A memo says so, and nobody has said that it went to a bridge. */
  isClaimed: boolean
  /** What the bridge says it took, and how many base units. @default it does not say */
  asset?: AssetId
  amount?: bigint
  /** Contracts that may have taken it, beside `by`; not kept. @default none */
  takers?: readonly Address[]
  /** Whom the contract hands it on to at once; where that is somebody on the trail, it went into no bridge. */
  vault?: Address
  /** What the far side will name it by, such as `thorchain:TXID`. @default it will name nothing */
  key?: string
  /** The far side names nothing: the key is the near side's own, and a person must say what came out. @default it does */
  isUntied?: true
}

/**
 * That a transaction pays out what a bridge took elsewhere, or gives back what it took here. Only payments to the address
 * that was named there count, and of what is given back those to whoever paid.
 */
export type Settlement = {
  bridge: string
  key: string
  isRefund?: true
  /** Whom it pays. @default whoever was named on the near side, or got back what they paid */
  payee?: Address
  /** Who must have been named on the near side, where that is another; `null` for whoever was. @default the payee */
  named?: Address | null
  /** What it pays, and at most how many base units. @default it does not say */
  asset?: AssetId
  amount?: bigint
}

/** What a transaction costs, in base units of the chain's native asset: gas, blobs and what a rollup pays its base chain. */
export type Fee = { from: Address; asset: AssetId; amount: bigint }

export type BlockRef = { number: number; hash: string }

export type BlockHeader = BlockRef & {
  chain: ChainId
  parentHash: string
  /** Unix seconds. */
  time: number
}

export type Block = BlockHeader & { transactions: Transaction[] }

/** Which addresses matter when a block is read. */
export type Watch = {
  isWatched(address: Address): boolean
  /** What it pays is of no interest. */
  isService(address: Address): boolean
  /** A bridge will name a payout by it. @default none */
  isExpected?(key: string): boolean
  /** A contract of a bridge that may pay out without a word. @default none is */
  mayPayOut?(address: Address): boolean
  /** A watched address that holds something runs code: what it pays may show inside of any transaction. @default false */
  hasContract?: boolean
}

/**
 * A block as its chain gave it, checked. What it moved is picked out when its turn comes and not before: what is watched
 * grows with every block.
 */
export type FetchedBlock = BlockHeader & {
  /**
   * In order, the transactions that touch a watched address, or one that those pay inside this block: earlier ones too,
   * since they make up its balance. May hold more than that, the same for the same chain and watch.
   */
  readTransactions(watch: Watch): Promise<Transaction[]>
}

/** The newest block, and the number of the newest one that cannot be undone where the chain says so. */
export type Head = BlockRef & { finalized?: number }

/** Blocks that can be undone; a deeper reorganization needs a person. */
export const maxUndoBlocks = 128

/** What a chain tells, in order: a repeated `block` never comes without a `reorg` before it. */
export type ChainEvent =
  | { type: 'block'; block: FetchedBlock; head: Head }
  /** Every block above `ancestor` is undone. */
  | { type: 'reorg'; ancestor: BlockRef }
  /** Blocks up to `number` cannot be undone any more. */
  | { type: 'finalize'; number: number }

/** Reads one chain. Every adapter in `adapters/chain` makes one; `src/chain/watchChain.ts` turns it into events. */
export type ChainReader = {
  chain: ChainId
  /** Blocks that it may be asked for at once while catching up; more than 1 says that numbers have no gaps. */
  readAhead: number
  /** The head of the chain, as soon as it is another than `known`. `undefined` says that there will be none. */
  waitForHead(options: { known?: BlockRef; signal: AbortSignal }): Promise<Head | undefined>
  /** The lowest block above `number` up to `head`; `undefined` where there is none (yet). */
  readBlockAfter(number: number, head: BlockRef): Promise<FetchedBlock | undefined>
  /** The block with this number as the chain has it now; `undefined` where there is none. */
  readRef(number: number): Promise<BlockRef | undefined>
  /**
   * The lowest block above `after` in which any of these may have moved, up to `upTo`; one above that where there is none,
   * and `after + 1` where it cannot tell.
   */
  nextActive?(query: {
    addresses: readonly Address[]
    after: number
    upTo: number
  }): Promise<number>
  /** The block that took in a transaction. @throws TransactionNotFoundError */
  readPlace(transaction: string): Promise<BlockRef & { time: number }>
  /** On chains of coins: those that a transaction of block `at` made. */
  readCoins?(query: { transaction: string; at: BlockRef }): Promise<Coin[]>
  /** Base units of `asset` that `address` held after block `at`; 0 on chains of coins, which stand for themselves. */
  readBalance(query: { address: Address; asset: AssetId; at: BlockRef }): Promise<bigint>
  /** Transactions that `address` had sent after block `at`. */
  readNonce?(query: { address: Address; at: BlockRef }): Promise<number>
  /** Whether `address` ran code after block `at`, its own or by delegation. */
  hasCode?(query: { address: Address; at: BlockRef }): Promise<boolean>
}
