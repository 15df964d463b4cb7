import { NodeFailure } from '#errors/rpc.ts'
import type { BlockRef } from '#types/chain.ts'
import { bloomOf } from './bloom.ts'
import {
  type Fields,
  isAddress,
  isAddressOrNone,
  isAmount,
  isAmountOrNone,
  isBloom,
  isFields,
  isHash,
  isNone,
  isNumber,
  isText,
  isWord,
} from './fields.ts'
import {
  indexText,
  type RawBlock,
  type RawLog,
  type RawReceipt,
  type RawTransaction,
  zeroBloom,
} from './raw.ts'

/** Unix seconds that no block has for a long time to come, in the year 2242. */
const maxTime = 2 ** 33

/** An answer that cannot be right. */
export function refuse(reason: string): NodeFailure {
  return new NodeFailure(reason, { kind: 'answer' })
}

/** Number and hash of a header; `undefined` where it is none. */
export function readHead(answer: unknown): BlockRef | undefined {
  if (!isFields(answer) || !isNumber(answer.number) || !isHash(answer.hash)) return undefined
  return { number: Number(answer.number), hash: answer.hash }
}

/** @throws NodeFailure */
export function checkHead(answer: unknown): BlockRef {
  const head = readHead(answer)
  if (!head) throw refuse('no newest block')
  return head
}

/**
 * A block with its transactions, of the asked number or hash.
 * @throws NodeFailure
 */
export function checkBlock(
  answer: unknown,
  { number, hash }: { number: number; hash?: string | undefined },
): RawBlock {
  if (!isFields(answer)) throw refuse('a block that is no object')
  const head = readHead(answer)
  if (head?.number !== number) throw refuse(`another block than number ${number}`)
  if (hash !== undefined && head.hash !== hash) throw refuse(`another block than "${hash}"`)
  const { timestamp } = answer
  const hasTime = isNumber(timestamp) && Number(timestamp) < maxTime
  if (!hasTime || !isHash(answer.parentHash) || !isNumber(answer.gasUsed)) {
    throw refuse(`a broken header of block ${number}`)
  }
  if (!isBloom(answer.logsBloom)) throw refuse(`a broken bloom of block ${number}`)
  if (!Array.isArray(answer.transactions)) throw refuse(`block ${number} without transactions`)
  for (const [index, transaction] of answer.transactions.entries()) {
    if (!isTransactionOf(transaction, { hash: head.hash, index })) {
      throw refuse(`a broken transaction ${index} of block ${number}`)
    }
  }
  const { withdrawals = null } = answer
  const areSound = Array.isArray(withdrawals)
    ? withdrawals.every(isWithdrawal)
    : isNone(withdrawals)
  if (!areSound) throw refuse(`broken withdrawals of block ${number}`)
  return answer as RawBlock
}

function isWithdrawal(value: unknown): boolean {
  return isFields(value) && isAddress(value.address) && isAmount(value.amount)
}

function isTransactionOf(
  value: unknown,
  { hash, index }: { hash: string; index: number },
): boolean {
  if (typeof value !== 'object' || value === null) return false
  const transaction = value as Fields
  return (
    transaction.blockHash === hash &&
    transaction.transactionIndex === indexText(index) &&
    isText(transaction.hash, 66) &&
    (isNone(transaction.to)
      ? isAddress(transaction.from)
      : isText(transaction.from, 42) && isText(transaction.to, 42)) &&
    isAmount(transaction.value) &&
    isAmount(transaction.nonce) &&
    isAmountOrNone(transaction.gasPrice)
  )
}

function isLog(value: unknown, hash: string): value is RawLog {
  if (typeof value !== 'object' || value === null) return false
  const log = value as Fields
  return (
    log.blockHash === hash &&
    log.removed !== true &&
    isText(log.address, 42) &&
    typeof log.data === 'string' &&
    log.data.startsWith('0x') &&
    Array.isArray(log.topics) &&
    areTopics(log.topics)
  )
}

function areTopics(values: readonly unknown[]): boolean {
  for (const value of values) if (!isText(value, 66)) return false
  return true
}

/**
 * The receipts of exactly this block's transactions, with no log missing.
 * @throws NodeFailure
 */
export function checkReceipts(answer: unknown, block: RawBlock): RawReceipt[] {
  const { hash, transactions } = block
  if (!Array.isArray(answer)) throw refuse('receipts that are no list')
  if (answer.length !== transactions.length) {
    throw refuse(`${answer.length} receipts of ${transactions.length} transactions`)
  }
  let logIndex = 0
  let last: RawReceipt | undefined
  for (const [index, transaction] of transactions.entries()) {
    const receipt = answer[index] as RawReceipt | null
    if (!isReceiptOf(receipt, { hash, transactionHash: transaction.hash })) {
      throw refuse(`a receipt that is not of transaction ${index}`)
    }
    for (const log of receipt.logs) {
      if (!isLog(log, hash) || log.logIndex !== indexText(logIndex)) {
        throw refuse(`logs of transaction ${index} that are not whole`)
      }
      logIndex += 1
    }
    if (receipt.logs.length > 0) last = receipt
  }
  // Logs cut from the end leave no gap behind: only their bloom tells.
  if (last) checkDigits({ transactions: [], logs: [last.logs] })
  if (last && bloomOf(last.logs) !== last.logsBloom) throw refuse('last logs that are not whole')
  const gasUsed = (answer.at(-1) as RawReceipt | undefined)?.cumulativeGasUsed
  if (gasUsed !== undefined && gasUsed !== block.gasUsed)
    throw refuse('gas that is not the block’s')
  return answer as RawReceipt[]
}

