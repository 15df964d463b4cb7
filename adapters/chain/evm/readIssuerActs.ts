import type { IssuerAct } from '#types/chain.ts'
import type { RawLog, RawTransaction } from './raw.ts'
import { addressOf, destroyedTopic } from './raw.ts'
import type { Assets } from './readMoves.ts'

/** What issuers' contracts tell when they act against an address, as USDT and USDC do. */
const topics: Readonly<Record<string, IssuerAct['act']>> = {
  /** `AddedBlackList(address)` */
  '0x42e160154868087d6bfdc0ca23d96a1c1cfa32f1b72ba9ba27b69b98a0d819dc': 'frozen',
  /** `Blacklisted(address)` */
  '0xffa4e6181777692565cf28528fc88fd1516ea86b56da075235fa575af6a4b855': 'frozen',
  /** `RemovedBlackList(address)` */
  '0xd7e9ec6e6ecd65492dce6bf513cd6867560d49544421d0783ddf06e76c24470c': 'released',
  /** `UnBlacklisted(address)` */
  '0x117e3210bb9aa7d9baff172026820255c6f6c30ba8999d1c2fd88e2848137c4e': 'released',
  [destroyedTopic]: 'destroyed',
}

/** These topics, for whoever filters logs. */
export const issuerTopics = Object.keys(topics)

/** `addBlackList(address)` and `blacklist(address)`, each with an address behind it. */
const pendingPattern = /(?:0ecb93c0|f9f92be4)0{24}([0-9a-f]{40})/g

/** What a log says that an issuer did to an address; `undefined` where it is none. */
export function readIssuerAct(
  log: RawLog,
  { tokens }: Assets,
): Pick<IssuerAct, 'act' | 'address' | 'asset'> | undefined {
  const act = topics[log.topics[0] ?? '']
  if (!act) return undefined
  const token = tokens.get(log.address.toLowerCase())
  const word = log.topics[1] ?? log.data.slice(0, 66)
  if (!token || word.length !== 66) return undefined
  return { act, address: addressOf(word), asset: token.asset.id }
}

/** What issuers did in a transaction, and what it asks their signers for: that is not done yet. */
export function readIssuerActs(
  transaction: RawTransaction,
  { logs, assets }: { logs: readonly RawLog[]; assets: Assets },
): IssuerAct[] {
  const done = logs.flatMap((log, place): IssuerAct[] => {
    const told = readIssuerAct(log, assets)
    return told ? [{ ...told, position: `l${place}` }] : []
  })
  if (done.length > 0) return done
  return readPending(transaction, assets).map((told, place) => ({ ...told, position: `p${place}` }))
}

/** Freezes that the signers of an issuer are asked for, while enough of them have not signed. */
export function readPending(
  { to, input }: RawTransaction,
  { tokens }: Assets,
): Pick<IssuerAct, 'act' | 'address' | 'asset'>[] {
  if (!to || !input || input.length < 74) return []
  const token = [...tokens.values()].find(({ signers }) => signers?.includes(to.toLowerCase()))
  if (!token) return []
  const found = [...input.toLowerCase().matchAll(pendingPattern)]
  return found.map(([, digits = '']) => ({
    act: 'pending',
    address: `0x${digits}`,
    asset: token.asset.id,
  }))
}
