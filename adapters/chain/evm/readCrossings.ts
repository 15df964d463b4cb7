import { base58 } from '@scure/base'
import { type Abi, decodeEventLog, type Hex, hexToBytes, toEventSelector } from 'viem'
import type { AssetId, Chain, Crossing, Settlement } from '#types/chain.ts'
import type { Handed } from '#utils/handOn.ts'
import { protocols } from './bridges/index.ts'
import { type Args, type Protocol, readAddress } from './bridges/protocol.ts'
import { readMemo } from './bridges/thorchain.ts'
import type { RawLog, RawTransaction } from './raw.ts'
import type { Assets } from './readMoves.ts'

type Bridges = NonNullable<Chain['bridges']>

type Told = { logs: readonly RawLog[]; assets: Assets }

const known = new WeakMap<Abi, string[]>()

/** What a node that tells logs is asked for of them: only here do they name whom they pay. */
export const payoutTopics: string[] = Object.values(protocols).flatMap((protocol) =>
  protocol?.payeeOf ? topicsOf(protocol.payouts ?? []) : [],
)

const isPayout: ReadonlySet<string | undefined> = new Set(payoutTopics)

/**
 * Where bridges say that value of a transaction goes on. Events count of the chain's listed bridges alone, since anybody can
 * write them; a memo that came with a plain payment is told as a claim of whoever paid.
 */
export function readCrossings(transaction: RawTransaction, { logs, assets }: Told): Crossing[] {
  const { bridges = [] } = assets
  const chain = chainOf(assets)
  const told = logs.flatMap((log): Crossing[] => {
    const found = readEvent(log, { part: 'deposits', bridges })
    if (!found) return []
    const { bridge, protocol, args } = found
    const goal = protocol.goalOf(args, { chain, transaction: transaction.hash })
    if (!goal) return []
    const { by = found.by } = goal
    const isClaimed = !bridges.some(({ contract }) => contract === by)
    if (isClaimed && !protocol.isOpen) return []
    const { token, ...where } = goal
    const asset = token && assetOf(token, assets)
    const address = showOn(goal)
    return [{ bridge, ...where, address, by, isClaimed, ...(asset && { asset }) }]
  })
  return told.length > 0 ? told : readMemo(transaction)
}

/** What a transaction pays out of bridges, as the chain's listed ones say. */
export function readSettlements({ logs, assets }: Told): Settlement[] {
  const { bridges = [] } = assets
  return logs.flatMap((log): Settlement[] => {
    const { bridge, protocol, args } = readEvent(log, { part: 'payouts', bridges }) ?? {}
    const key = args && protocol?.keyOf?.(args, chainOf(assets))
    const isRefund = args && protocol?.isRefund?.(args)
    return bridge && key ? [{ bridge, key, ...(isRefund && { isRefund }) }] : []
  })
}

/** What contracts of listed bridges only hand on inside of a transaction. */
export function readHanded({ logs, assets }: Told): Handed[] {
  const { bridges = [] } = assets
  return logs.flatMap((log): Handed[] => {
    const { by, protocol, args } = readEvent(log, { part: 'payouts', bridges }) ?? {}
    const handed = args && protocol?.handedBy?.(args)
    if (!by || !handed) return []
    const { token, ...rest } = handed
    return [{ by, ...rest, asset: assetOf(token, assets) }]
  })
}

/** Whom a listed bridge says that it pays in an event; value without a token shows nowhere else. */
export function paidOutTo(log: RawLog, bridges: Bridges): string | undefined {
  // Every log of every block comes by here.
  if (!isPayout.has(log.topics[0])) return undefined
  const { protocol, args } = readEvent(log, { part: 'payouts', bridges }) ?? {}
  const payee = args && protocol?.payeeOf?.(args)
  return payee ? readAddress(payee) : undefined
}

/** CAIP-19 begins with the chain. */
function chainOf({ native }: Assets): string {
  return native.split('/', 1)[0] ?? ''
}

/** What a token counts as: one that wraps the native asset is that. */
function assetOf(token: string, assets: Assets): AssetId {
  if (token === 'native') return assets.native
  return assets.tokens.get(token)?.asset.id ?? `${chainOf(assets)}/erc20:${token}`
}

/** As people write it there. */
function showOn({ chain, address }: Pick<Crossing, 'chain' | 'address'>): string {
  if (chain !== 'Solana' || !/^0x[0-9a-f]{64}$/.test(address)) return address
  return base58.encode(hexToBytes(address as Hex))
}

type Found = { by: string; bridge: string; protocol: Protocol; args: Args }

/** An event of a listed bridge; of one contract each of the protocols that it is listed for is tried. */
function readEvent(
  log: RawLog,
  { part, bridges }: { part: 'deposits' | 'payouts'; bridges: Bridges },
): Found | null {
  const by = log.address.toLowerCase()
  for (const { contract, protocol: bridge } of bridges) {
    if (contract !== by) continue
    const protocol = protocols[bridge]
    const args = protocol && decode(log, protocol[part] ?? [])
    if (args) return { by, bridge, protocol, args }
  }
  return null
}

/** `null` where it is another event, or a broken one. */
function decode(log: RawLog, abi: Abi): Args | null {
  if (!topicsOf(abi).includes(log.topics[0] ?? '')) return null
  try {
    const { topics, data } = log
    const decoded = decodeEventLog({ abi, topics: topics as [Hex, ...Hex[]], data: data as Hex })
    return decoded.args as unknown as Args
  } catch {
    return null
  }
}

/** First topics of the events of a list. */
function topicsOf(abi: Abi): string[] {
  const topics =
    known.get(abi) ?? abi.flatMap((item) => (item.type === 'event' ? [toEventSelector(item)] : []))
  known.set(abi, topics)
  return topics
}
