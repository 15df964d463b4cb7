import { accountIn } from '#alert/accountIn.ts'
import type { Context } from '#src/context.ts'
import { organizationIn, organizationOf } from '#src/organization/listOrganizations.ts'
import { callList } from '#src/organization/onDuty.ts'
import { stolenIn } from '#trace/policies.ts'
import type { ChannelId } from '#types/chat.ts'
import type { Freeze } from '#types/freeze.ts'
import type { CaseChange, OpenCase } from '#types/openCase.ts'
import type { StandingChange } from '#types/standing.ts'
import type { Decision } from '#types/store.ts'
import type { Hop, TrailChange } from '#types/trail.ts'
import { directOf } from '#utils/directOf.ts'
import { nameLabel } from '#utils/nameLabel.ts'
import {
  type FreezeBook,
  type FreezeChanges,
  type FreezeFacts,
  followHops,
  undoHops,
} from './followHops.ts'
import { moveFreeze } from './moveFreeze.ts'
import { arrivedAt, isOpenFreeze } from './stateOf.ts'
import { assetOf, entryOf, tellFreezes } from './tellFreezes.ts'

/** What a block does to requests, put into what it does to the case: drafted, sent and told in the same transaction. */
export function withFreezes(
  context: Context,
  open: OpenCase,
  { decided, change }: { decided: CaseChange; change: TrailChange },
): CaseChange {
  if (change.hops.length === 0) return decided
  const facts = factsOf(context, open, change)
  const changes = followHops(bookOf(context, open), change.hops, facts)
  return addChanges(context, open, { decided, changes })
}

/** What a reorganization takes back of requests, put into what it does to the case. */
export function withoutFreezes(
  context: Context,
  open: OpenCase,
  { decided, ancestor }: { decided: CaseChange; ancestor: number },
): CaseChange {
  return addChanges(context, open, { decided, changes: undoHops(bookOf(context, open), ancestor) })
}

/** Requests of a case, and customers' addresses on its chain. */
function bookOf({ standing }: Pick<Context, 'standing'>, { case: theft }: OpenCase): FreezeBook {
  const own = [...standing.freeze].filter(([, { caseId }]) => caseId === theft.id)
  const here = [...standing.deposit.values()].filter(({ chain }) => chain === theft.chain)
  return {
    freezes: new Map(own),
    deposits: new Map(here.map((deposit) => [deposit.address, deposit])),
  }
}

/** What following movements needs to know of a case; accounts are as they are after `change`. */
function factsOf(
  context: Context,
  { case: theft, trail }: OpenCase,
  change: TrailChange | null,
): FreezeFacts {
  const { labels, rules } = context
  return {
    ownerOf(address) {
      const found = organizationOf(context, address)
      if (!found) return null
      const { label, organization } = found
      const text = `labelled ${nameLabel(label)} by ${label.source}`
      return { id: organization.id, text, confidence: label.confidence }
    },
    isLabelled: (address) => labels.get(address) !== undefined,
    accountOf: (asset, address) =>
      change
        ? accountIn(trail, { change, asset, address })
        : trail.ledgers.get(asset)?.accounts.get(address),
    stolenAt: ({ holdings: [fifo] }) => (fifo ? stolenIn(fifo) : 0n),
    isDust: (asset, amount) =>
      amount * 1_000_000n < (trail.ledgers.get(asset)?.stolen ?? 0n) * rules.dustPerMillion,
    isDrill: theft.isDrill === true,
    days: rules.freeze.holdDays,
  }
}

/** What changes of requests come to: what stands, what is told, what the timeline says. */
type Consequences = Required<Pick<Decision, 'standing' | 'tellings' | 'timeline'>>

function consequencesOf(context: Context, open: OpenCase, changes: FreezeChanges): Consequences {
  const changed = [...changes.freezes.values()].map((freeze) => preApprove(context, open, freeze))
  const all = new Map(bookOf(context, open).freezes)
  for (const freeze of changed) all.set(freeze.id, freeze)
  return {
    standing: standingOf(open, { changed, changes }),
    tellings: tellFreezes(context, changed, [...all.values()]),
    timeline: changed.map((freeze) => entryOf(context, freeze)),
  }
}

function addChanges(
  context: Context,
  open: OpenCase,
  { decided, changes }: { decided: CaseChange; changes: FreezeChanges },
): CaseChange {
  if (changes.freezes.size === 0 && changes.deposits.size === 0) return decided
  const { standing, tellings, timeline } = consequencesOf(context, open, changes)
  return {
    ...decided,
    standing: [...(decided.standing ?? []), ...standing],
    tellings: [...decided.tellings, ...tellings],
    timeline: [...decided.timeline, ...timeline],
  }
}

