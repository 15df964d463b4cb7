/** JSON-RPC answers as they come, with the fields that are read. Quantities and bytes are 0x text. */
export type RawBlock = {
  number: string
  hash: string
  parentHash: string
  timestamp: string
  gasUsed: string
  logsBloom: string
  /** Gets what is paid to whoever makes the block. */
  miner?: string
  transactions: RawTransaction[]
  /** What validators are paid out, since Shanghai. */
  withdrawals?: RawWithdrawal[] | null
}

/** Paid without a transaction, after all of them. */
export type RawWithdrawal = {
  address: string
  /** In Gwei. */
  amount: string
}

export type RawTransaction = {
  hash: string
  blockHash: string
  transactionIndex: string
  from: string
  /** None where a contract is created. */
  to?: string | null
  value: string
  nonce: string
  /** Calldata. */
  input?: string
  gasPrice?: string
  type?: string
  /** EIP-7702: accounts that begin to run code. */
  authorizationList?: unknown
}

export type RawLog = {
  address: string
  topics: string[]
  data: string
  blockHash: string
  transactionHash: string
  transactionIndex: string
  /** Place in the block. */
  logIndex: string
  removed?: boolean
}

export type RawReceipt = {
  transactionHash: string
  blockHash: string
  contractAddress?: string | null
  cumulativeGasUsed: string
  gasUsed: string
  effectiveGasPrice?: string
  /** None before Byzantium. */
  status?: string | null
  type?: string
  logs: RawLog[]
  logsBloom: string
  blobGasUsed?: string
  blobGasPrice?: string
  l1Fee?: string | null
  operatorFeeScalar?: string | null
  operatorFeeConstant?: string | null
  daFootprintGasScalar?: string | null
}

/** `DestroyedBlackFunds(address,uint256)` */
export const destroyedTopic = '0x61e6e66b0d6339b2980aecc6ccc0039736791f0ccde9ed512e789a7fbdd698c6'

/** `Transfer(address,address,uint256)` */
export const transferTopic = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
/** `Deposit(address,uint256)` */
export const depositTopic = '0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c'
/** `Withdrawal(address,uint256)` */
export const withdrawalTopic = '0x7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65'

/** `TransferShares(address,address,uint256)` */
export const sharesTopic = '0x9d9c909296d9c674451c0c24f02cb64981eb3b727f99865939192f880a755dcb'

export const zeroWord = `0x${'0'.repeat(64)}`
export const zeroBloom = `0x${'0'.repeat(512)}`

const indexes: string[] = []

/** A place in a block as nodes write it. */
export function indexText(index: number): string {
  for (let next = indexes.length; next <= index; next++) indexes.push(`0x${next.toString(16)}`)
  return indexes[index] ?? ''
}

/** The address in an indexed topic, in lower case. */
export function addressOf(topic: string): string {
  return `0x${topic.slice(26).toLowerCase()}`
}
