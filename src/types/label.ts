import type { Address } from './chain.ts'

/**
 * Kinds of party that keep what they get: a trail stops there. What reaches a `victim` has been returned, and nobody has the
 * keys of a `burn` address.
 */
export const serviceKinds = [
  'exchange',
  'mixer',
  'bridge',
  'dex',
  'issuer',
  'service',
  'victim',
  'burn',
] as const
export type ServiceKind = (typeof serviceKinds)[number]

/** What is known of an address, by whom, since when and how surely. */
export type Label = {
  address: Address
  /** May be any text a stranger chose: show it only through an adapter that makes it harmless. */
  name: string
  /** Lower case: a `ServiceKind`, `sanctioned`, `phish-hack`, `thief`, `token`, `other`, or what a label file says. */
  kind: string
  /** Who says so, such as `Etherscan name tags (eth-labels)`. */
  source: string
  /** Day of the source, `YYYY-MM-DD`; empty where unknown. */
  date: string
  /** 0 to 1. */
  confidence: number
  /** The list was too old to rely on when it was read. */
  isStale: boolean
  /** The theft of the past whose thief it is. @default none */
  pastCase?: PastCase
}

/** A theft of the past; one that is followed has the same id. */
export type PastCase = { id: string; name: string }

/** One list of labels that ships or is configured: its file has the columns `address,label,kind`. */
export type LabelList = {
  file: URL
  source: string
  date: string
  licence: string
  confidence: number
  /** All of it belongs to the thief of that theft. @default to nobody's */
  pastCase?: PastCase
  /** After this many days the labels say that they are stale. */
  staleAfterDays: number
}
