import { base58 } from '@scure/base'
import { type Abi, decodeEventLog, type Hex, hexToBytes, toEventSelector } from 'viem'
import type { AssetId, Chain, Crossing, Settlement } from '#types/chain.ts'
import type { Handed } from '#utils/handOn.ts'
import { protocols } from './bridges/index.ts'
import type { Args, Payout, Protocol } from './bridges/protocol.ts'
import { readMemo } from './bridges/thorchain.ts'
import type { RawLog, RawTransaction } from './raw.ts'
import type { Assets } from './readMoves.ts'

type Bridges = NonNullable<Chain['bridges']>

type Told = { logs: readonly RawLog[]; assets: Assets }

const known = new WeakMap<Abi, string[]>()

/** What a node that tells logs is asked for of them: only here is it told what a payment is for. */
export const payoutTopics: string[] = Object.values(protocols).flatMap((protocol) =>
  topicsOf(protocol?.payouts ?? []),
)

const isPayout: ReadonlySet<string | undefined> = new Set(payoutTopics)

/**
 * Where bridges say that value of a transaction goes on. Events count of the chain's listed bridges alone, since anybody can
 * write them; a memo that came with a plain payment is told as a claim of whoever paid.
 */
export function readCrossings(transaction: RawTransaction, { logs, assets }: Told): Crossing[] {
  const { bridges = [] } = assets
  const chain = chainOf(assets)
  const told = logs.flatMap((log, index): Crossing[] => {
    const found = readEvent(log, { part: 'deposits', bridges })
    if (!found) return []
    const { bridge, protocol, args } = found
    const place = { chain, transaction: transaction.hash, position: `l${index}` }
    const goal = protocol.goalOf(args, place)
    if (!goal) return []
    const { by = found.by } = goal
    const isClaimed = !bridges.some(({ contract }) => contract === by)
    if (isClaimed && !protocol.isOpen) return []
    const { token, ...where } = goal
    const asset = token && assetOf(token, assets)
    const address = showOn(goal)
    const takers = wroteBeside(logs, { bridges, family: protocol.family ?? [] }).filter(
      (each) => each !== by && each !== found.by,
    )
    return [
      {
        ...{ bridge, ...where, address, by, isClaimed, ...(asset && { asset }) },
        ...(takers.length > 0 && { takers }),
      },
    ]
  })
  return told.length > 0 ? told : readMemo(transaction)
}

/** Contracts of some protocols that wrote logs in the same transaction. */
function wroteBeside(
  logs: readonly RawLog[],
  { bridges, family }: { bridges: Bridges; family: readonly string[] },
): string[] {
  if (family.length === 0) return []
  const wrote = new Set(logs.map((log) => log.address.toLowerCase()))
  return bridges.flatMap(({ contract, protocol }) =>
    family.includes(protocol) && wrote.has(contract) ? [contract] : [],
  )
}

/** What a transaction pays out of bridges, as the chain's listed ones say. */
export function readSettlements({ logs, assets }: Told): Settlement[] {
  return logs.flatMap((log) => readSettlement(log, assets) ?? [])
}

/** What a log says that a listed bridge pays out; `undefined` where it is another, or says not what for. */
function readSettlement(log: RawLog, assets: Assets): Settlement | undefined {
  const { bridge, payout } = readPayout(log, assets) ?? {}
  if (!bridge || !payout?.key) return undefined
  const { token, isRefund, key, ...rest } = payout
  return {
    ...{ bridge, key, ...rest },
    ...(isRefund && { isRefund }),
    ...(token !== undefined && { asset: assetOf(token, assets) }),
  }
}

/** What a log says that a listed bridge pays out. Every log of every block comes by here. */
export function readPayout(
  log: RawLog,
  assets: Assets,
): { bridge: string; payout: Payout } | undefined {
  if (!isPayout.has(log.topics[0])) return undefined
  const found = readEvent(log, { part: 'payouts', bridges: assets.bridges ?? [] })
  const payout = found?.protocol.payoutOf?.(found.args, chainOf(assets))
  return found && payout ? { bridge: found.bridge, payout } : undefined
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
