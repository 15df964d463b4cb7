import type { Address, Watch } from '#types/chain.ts'
import { addressOf, type RawLog, type RawTransaction, transferTopic } from './raw.ts'
import { type Assets, findToken, isZero, type Move, payeeOf, readMoves } from './readMoves.ts'

export type Contents = {
  transactions: readonly RawTransaction[]
  /** By the transaction's place in the block: at least its logs that tell of value moved. */
  logs: readonly (readonly RawLog[] | undefined)[]
  assets: Assets
}

const noLogs: readonly RawLog[] = []

/**
 * In order, the places of the transactions that touch a watched address or one that those pay inside this block, however
 * often handed on. Whether a transaction failed is not asked: not every node tells it here.
 */
export function selectTransactions(contents: Contents, watch: Watch): number[] {
  const { transactions, logs, assets } = contents
  const moves = transactions.map((transaction, place) =>
    readMoves(transaction, { logs: logs[place] ?? noLogs, assets }),
  )
  const isMember = growClosure(moves.flat(), watch)
  return [...transactions.keys()].filter(
    (place) =>
      isMember(transactions[place]?.from.toLowerCase() ?? '') ||
      moves[place]?.some(({ from, to }) => isMember(from) || isMember(to)),
  )
}

/** Every block goes through here: nothing is made but the addresses that are looked up. */
export function touchesWatched(
  { transactions, logs, assets }: Contents,
  { isWatched }: Watch,
): boolean {
  for (const transaction of transactions) {
    if (isWatched(transaction.from.toLowerCase())) return true
    if (!isZero(transaction.value) && isWatched(payeeOf(transaction))) return true
  }
  for (const group of logs) {
    if (!group) continue
    for (const log of group) {
      if (!findToken(log, assets)) continue
      if (isWatched(addressOf(log.topics[1] ?? ''))) return true
      if (log.topics[0] === transferTopic && isWatched(addressOf(log.topics[2] ?? ''))) return true
    }
  }
  return false
}

/** Who is watched, and whom they pay, and so on; what a service pays is of no interest. */
function growClosure(
  moves: readonly Move[],
  { isWatched, isService }: Watch,
): (address: Address) => boolean {
  const joined = new Set<Address>()
  const isMember = (address: Address) => joined.has(address) || isWatched(address)
  for (let before = -1; before < joined.size; ) {
    before = joined.size
    for (const { from, to } of moves) {
      if (!isMember(to) && isMember(from) && !isService(from)) joined.add(to)
    }
  }
  return isMember
}
