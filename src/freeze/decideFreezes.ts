import { accountIn } from '#alert/accountIn.ts'
import type { Context } from '#src/context.ts'
import { organizationIn, organizationOf } from '#src/organization/listOrganizations.ts'
import { callList } from '#src/organization/onDuty.ts'
import { audienceOfCase, includes } from '#src/sharing/audience.ts'
import { labelsFor } from '#src/sharing/labelsFor.ts'
import { channelsSeeing } from '#src/sharing/listeners.ts'
import { stolenIn } from '#trace/policies.ts'
import type { ChannelId } from '#types/chat.ts'
import type { Freeze } from '#types/freeze.ts'
import type { CaseChange, OpenCase } from '#types/openCase.ts'
import type { Hop, TrailChange } from '#types/trail.ts'
import { directOf } from '#utils/directOf.ts'
import { nameLabel } from '#utils/nameLabel.ts'
import { wholeOf } from '#utils/wholeOf.ts'
import { decisionOf, type FreezeDecision } from './decisionOf.ts'
import {
  type FreezeBook,
  type FreezeChanges,
  type FreezeFacts,
  followHops,
  undoHops,
} from './followHops.ts'
import { moveFreeze } from './moveFreeze.ts'
import { arrivedAt, isOpenFreeze } from './stateOf.ts'
import { assetOf } from './tellFreezes.ts'

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
function bookOf(
  context: Pick<Context, 'standing' | 'rules'>,
  { case: theft }: OpenCase,
): FreezeBook {
  const { standing } = context
  const audience = audienceOfCase(context, theft.id)
  const own = [...standing.freeze].filter(([, { caseId }]) => caseId === theft.id)
  // What was learned in another case names its transactions.
  const here = [...standing.deposit.values()].filter(
    ({ chain, caseId }) =>
      chain === theft.chain && includes(audienceOfCase(context, caseId), audience),
  )
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
  const { rules } = context
  const labels = labelsFor(context, theft.id)
  return {
    ownerOf(address) {
      const found = organizationOf({ ...context, labels }, address)
      if (!found) return null
      const { label, organization } = found
      const text = `labelled ${nameLabel(label)} by ${label.source}`
      // Whoever may flag must not thereby send requests that nobody has looked at.
      const kind = labels.isJudged(address) ? 'flag' : 'label'
      return { id: organization.id, kind, text, confidence: label.confidence }
    },
    isLabelled: (address) => labels.get(address) !== undefined,
    accountOf: (asset, address) =>
      change
        ? accountIn(trail, { change, asset, address })
        : trail.ledgers.get(asset)?.accounts.get(address),
    stolenAt: ({ holdings: [fifo] }) => (fifo ? stolenIn(fifo) : 0n),
    isDust: (asset, amount) =>
      amount * 1_000_000n < wholeOf(trail.ledgers.get(asset)) * rules.dustPerMillion,
    wasSwept: (hop) => sweptBy(context, hop).length > 0,
    restKnown: (hop) =>
      sweptBy(context, hop)
        .flatMap(({ arrivals }) => arrivals)
        .find(
          ({ transaction, position }) =>
            transaction === hop.transaction && position === `${hop.position}:rest`,
        ),
    isDrill: theft.isDrill === true,
    days: rules.freeze.holdDays,
  }
}

/** Requests that a sweep has brought about before. */
function sweptBy({ standing }: Context, { caseId, from, transaction, position }: Hop): Freeze[] {
  return [...standing.freeze.values()].filter(
    (freeze) =>
      freeze.caseId === caseId &&
      freeze.address === from &&
      freeze.grounds.kind === 'learned' &&
      freeze.arrivals.some(
        (flow) => flow.transaction === transaction && flow.position === position,
      ),
  )
}

