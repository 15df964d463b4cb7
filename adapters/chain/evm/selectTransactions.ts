import type { Address, Watch } from '#types/chain.ts'
import { addressOf, type RawBlock, type RawLog, type RawTransaction } from './raw.ts'
import { readPayout } from './readCrossings.ts'
import { readIssuerAct, readPending } from './readIssuerActs.ts'
import { type Assets, findToken, isZero, type Move, payeeOf, readMoves } from './readMoves.ts'
import type { Step } from './readTrace.ts'

export type Contents = {
  transactions: readonly RawTransaction[]
  /** By the transaction's place in the block: at least its logs that tell of value moved. */
  logs: readonly (readonly RawLog[] | undefined)[]
  assets: Assets
  /** What is known by now of what happened inside, by place. @default nothing */
  steps?: ReadonlyMap<number, readonly Step[] | null>
  /** By place, accounts that let code pay for them from here on. @default none */
  delegated?: ReadonlyMap<number, readonly Address[]>
  /** What validators are paid out. @default nothing */
  withdrawals?: RawBlock['withdrawals']
}

const noLogs: readonly RawLog[] = []

/**
 * In order, the places of the transactions that touch a watched address or one that those pay inside this block, however
 * often handed on. Whether a transaction failed is not asked: not every node tells it here.
 */
export function selectTransactions(contents: Contents, watch: Watch): number[] {
  const { transactions, logs, assets, steps, delegated } = contents
  const moves = transactions.map((transaction, place) =>
    readMoves(transaction, {
      logs: logs[place] ?? noLogs,
      assets,
      steps: steps?.get(place) ?? undefined,
    }),
  )
  const isMember = growClosure(moves.flat(), watch)
  // A contract that is called may pay; that of a listed token pays as its logs say, and a service as it likes.
  const isCalled = (address: Address) =>
    isMember(address) && !assets.tokens.has(address) && !watch.isService(address)
  return [...transactions.keys()].filter((place) => {
    const { from = '', to } = transactions[place] ?? {}
    return (
      isMember(from.toLowerCase()) ||
      (to && isCalled(to.toLowerCase())) ||
      moves[place]?.some((move) => isMember(move.from) || isMember(move.to)) ||
      logs[place]?.some(
        (log) =>
          isCalled(log.address.toLowerCase()) ||
          isMember(readIssuerAct(log, assets)?.address ?? '') ||
          paysOut(log, { assets, watch, isMember }),
      ) ||
      (to && watch.mayPayOut?.(to.toLowerCase())) ||
      pendingIn(transactions[place], assets).some(isMember) ||
      delegated?.get(place)?.some(isMember)
    )
  })
}

/** Every block goes through here: nothing is made but the addresses that are looked up. */
export function touchesWatched(
  { transactions, logs, assets, delegated, withdrawals }: Contents,
  watch: Watch,
): boolean {
  const { isWatched, mayPayOut } = watch
  for (const { address } of withdrawals ?? []) if (isWatched(address.toLowerCase())) return true
  for (const transaction of transactions) {
    if (isWatched(transaction.from.toLowerCase())) return true
    if (transaction.to) {
      const payee = transaction.to.toLowerCase()
      if (isWatched(payee) || mayPayOut?.(payee)) return true
    } else if (!isZero(transaction.value) && isWatched(payeeOf(transaction))) return true
    if (pendingIn(transaction, assets).some(isWatched)) return true
  }
  for (const accounts of delegated?.values() ?? []) if (accounts.some(isWatched)) return true
  for (const group of logs) {
    if (!group) continue
    for (const log of group) {
      if (isWatched(log.address)) return true
      if (!findToken(log, assets)) {
        const act = readIssuerAct(log, assets)
        if (act && isWatched(act.address)) return true
        if (paysOut(log, { assets, watch, isMember: isWatched })) return true
        continue
      }
      if (isWatched(addressOf(log.topics[1] ?? ''))) return true
      if (log.topics.length === 3 && isWatched(addressOf(log.topics[2] ?? ''))) return true
    }
  }
  return false
}

/** A listed bridge pays out to somebody who matters, or what is waited for. */
function paysOut(
  log: RawLog,
  {
    assets,
    watch,
    isMember,
  }: { assets: Assets; watch: Watch; isMember: (address: Address) => boolean },
): boolean {
  const { key, payee, named } = readPayout(log, assets)?.payout ?? {}
  return (
    (key && watch.isExpected?.(key)) ||
    [payee, named].some((each) => each && isMember(each)) ||
    false
  )
}

const nobody: readonly Address[] = []

/** Whom the signers of an issuer are asked to freeze. */
function pendingIn(transaction: RawTransaction | undefined, assets: Assets): readonly Address[] {
  const { to, input } = transaction ?? {}
  // Hardly any transaction is one of those.
  if (!to || !input || !assets.signers?.has(to.toLowerCase())) return nobody
  return readPending({ ...transaction, to, input } as RawTransaction, assets).map(
    ({ address }) => address,
  )
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
