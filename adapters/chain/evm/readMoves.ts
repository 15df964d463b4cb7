import { getContractAddress } from 'viem'
import type { Address, AssetId, Chain, Token } from '#types/chain.ts'
import {
  addressOf,
  depositTopic,
  destroyedTopic,
  type RawLog,
  type RawTransaction,
  sharesTopic,
  transferTopic,
  withdrawalTopic,
  zeroWord,
} from './raw.ts'
import type { Step } from './readTrace.ts'

/** What is known of the assets of a chain while its blocks are read. */
export type Assets = {
  native: AssetId
  tokens: ReadonlyMap<Address, Token>
  bridges?: Chain['bridges']
  /** Contracts in which issuers sign. */
  signers?: ReadonlySet<Address>
}

/** Value that moves in a transaction, if it succeeds. */
export type Move = {
  /** As in a transfer: `v`, a log `l0`, or a payment inside `i0`. */
  position: string
  from: Address
  to: Address
  asset: AssetId
  /** Base units in hexadecimal. */
  amount: string
  /** Of a token that nobody has listed. */
  isUnlisted?: true
}

/** Where the value of a transaction goes; a contract that it creates has an address that can be worked out. */
export function payeeOf({ from, to, nonce }: RawTransaction): Address {
  if (to) return to.toLowerCase()
  return getContractAddress({ from: from as `0x${string}`, nonce: BigInt(nonce) }).toLowerCase()
}

/** The token that a log belongs to, where the log tells of some of it moved. */
export function findToken(log: RawLog, { tokens }: Assets): Token | undefined {
  const [topic] = log.topics
  const isShares = topic === sharesTopic
  const isTransfer = (topic === transferTopic || isShares) && log.topics.length === 3
  const isWrap = (topic === depositTopic || topic === withdrawalTopic) && log.topics.length === 2
  if (!isTransfer && !isWrap) return undefined
  const token = tokens.get(log.address) ?? tokens.get(log.address.toLowerCase())
  if (!token || log.data.length !== 66 || log.data === zeroWord) return undefined
  if (!isTransfer) return token.wrapsNative ? token : undefined
  // What a rebasing token tells in units changes without a payment.
  return isShares === (token.countsShares ?? false) ? token : undefined
}

/**
 * In order, what a transaction moves; inside of it as far as its steps are known. To wrap or unwrap is a move to oneself:
 * of the two tellings of a payment that is wrapped or unwrapped at once only the first is kept.
 */
export function readMoves(
  transaction: RawTransaction,
  {
    logs,
    assets,
    steps,
    withUnlisted = false,
    payee = payeeOf,
  }: {
    logs: readonly RawLog[]
    assets: Assets
    /** Of its trace. @default what its value and logs alone tell */
    steps?: readonly Step[] | undefined
    /** Whether moves of tokens that nobody has listed are told too. */
    withUnlisted?: boolean
    payee?: (transaction: RawTransaction) => Address
  },
): Move[] {
  const moves: Move[] = []
  const wraps = createWraps(logs, { assets, isTraced: steps !== undefined })
  let inside = 0
  let isFirst = true

  function pay(from: Address, to: Address, amount: string): void {
    if (isZero(amount)) return
    const position = isFirst ? 'v' : `i${inside++}`
    // The wrapper keeps the native asset and gives its token, or the other way round.
    const payer = wraps.unwrapped({ contract: from, party: to, amount })
    const dst = wraps.wrapped({ contract: to, party: from, amount })
    if (!isFirst && payer !== undefined && payer === to) return
    moves.push({ position, from: payer ?? from, to: dst ?? to, asset: assets.native, amount })
  }

  const plain = logs.map((_log, log) => ({ log }))
  const first = { from: transaction.from.toLowerCase(), to: '', amount: transaction.value }
  for (const step of steps ?? [first, ...plain]) {
    if ('log' in step) {
      const log = logs[step.log]
      const place = step.log
      const move =
        readLog(log, { place, assets }) ??
        readDestroyed(log, { place, assets, logs }) ??
        (withUnlisted ? readUnlisted(log, { place, assets }) : undefined)
      if (move && !wraps.isUsed(step.log)) moves.push(move)
      continue
    }
    if (!isFirst) pay(step.from, step.to, step.amount)
    else if (!isZero(step.amount)) pay(step.from, payee(transaction), step.amount)
    isFirst = false
  }
  return moves
}

