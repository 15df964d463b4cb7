import type { Case } from './case.ts'
import type { Address, ChainId } from './chain.ts'
import type { ChannelId } from './chat.ts'
import type { Dispute } from './dispute.ts'
import type { Deposit, Freeze } from './freeze.ts'
import { serviceKinds } from './label.ts'
import type { AccountId, Member } from './member.ts'
import type { OrganizationFile } from './organization.ts'
import type { Arrival, BooksKept, Candidate, Passage, Tie, ToldCrossing } from './passage.ts'
import type { Tlp } from './tlp.ts'
import type { Topic } from './topic.ts'

/**
 * What a member can say that an address is: a service ends trails, the others say that it is none.
 * A `deposit` is a customer's address at the organization that its name says: a trail goes on through it.
 */
export const flagKinds = [
  ...serviceKinds,
  'thief',
  'customer',
  'person',
  'contract',
  'deposit',
  'phishing',
  'sanctioned',
  'other',
] as const
export type FlagKind = (typeof flagKinds)[number]

/** Who decided something and when. */
export type Signed = {
  account: AccountId
  name: string
  organization: string | null
  /** Unix seconds. */
  at: number
}

/** A member's opinion of an address. Several stand side by side; a withdrawn one stays as history. */
export type Flag = {
  id: string
  address: Address
  kind: FlagKind
  name: string
  note: string
  /** 0 to 1. */
  confidence: number
  by: Signed
  withdrawn: { by: Signed; note: string } | null
}

/** What must not be posted for a while; it is recorded and counted all the same. */
export type Silence = {
  id: string
  caseId: string
  /** Of these only; `null` stands for all. */
  topic: Topic | null
  address: Address | null
  path: string | null
  /** Unix seconds. */
  until: number
  why: string
  by: Signed
}

/** Somebody looks after an alert, until `lapsesAt` (Unix seconds); or says for good that it is not relevant. */
export type Ack = {
  alert: string
  caseId: string
  by: Signed
  lapsesAt: number
  lapsed: boolean
  /** @default false */
  isIrrelevant?: boolean
}

/** Somebody whom the house does not know asks to be let in. */
export type AccessRequest = {
  account: AccountId
  name: string
  /** As they wrote it. */
  organization: string
  why: string
  /** The member they say they are, on another platform. */
  as: AccountId | null
  /** When they asked first. */
  at: number
  /** How often they have asked, from 1. */
  times: number
}

/** The tokens of a workspace that has installed the app, encrypted. */
export type Installation = { workspace: string; sealed: string }

/** Full cards or one line; follow-ups in the thread of their first message or each on its own. */
export type Form = 'full' | 'short'
export type Layout = 'thread' | 'flat'

/** What a channel wants to hear of a case (`*` for every case). */
export type Subscription = {
  channel: ChannelId
  caseId: string
  topics: readonly Topic[]
  /** Movements of less are left out: a decimal number and a symbol. Other assets have no price and are told. */
  min: { number: string; symbol: string } | null
  chain: ChainId | null
  /** A role or user group of the platform that red alerts call, `slack:S024BE7LH`. @default nobody */
  page?: string | null
  by: Signed
}

export const digestRhythms = ['off', 'hourly', 'daily'] as const
export type DigestRhythm = (typeof digestRhythms)[number]

/** How a channel wants it. */
export type ChannelSettings = {
  channel: ChannelId
  form: Form
  layout: Layout
  digest: DigestRhythm
  /** Shown beside UTC; `null` leaves it to the reader's chat. */
  timeZone: string | null
  /** Whose channel it is, by command. @default as the settings say, else the house's own */
  organization?: string
}

/** A case as people have opened or closed it. */
export type CaseFile = {
  caseId: string
  /** `null` where the case comes from the settings. */
  case: Case | null
  state: 'open' | 'closed'
  /** Who turned it last. */
  by: Signed
  /** Who opened it, where somebody has turned it since. */
  opener?: Signed
}

