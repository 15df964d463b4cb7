import type { ChannelId } from './chat.ts'
import type { AccountId } from './member.ts'
import type { Signed } from './standing.ts'

/** What an organization is. A `permissionless` service has nobody who could hold anything. */
export const organizationKinds = [
  'exchange',
  'issuer',
  'bridge',
  'permissionless',
  'investigator',
  'authority',
  'coordinator',
] as const
export type OrganizationKind = (typeof organizationKinds)[number]

/** What somebody may be called for. */
export const purposes = ['freeze', 'legal', 'escalation'] as const
export type Purpose = (typeof purposes)[number]

/** A person of an organization who may be called. */
export type Contact = {
  account: AccountId
  purpose: Purpose
  /** Unix seconds of when they last said that they are there. */
  confirmedAt: number
  /** When they were last asked; `null` before the first time. */
  askedAt: number | null
}

/** Hours in which somebody is on duty, by a clock of their own. */
export type Shift = {
  account: AccountId
  /** 1 is Monday, 7 Sunday. */
  days: readonly number[]
  /** Minutes since midnight; a shift whose end lies before its start goes on past midnight. */
  from: number
  until: number
  /** IANA name, such as `Asia/Seoul`. */
  timeZone: string
}

/** What is known of an organization beside its name. */
export type OrganizationFile = {
  id: string
  name: string
  kind: OrganizationKind
  /** Ed25519, base64url of 32 bytes; `null` where it has given none. */
  key: string | null
  /** What its key must sign, so that it is verified. */
  challenge: { nonce: string; at: number } | null
  /** The lead who has seen the signature; `null` before that, and again when the key changes. */
  verified: Signed | null
  /** What labels call it, beside its name: `Huobi` for `Huobi 10`. */
  aliases: readonly string[]
  /** Where requests to it go, the first choice first. */
  channels: readonly ChannelId[]
  languages: readonly string[]
  /** What its desk asks for before it holds anything. */
  requires: string
  contacts: readonly Contact[]
  roster: readonly Shift[]
  /** Id of the organization to ask when this one does not answer. */
  fallback: string | null
}