/** What the chain does to requests, as a decision: drafts that the rule of the house approves are sent at once. */
function consequencesOf(context: Context, open: OpenCase, changes: FreezeChanges): FreezeDecision {
  const changed = [...changes.freezes.values()].map((freeze) => preApprove(context, open, freeze))
  const { standing, ...told } = decisionOf(context, changed, { isByChain: true })
  const deposits = [...changes.deposits].map(
    ([address, value]) =>
      ({ kind: 'deposit', key: `${open.case.chain} ${address}`, value }) as const,
  )
  return { ...told, standing: [...standing, ...deposits] }
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

/** Approves a draft by the rule of the house, where it is sure enough, large enough and there is somebody to ask. */
function preApprove(context: Context, open: OpenCase, freeze: Freeze): Freeze {
  const { preApprove: rule } = context.rules.freeze
  if (!rule || freeze.stage !== 'drafted') return freeze
  const { kind } = freeze.grounds
  const arrived = arrivedAt(freeze)
  const least = freeze.arrivals.reduce((sum, flow) => sum + flow.least, 0n)
  const stolen = wholeOf(open.trail.ledgers.get(freeze.asset))
  const desk = deskOf(context, freeze)
  const isEnough =
    arrived > 0n &&
    (kind === 'label' || kind === 'learned') &&
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

/**
 * Where a request to an organization goes: its channels, else the people on duty, else its contacts; those alone that may
 * see the case.
 */
export function deskOf(
  context: Context,
  { organization, caseId }: Pick<Freeze, 'organization' | 'caseId'>,
): ChannelId[] {
  return channelsSeeing(context.whole, caseId, reachOf(context, organization))
}

/** Where an organization can be reached, whatever it is about. */
export function reachOf(context: Context, organization: string): ChannelId[] {
  const found = organizationIn(context, organization)
  if (!found) return []
  const isReached = (channel: ChannelId) =>
    context.chats.some(({ name }) => channel === name || channel.startsWith(`${name}:`))
  const own = found.channels.filter(isReached)
  if (own.length > 0) return own
  const people = callList(found, { purpose: 'freeze', at: context.now() })
  return people.flatMap((account) => directOf(account) ?? []).filter(isReached)
}

/**
 * Requests of the case that hops, followed anew from the theft, show otherwise; as they are then. What people said of
 * them stays: only what came and went is replaced.
 */
function recountFreezes(context: Context, open: OpenCase, hops: readonly Hop[]): FreezeChanges {
  const { freezes, deposits } = bookOf(context, open)
  const own = [...deposits].filter(([, { caseId }]) => caseId === open.case.id)
  const others = [...deposits].filter(([, { caseId }]) => caseId !== open.case.id)
  const start = [...freezes].flatMap(([id, freeze]) => {
    if (!isOpenFreeze(freeze)) return [[id, freeze] as const]
    // What the chain drafts it drafts again, under the same id.
    const isSaid = freeze.grounds.kind === 'said'
    return isSaid ? [[id, { ...freeze, arrivals: [], departures: [] }] as const] : []
  })
  const book = { freezes: new Map(start), deposits: new Map(others) }
  const again = followHops(book, hops, factsOf(context, open, null))
  const changed: FreezeChanges = { freezes: new Map(), deposits: new Map() }
  for (const [id, freeze] of freezes) {
    if (!isOpenFreeze(freeze)) continue
    const { arrivals = [], departures = [] } = again.freezes.get(id) ?? {}
    const now = { ...freeze, arrivals, departures, revision: freeze.revision + 1 }
    if (!isSame(now, freeze)) changed.freezes.set(id, now)
  }
  for (const [id, freeze] of again.freezes) if (!freezes.has(id)) changed.freezes.set(id, freeze)
  for (const [address] of own) {
    if (!again.deposits.get(address)) changed.deposits.set(address, null)
  }
  for (const [address, deposit] of again.deposits) changed.deposits.set(address, deposit)
  return changed
}

/** What following a case anew does to its requests, as a decision. */
export function recountDecision(
  context: Context,
  open: OpenCase,
  hops: readonly Hop[],
): FreezeDecision {
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
