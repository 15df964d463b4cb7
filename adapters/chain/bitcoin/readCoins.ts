import type {
  Address,
  AssetId,
  Coin,
  Crossing,
  Settlement,
  Transaction,
  Watch,
} from '#types/chain.ts'
import { parseThorMemo, parseThorOut } from '#utils/parseThorMemo.ts'
import { type BitcoinBlock, type BitcoinTransaction, refuse } from './decodeBlock.ts'
import { wordsIn } from './scripts.ts'
import type { Output } from './settings.ts'

/** Transactions that touch what is watched, with what they spend of this block; in order. */
export function selectTransactions(
  { transactions }: BitcoinBlock,
  { watch, addressOf }: { watch: Watch; addressOf: (script: Uint8Array) => Address },
): BitcoinTransaction[] {
  /** Coins that a hit made: whoever spends them in this block is one too. */
  const made = new Set<string>()
  return transactions.filter(({ txid, spends, outputs }) => {
    const isHit =
      spends.some((id) => made.has(id) || watch.isWatched(id)) ||
      outputs.some(({ script }) => watch.isWatched(addressOf(script)))
    if (!isHit) return false
    for (const [index, { script }] of outputs.entries()) {
      if (!watch.isService(addressOf(script))) made.add(`${txid}:${index}`)
    }
    return true
  })
}

/** A transaction as the core follows it. @throws NodeFailure where a coin that it spends is not known */
export function toTransaction(
  { txid, spends, outputs }: BitcoinTransaction,
  {
    asset,
    spent,
    addressOf,
  }: {
    asset: AssetId
    spent: ReadonlyMap<string, Output>
    addressOf: (script: Uint8Array) => Address
  },
): Transaction {
  const coinOf = (id: string, { amount, script }: Output): Coin => {
    return { id, address: addressOf(script), amount }
  }
  const inputs = spends.map((id) => {
    const output = spent.get(id)
    if (!output) throw refuse('a transaction without what it spends')
    return coinOf(id, output)
  })
  const made = outputs.map((output, index) => coinOf(`${txid}:${index}`, output))
  // The first of a block makes coins of nothing.
  const isMinting = spends.length === 0
  const short = sum(made) > sum(inputs)
  if (!isMinting && short) throw refuse('a transaction that makes more than it spends')
  const words = outputs.flatMap(({ script }) => wordsIn(script) ?? [])
  const crossings = crossingsIn(words, { txid, vault: made[0] })
  const settlements = settlementsIn(words)
  return {
    hash: txid,
    transfers: [],
    coins: { asset, spent: inputs, made },
    ...(crossings.length > 0 && { crossings }),
    ...(settlements.length > 0 && { settlements }),
  }
}

/** What the words of a transaction say to a bridge: a claim, since anybody can write them. */
function crossingsIn(
  words: readonly string[],
  { txid, vault }: { txid: string; vault: Coin | undefined },
): Crossing[] {
  return words.flatMap((memo): Crossing[] => {
    const goal = parseThorMemo(memo)
    const key = `thorchain:${txid}`
    return goal && vault
      ? [{ bridge: 'THORChain', by: vault.address, ...goal, isClaimed: true, key }]
      : []
  })
}

/** What the words say that it pays out for; they count for nothing but payments to whom that named. */
function settlementsIn(words: readonly string[]): Settlement[] {
  return words.flatMap((memo): Settlement[] => {
    const out = parseThorOut(memo)
    if (!out) return []
    const key = `thorchain:${out.transaction}`
    return [{ bridge: 'THORChain', key, ...(out.isRefund && { isRefund: true }) }]
  })
}

function sum(coins: readonly Coin[]): bigint {
  return coins.reduce((total, { amount }) => total + amount, 0n)
}
