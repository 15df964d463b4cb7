import { createHash } from 'node:crypto'
import { bloomOf } from '#adapters/chain/evm/bloom.ts'

/** A log in the words of a test: any topics and data, or a move of a token. */
export type LogSpec = { address: string; topics: string[]; data?: string }

/** A transaction in the words of a test. */
export type TransactionSpec = {
  from: string
  /** None where a contract is created. */
  to?: string | null
  value?: bigint
  failed?: boolean
  logs?: LogSpec[]
  gasUsed?: number
  gasPrice?: bigint
  type?: string
  /** Fields put over those of the transaction, of its receipt. */
  transaction?: object
  receipt?: object
}

export type BlockSpec = {
  transactions?: TransactionSpec[]
  time?: number
  salt?: string
  /** What validators are paid out, as it stands. @default a block of before that */
  withdrawals?: unknown
}

export type FakeLog = LogSpec & {
  data: string
  blockHash: string
  blockNumber: string
  transactionHash: string
  transactionIndex: string
  logIndex: string
  removed: boolean
}

export type FakeBlock = {
  header: { number: string; hash: string; parentHash: string; [field: string]: unknown }
  transactions: { hash: string; [field: string]: unknown }[]
  receipts: { transactionHash: string; logs: FakeLog[]; [field: string]: unknown }[]
}

export const zeroHash = `0x${'0'.repeat(64)}`

export function toHex(value: number | bigint): string {
  return `0x${value.toString(16)}`
}

export function toWord(value: bigint | string): string {
  const digits = typeof value === 'string' ? value.slice(2).toLowerCase() : value.toString(16)
  return `0x${digits.padStart(64, '0')}`
}

/** Stands for keccak-256, which it need not be. */
function hashOf(text: string): string {
  return `0x${createHash('sha256').update(text).digest('hex')}`
}

export function transferLog(token: string, from: string, to: string, amount: bigint): LogSpec {
  const topic = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'
  return { address: token, topics: [topic, toWord(from), toWord(to)], data: toWord(amount) }
}

export function depositLog(token: string, owner: string, amount: bigint): LogSpec {
  const topic = '0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c'
  return { address: token, topics: [topic, toWord(owner)], data: toWord(amount) }
}

export function withdrawalLog(token: string, owner: string, amount: bigint): LogSpec {
  const topic = '0x7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65'
  return { address: token, topics: [topic, toWord(owner)], data: toWord(amount) }
}

/** A block with receipts as a sound node would tell them. */
export function makeBlock(
  number: number,
  parentHash: string,
  {
    transactions: specs = [],
    time = 1_700_000_000 + 12 * number,
    salt = '',
    withdrawals,
  }: BlockSpec,
): FakeBlock {
  const named = JSON.stringify(specs, (_, value) =>
    typeof value === 'bigint' ? `${value}` : value,
  )
  const hash = hashOf(`block ${number} ${parentHash} ${named} ${salt}`)
  const block = { blockHash: hash, blockNumber: toHex(number) }
  let gas = 0
  let logIndex = 0
  const transactions: FakeBlock['transactions'] = []
  const receipts: FakeBlock['receipts'] = []
  for (const [index, spec] of specs.entries()) {
    const { from, to = null, value = 0n, failed = false, gasUsed = 21_000, gasPrice = 7n } = spec
    const place = { ...block, transactionIndex: toHex(index) }
    const transactionHash = hashOf(`transaction ${hash} ${index}`)
    const logs = (failed ? [] : (spec.logs ?? [])).map((log) => ({
      ...place,
      data: '0x',
      ...log,
      transactionHash,
      logIndex: toHex(logIndex++),
      removed: false,
    }))
    gas += gasUsed
    const shared = { ...place, from, to, type: spec.type ?? '0x2' }
    transactions.push({
      ...shared,
      hash: transactionHash,
      value: toHex(value),
      nonce: toHex(index),
      gas: toHex(gasUsed),
      gasPrice: toHex(gasPrice),
      input: '0x',
      ...spec.transaction,
    })
    receipts.push({
      ...shared,
      transactionHash,
      contractAddress: null,
      cumulativeGasUsed: toHex(gas),
      gasUsed: toHex(gasUsed),
      effectiveGasPrice: toHex(gasPrice),
      status: failed ? '0x0' : '0x1',
      logs,
      logsBloom: bloomOf(logs),
      ...spec.receipt,
    })
  }
  const header = {
    number: toHex(number),
    ...(withdrawals !== undefined && { withdrawals }),
    hash,
    parentHash,
    timestamp: toHex(time),
    gasUsed: toHex(gas),
    logsBloom: bloomOf(receipts.flatMap(({ logs }) => logs)),
  }
  return { header, transactions, receipts }
}