function isReceiptOf(
  receipt: RawReceipt | null,
  { hash, transactionHash }: { hash: string; transactionHash: string },
): receipt is RawReceipt {
  return (
    typeof receipt === 'object' &&
    receipt !== null &&
    receipt.transactionHash === transactionHash &&
    receipt.blockHash === hash &&
    Array.isArray(receipt.logs) &&
    isCostOf(receipt) &&
    (receipt.logs.length === 0) === (receipt.logsBloom === zeroBloom)
  )
}

/** What is read of it for a fee, and whether it failed. */
function isCostOf(receipt: RawReceipt): boolean {
  const { status } = receipt
  return (
    (status === '0x1' || status === '0x0' || status === undefined || status === null) &&
    isAmount(receipt.gasUsed) &&
    isAmount(receipt.cumulativeGasUsed) &&
    isAmountOrNone(receipt.effectiveGasPrice) &&
    isAmountOrNone(receipt.blobGasUsed) &&
    isAmountOrNone(receipt.blobGasPrice) &&
    isAmountOrNone(receipt.l1Fee) &&
    isAmountOrNone(receipt.operatorFeeScalar) &&
    isAmountOrNone(receipt.operatorFeeConstant) &&
    isAddressOrNone(receipt.contractAddress)
  )
}

/**
 * The logs that belong to this block, by transaction.
 * @throws NodeFailure
 */
export function checkLogs(answer: unknown, block: RawBlock): (RawLog[] | undefined)[] {
  if (!Array.isArray(answer)) throw refuse('logs that are no list')
  const byTransaction: (RawLog[] | undefined)[] = []
  let lastIndex = -1
  for (const log of answer as unknown[]) {
    if (!isLog(log, block.hash)) throw refuse('a log of another block')
    if (!isNumber(log.transactionIndex) || !isNumber(log.logIndex)) {
      throw refuse('a log without a place')
    }
    const place = Number(log.transactionIndex)
    const logIndex = Number(log.logIndex)
    if (block.transactions[place]?.hash !== log.transactionHash || !(logIndex > lastIndex)) {
      throw refuse('a log that is not in its place')
    }
    lastIndex = logIndex
    const logs = byTransaction[place]
    if (logs) logs.push(log)
    else byTransaction[place] = [log]
  }
  return byTransaction
}

/**
 * The receipt of one transaction, with the logs that were told before and no log missing.
 * @throws NodeFailure
 */
export function checkReceipt(
  answer: unknown,
  { hash, transactionHash, told }: { hash: string; transactionHash: string; told: RawLog[] },
): RawReceipt {
  const receipt = answer as RawReceipt | null
  if (!isReceiptOf(receipt, { hash, transactionHash })) {
    throw refuse('a receipt of another transaction')
  }
  const first = Number(receipt.logs[0]?.logIndex ?? 0)
  for (const [index, log] of receipt.logs.entries()) {
    if (!isLog(log, hash) || !isNumber(log.logIndex) || Number(log.logIndex) !== first + index) {
      throw refuse('a receipt whose logs are not whole')
    }
  }
  checkDigits({ transactions: [], logs: [receipt.logs] })
  if (bloomOf(receipt.logs) !== receipt.logsBloom)
    throw refuse('a receipt whose logs are not whole')
  for (const log of told) {
    const same = receipt.logs[Number(log.logIndex) - first]
    if (same?.data !== log.data || same.topics.join() !== log.topics.join()) {
      throw refuse('a receipt with other logs than before')
    }
  }
  return receipt
}

/**
 * Digit by digit what else is taken out of a block. It costs as much as all other checks together, so it is for blocks
 * that hold something watched: of others nothing is taken.
 * @throws NodeFailure
 */
export function checkDigits({
  transactions,
  logs,
}: {
  transactions: readonly RawTransaction[]
  logs: readonly (readonly RawLog[] | undefined)[]
}): void {
  for (const [index, { hash, from, to }] of transactions.entries()) {
    if (!isWord(hash) || !isAddress(from) || !isAddressOrNone(to)) {
      throw refuse(`a broken transaction ${index}`)
    }
  }
  for (const [index, group] of logs.entries()) {
    for (const { address, topics, data } of group ?? []) {
      const isRead = data.length === 66
      if (!isAddress(address) || !topics.every(isWord) || (isRead && !isWord(data))) {
        throw refuse(`broken logs of transaction ${index}`)
      }
    }
  }
}
