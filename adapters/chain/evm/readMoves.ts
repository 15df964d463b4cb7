import { getContractAddress } from 'viem'
import type { Address, AssetId, Token } from '#types/chain.ts'
import {
  addressOf,
  depositTopic,
  type RawLog,
  type RawTransaction,
  transferTopic,
  withdrawalTopic,
  zeroWord,
} from './raw.ts'

/** What is known of the assets of a chain while its blocks are read. */
export type Assets = { native: AssetId; tokens: ReadonlyMap<Address, Token> }

/** Value that moves in a transaction, if it succeeds. */
export type Move = {
  /** Place among the logs given; -1 for the transaction's own value. */
  log: number
  from: Address
  to: Address
  asset: AssetId
  /** Base units in hexadecimal. */
  amount: string
}

/** Where the value of a transaction goes; a contract that it creates has an address that can be worked out. */
export function payeeOf({ from, to, nonce }: RawTransaction): Address {
  if (to) return to.toLowerCase()
  return getContractAddress({ from: from as `0x${string}`, nonce: BigInt(nonce) }).toLowerCase()
}

/** The token that a log belongs to, where the log tells of some of it moved. */
export function findToken(log: RawLog, { tokens }: Assets): Token | undefined {
  const [topic] = log.topics
  const isTransfer = topic === transferTopic && log.topics.length === 3
  const isWrap = (topic === depositTopic || topic === withdrawalTopic) && log.topics.length === 2
  if (!isTransfer && !isWrap) return undefined
  const token = tokens.get(log.address) ?? tokens.get(log.address.toLowerCase())
  if (!token || log.data.length !== 66 || log.data === zeroWord) return undefined
  return isTransfer || token.wrapsNative ? token : undefined
}

/**
 * In order, what a transaction moves. To wrap or unwrap is a move to oneself: of the two tellings of a payment that is
 * wrapped at once only the first is kept.
 */
export function readMoves(
  transaction: RawTransaction,
  {
    logs,
    assets,
    payee = payeeOf,
  }: {
    logs: readonly RawLog[]
    assets: Assets
    payee?: (transaction: RawTransaction) => Address
  },
): Move[] {
  const moves: Move[] = []
  const from = transaction.from.toLowerCase()
  let wrapping = -1
  if (!isZero(transaction.value)) {
    wrapping = logs.findIndex((log) => isDepositOf(log, { transaction, from, assets }))
    const to = wrapping < 0 ? payee(transaction) : from
    moves.push({ log: -1, from, to, asset: assets.native, amount: transaction.value })
  }
  for (const [place, log] of logs.entries()) {
    const token = place === wrapping ? undefined : findToken(log, assets)
    if (!token) continue
    const payer = addressOf(log.topics[1] ?? '')
    const to = log.topics[0] === transferTopic ? addressOf(log.topics[2] ?? '') : payer
    moves.push({ log: place, from: payer, to, asset: token.asset.id, amount: log.data })
  }
  return moves
}

export function isZero(quantity: string): boolean {
  return quantity === '0x0' || /^0x0+$/.test(quantity)
}

function isDepositOf(
  log: RawLog,
  { transaction, from, assets }: { transaction: RawTransaction; from: Address; assets: Assets },
): boolean {
  return (
    log.topics[0] === depositTopic &&
    log.address.toLowerCase() === transaction.to?.toLowerCase() &&
    findToken(log, assets) !== undefined &&
    addressOf(log.topics[1] ?? '') === from &&
    BigInt(log.data) === BigInt(transaction.value)
  )
}