/** Who may see a case (`case:ID`) or a flag (`flag:ID`). */
export type Mark = {
  subject: string
  tlp: Tlp
  /** Ids of organizations; under RED accounts too. */
  named: readonly string[]
  by: Signed
}

/** A case that must be worked out again from its theft, since decisions reach back. */
export type Retrace = {
  caseId: string
  /** Ids of the flags that asked for it. */
  causes: readonly string[]
  /** What was followed from this block on may be wrong until it is done. */
  sinceBlock: number
}

/** Labels that a feed brought: those in force, and newer ones that wait for a review. */
export type Feed = {
  name: string
  accepted: { fetchedAt: number; rows: readonly FeedRow[] } | null
  proposed: { fetchedAt: number; rows: readonly FeedRow[] } | null
}

export type FeedRow = { address: Address; name: string; kind: string }

/** A heavy act that one lead has asked for, until a second person asks for the same. */
export type StepUp = {
  /** What people call it. */
  id: string
  act: string
  subject: string
  /** Hash over the act and all that was given of it. */
  digest: string
  by: Signed
  /** Unix seconds. */
  at: number
  until: number
}

/** The authenticator of a person. */
export type Authenticator = {
  account: AccountId
  /** Secrets, encrypted: the one that counts, and one that waits to be confirmed. */
  sealed: string | null
  pending: string | null
  /** The step of time whose code was used last. */
  lastStep: number
  /** When wrong codes were given, in Unix seconds, the oldest first. */
  wrong: readonly number[]
}

/** What somebody does in a case: decides, writes down, talks to the desks. */
export const posts = ['lead', 'scribe', 'liaison'] as const
export type PostName = (typeof posts)[number]

/** Who holds a post. */
export type Post = {
  caseId: string
  post: PostName
  account: AccountId
  name: string
  /** Unix seconds. */
  since: number
}

/** An address on a trail that runs code: what it pays may show inside of any transaction. */
export type Contract = { address: Address; chain: ChainId; block: number }

/** Figures of a case lack what contracts paid, since no node could tell. */
export type Gap = { caseId: string; sinceBlock: number }

/** Everything that people have decided and that stands, by kind and key; the history is in the audit log. */
export type StandingKinds = {
  flag: Flag
  silence: Silence
  ack: Ack
  subscription: Subscription
  channel: ChannelSettings
  member: Member
  access: AccessRequest
  installation: Installation
  case: CaseFile
  retrace: Retrace
  feed: Feed
  stepup: StepUp
  totp: Authenticator
  mark: Mark
  organization: OrganizationFile
  freeze: Freeze
  deposit: Deposit
  dispute: Dispute
  post: Post
  contract: Contract
  gap: Gap
  passage: Passage
  arrival: Arrival
  books: BooksKept
  candidate: Candidate
  tie: Tie
  crossing: ToldCrossing
}
export type StandingKind = keyof StandingKinds
export type Standing = { [Kind in StandingKind]: Map<string, StandingKinds[Kind]> }

/** One entry put in the place of what stood; `null` takes it away. */
export type StandingChange = {
  [Kind in StandingKind]: { kind: Kind; key: string; value: StandingKinds[Kind] | null }
}[StandingKind]

/** A line of a case's timeline. The same key is written once. */
export type TimelineEntry = {
  caseId: string
  key: string
  /** Unix seconds. */
  at: number
  kind: 'note' | 'decision' | 'alert'
  /** `null` for what the chain did. */
  by: Signed | null
  /** May be anybody's words: adapters make it harmless. */
  text: string
}

/** A line of the audit log: what was asked, and a second line how it ended. */
export type AuditEntry = {
  at: number
  account: AccountId
  name: string
  role: string
  organization: string | null
  channel: ChannelId
  /** The command as typed. */
  text: string
  /** `asked` before it runs, then what became of it. */
  outcome: 'asked' | 'done' | 'refused' | 'mistaken' | 'failed'
  /** Ties both lines together. */
  reference: string
}