function standingOf(
  { case: { chain } }: OpenCase,
  { changed, changes }: { changed: readonly Freeze[]; changes: FreezeChanges },
): StandingChange[] {
  return [
    ...changed.map((value) => ({ kind: 'freeze', key: value.id, value }) as const),
    ...[...changes.deposits].map(
      ([address, value]) => ({ kind: 'deposit', key: `${chain} ${address}`, value }) as const,
    ),
  ]
}

/** Approves a draft by the rule of the house, where it is sure enough, large enough and there is somebody to ask. */
function preApprove(context: Context, open: OpenCase, freeze: Freeze): Freeze {
  const { preApprove: rule } = context.rules.freeze
  if (!rule || freeze.stage !== 'drafted') return freeze
  const arrived = arrivedAt(freeze)
  const least = freeze.arrivals.reduce((sum, flow) => sum + flow.least, 0n)
  const stolen = open.trail.ledgers.get(freeze.asset)?.stolen ?? 0n
  const desk = deskOf(context, freeze)
  const isEnough =
    arrived > 0n &&
    freeze.grounds.confidence >= rule.confidence &&
    Number((least * 1_000_000n) / arrived) >= rule.certainty * 1_000_000 &&
    arrived * 1_000_000n >= stolen * rule.leastPerMillion &&
    desk.length > 0
  if (!isEnough) return freeze
  const at = freeze.arrivals.at(-1)?.time ?? 0
  const act = { type: 'approve', desk, note: 'by the rule of the house' } as const
  const approved = moveFreeze(freeze, act, { by: null, at, asset: assetOf(context, freeze) })
  return { ...approved, revision: freeze.revision }
}

/** Where a request to an organization goes: its channels, else the people on duty, else its contacts. */
export function deskOf(
  context: Context,
  { organization }: Pick<Freeze, 'organization'>,
): ChannelId[] {
  const found = organizationIn(context, organization)
  if (!found) return []
  const isReached = (channel: ChannelId) =>
    context.chats.some(({ name }) => channel === name || channel.startsWith(`${name}:`))
  const own = found.channels.filter(isReached)
  if (own.length > 0) return own
  const people = callList(found, { purpose: 'freeze', at: context.now() })
  return people.flatMap((account) => directOf(account) ?? []).filter(isReached)
}

/** Requests of the case that hops, followed anew from the theft, show otherwise; as they are then. */
function recountFreezes(context: Context, open: OpenCase, hops: readonly Hop[]): FreezeChanges {
  const { freezes, deposits } = bookOf(context, open)
  const empty = [...freezes].map(([id, freeze]) => {
    const bare = isOpenFreeze(freeze) ? { ...freeze, arrivals: [], departures: [] } : freeze
    return [id, bare] as const
  })
  const known = [...deposits].filter(([, { caseId }]) => caseId !== open.case.id)
  const again = followHops(
    { freezes: new Map(empty), deposits: new Map(known) },
    hops,
    factsOf(context, open, null),
  )
  const changed: FreezeChanges = { freezes: new Map(), deposits: new Map() }
  for (const [id, freeze] of freezes) {
    const now = again.freezes.get(id) ?? empty.find(([each]) => each === id)?.[1] ?? freeze
    if (isSame(now, freeze)) continue
    changed.freezes.set(id, { ...now, revision: freeze.revision + 1 })
  }
  for (const [id, freeze] of again.freezes) if (!freezes.has(id)) changed.freezes.set(id, freeze)
  for (const [address, deposit] of deposits) {
    if (deposit.caseId === open.case.id && !again.deposits.get(address)) {
      changed.deposits.set(address, null)
    }
  }
  for (const [address, deposit] of again.deposits) changed.deposits.set(address, deposit)
  return changed
}

/** What following a case anew does to its requests, as a decision. */
export function recountDecision(
  context: Context,
  open: OpenCase,
  hops: readonly Hop[],
): Consequences {
  return consequencesOf(context, open, recountFreezes(context, open, hops))
}

function isSame(a: Freeze, b: Freeze): boolean {
  const key = ({ arrivals, departures }: Freeze) =>
    [arrivals, departures]
      .map((flows) =>
        flows
          .map(({ transaction, position, amount }) => `${transaction} ${position} ${amount}`)
          .join(),
      )
      .join('|')
  return key(a) === key(b)
}
