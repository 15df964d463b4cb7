import type { ChainId } from './chain.ts'
import type { ChannelId } from './chat.ts'
import type { FeedSettings } from './feed.ts'
import type { Member, Organization } from './member.ts'
import type { Form, Layout, Subscription } from './standing.ts'
import type { Tlp } from './tlp.ts'

/** What a house decides about following and telling; the values are in `config/rules.ts`. */
export type HouseRules = {
  /** Payments of less stolen value than this share of the theft open no new trail, in parts per million. */
  dustPerMillion: bigint
  /** An unlabelled address that pays more strangers in a day is parked for a person to judge; `null` never parks. */
  busyStrangers: number | null
  /** Days of rest after which a movement counts as waking. */
  dormantDays: number
  /** Alerts of one path, or of one path to one service, within this many minutes are told as one. */
  foldMinutes: number
  /** A red card that has grown is told again after this many minutes; others when its fold is over. */
  retellMinutes: number
  /** A movement of at least this share of the theft is amber, in parts per million. */
  largePerMillion: bigint
  /** An address that passes stolen value on within this many seconds is fast. */
  fastSeconds: number
  /** Cards of one case that may grow at a time; past them there is one for each service and one for what moves. */
  openCards: number
  /** More hops of a case within a minute than this are a burst. */
  burstHops: number
  /** An acknowledgement lapses after this many minutes. */
  ackMinutes: number
  /** Red alerts that nobody acknowledged, in the order of `afterMinutes`; `channel: null` is where the alert stands. */
  escalation: readonly { afterMinutes: number; channel: ChannelId | null }[]
  /** Whether messages say how late they come: in a replay that says nothing. */
  delay: 'shown' | 'hidden'
  freeze: FreezeRules
  /** What a heavy act takes beside the role: a second lead, a code of an authenticator, or nothing. */
  stepUp: (typeof stepUps)[number]
  /** A head older than this many seconds is told: the bot sees only the past. */
  headLagSeconds: number
  /** Who may see what nobody has marked. */
  tlp: Tlp
}

export const stepUps = ['second person', 'totp', 'none'] as const

/** Clocks of freezes, and what is asked without a person. */
export type FreezeRules = {
  /** A draft, a delivered request and a seen one are called out after so many minutes. */
  approveMinutes: number
  seenMinutes: number
  answerMinutes: number
  /** Once called out, the next in line is called after so many minutes each. */
  stepMinutes: number
  /** For how many days a hold is asked, and how many hours before its end that is said. */
  holdDays: number
  renewHours: number
  /** Contacts say so often that they are there; twice as long unheard, they are stale. */
  contactDays: number
  /** Requests that go out without a person; `null` lets none. */
  preApprove: {
    /** How sure it must be whose the address is, 0 to 1. */
    confidence: number
    /** How much of the amount must be stolen under every rule, 0 to 1. */
    certainty: number
    /** The least share of the theft, in parts per million. */
    leastPerMillion: bigint
  } | null
}

/** A subscription that the settings make: the house's own routing. */
export type Route = Pick<Subscription, 'channel' | 'caseId' | 'topics' | 'min'> & {
  chain: ChainId | null
  form: Form
  layout: Layout
  /** Whose channel it is. @default the house's own */
  organization?: string
}

/** Who belongs to the house and what its settings route where; replaced when the settings are read again. */
export type House = {
  organizations: readonly Organization[]
  members: readonly Member[]
  routes: readonly Route[]
  feeds: readonly FeedSettings[]
}