export function isZero(quantity: string): boolean {
  return quantity === '0x0' || /^0x0+$/.test(quantity)
}

function readLog(
  log: RawLog | undefined,
  { place, assets }: { place: number; assets: Assets },
): Move | undefined {
  const token = log && findToken(log, assets)
  if (!token) return undefined
  const payer = addressOf(log.topics[1] ?? '')
  const to = log.topics.length === 3 ? addressOf(log.topics[2] ?? '') : payer
  return { position: `l${place}`, from: payer, to, asset: token.asset.id, amount: log.data }
}

/** What an issuer takes off an address and destroys: USDT tells of no transfer then, others do. */
function readDestroyed(
  log: RawLog | undefined,
  { place, assets, logs }: { place: number; assets: Assets; logs: readonly RawLog[] },
): Move | undefined {
  if (log?.topics[0] !== destroyedTopic || log.data.length !== 2 + 2 * 64) return undefined
  const token = assets.tokens.get(log.address.toLowerCase())
  const [holder, amount] = [log.data.slice(0, 66), `0x${log.data.slice(66)}`]
  const isTold = logs.some(
    ({ address, topics: [topic, from, to], data }) =>
      address === log.address &&
      topic === transferTopic &&
      [from, to, data].join() === [holder, zeroWord, amount].join(),
  )
  if (!token || isTold || BigInt(amount) === 0n) return undefined
  const [from, to] = [addressOf(holder), addressOf(zeroWord)]
  return { position: `l${place}`, from, to, asset: token.asset.id, amount }
}

/** A payment of the native asset between a wrapping contract and somebody. */
type Wrap = { contract: Address; party: Address; amount: string }

/** A transfer of a token that nobody has listed, as its own contract tells it. */
function readUnlisted(
  log: RawLog | undefined,
  { place, assets }: { place: number; assets: Assets },
): Move | undefined {
  const contract = log?.address.toLowerCase()
  if (!log || !contract || assets.tokens.has(contract)) return undefined
  const isTransfer = log.topics[0] === transferTopic && log.topics.length === 3
  if (!isTransfer || log.data.length !== zeroWord.length || log.data === zeroWord) return undefined
  const [from, to] = [log.topics[1] ?? '', log.topics[2] ?? ''].map(addressOf)
  const asset = `${assets.native.split('/')[0]}/erc20:${contract}`
  const parties = { from: from ?? '', to: to ?? '' }
  return { position: `l${place}`, ...parties, asset, amount: log.data, isUnlisted: true }
}

/** Pairs payments to and from wrapping contracts with the logs that tell of them, each log once. */
function createWraps(
  logs: readonly RawLog[],
  { assets, isTraced }: { assets: Assets; isTraced: boolean },
) {
  const used = new Set<number>()

  function take(topic: string, { contract, party, amount }: Wrap): Address | undefined {
    if (assets.tokens.get(contract)?.wrapsNative !== true) return undefined
    const places = [...logs.keys()].filter((place) => {
      const log = logs[place]
      return (
        log?.topics[0] === topic &&
        !used.has(place) &&
        log.address.toLowerCase() === contract &&
        findToken(log, assets) !== undefined &&
        BigInt(log.data) === BigInt(amount)
      )
    })
    const ownerAt = (place: number) => addressOf(logs[place]?.topics[1] ?? '')
    // Some wrap for others; without a trace that is a guess.
    const own = places.find((place) => ownerAt(place) === party)
    const place = own ?? (isTraced ? places[0] : undefined)
    if (place === undefined) return undefined
    used.add(place)
    return ownerAt(place)
  }

  return {
    /** Who got the token for a payment to its contract. */
    wrapped: (wrap: Wrap) => take(depositTopic, wrap),
    /** Who gave the token for a payment of its contract. */
    unwrapped: (wrap: Wrap) => take(withdrawalTopic, wrap),
    isUsed: (log: number) => used.has(log),
  }
}
