import {
  DisputeNotFoundError,
  NothingToDisputeError,
  NotYourDisputeError,
} from '#errors/dispute.ts'
import { findCase } from '#src/case/findCase.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { findFreeze } from '#src/freeze/actOnFreeze.ts'
import { isHouse } from '#src/organization/listOrganizations.ts'
import { labelsFor } from '#src/sharing/labelsFor.ts'
import type { Dispute, DisputeSubject, DisputeVerdict } from '#types/dispute.ts'
import type { Member } from '#types/member.ts'
import type { Signed } from '#types/standing.ts'
import type { Decision } from '#types/store.ts'
import { mayRun } from '#utils/findMember.ts'
import { handleOf } from '#utils/handleOf.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { isAbout, nameSubject } from './disputesOn.ts'
import { redrawClaim } from './redrawClaim.ts'

/** What a person has named: a freeze by its digits, an address or a transaction. */
export type Disputed = { freeze: string } | { address: string } | { transaction: string }

/**
 * Puts an opinion against a claim, beside those of others. Every card that says it shows that it is disputed.
 * @throws NothingToDisputeError, FreezeNotFoundError
 */
export async function raiseDispute(
  context: Context,
  given: {
    what: Disputed
    /** Where an address or a payment is meant. @default the only one that is followed */
    caseId: string | undefined
    reason: string
    member: Member
    by: Signed
  },
): Promise<Dispute> {
  const { reason, by } = given
  const { subject, caseId } = await subjectOf(context, given)
  return await decide(context, async () => {
    const known = [...context.whole.standing.dispute.values()].find(
      (each) =>
        each.decision === null &&
        each.caseId === caseId &&
        JSON.stringify(each.subject) === JSON.stringify(subject),
    )
    const others = (known?.opinions ?? []).filter((each) => each.by.account !== by.account)
    const dispute: Dispute = {
      id: known?.id ?? freeId(context.whole, JSON.stringify([caseId, subject])),
      ...{ caseId, subject, decision: null },
      opinions: [...others, { by, reason, withdrawn: false }],
    }
    const whose = by.organization ?? by.name
    const text = `${whose} disputes ${nameSubject(subject)}`
    return { ...(await changeTo(context, dispute, { text, note: reason, by })), result: dispute }
  })
}

/** Takes one's own opinion back; the last one ends the dispute. @throws DisputeNotFoundError, NotYourDisputeError */
export async function withdrawDispute(
  context: Context,
  { id, note, by }: { id: string; note: string; by: Signed },
): Promise<Dispute> {
  return await decide(context, async () => {
    const known = findDispute(context, id)
    const isOwn = ({ by: who, withdrawn }: Dispute['opinions'][number]) =>
      !withdrawn && who.account === by.account
    if (!known.opinions.some(isOwn)) {
      throw new NotYourDisputeError({ id: known.id, who: 'whoever has disputed it' })
    }
    const opinions = known.opinions.map((each) =>
      isOwn(each) ? { ...each, withdrawn: true } : each,
    )
    const isOver = opinions.every(({ withdrawn }) => withdrawn)
    const decision = isOver ? { verdict: 'withdrawn' as const, by, note } : null
    const dispute = { ...known, opinions, decision }
    const text = `${by.name} no longer disputes ${nameSubject(known.subject)}`
    return { ...(await changeTo(context, dispute, { text, note, by })), result: dispute }
  })
}

/** The dispute that a lead of the house may decide. @throws DisputeNotFoundError, NotYourDisputeError */
export function disputeToDecide(context: Context, id: string, member: Member): Dispute {
  const dispute = findDispute(context, id)
  if (mayRun({ role: 'lead' }, member) && isHouse(context, member, dispute.caseId)) return dispute
  throw new NotYourDisputeError({ id: dispute.id, who: 'a lead of the house' })
}

/** Ends a dispute; what follows from it has been done before. */
export async function decideDispute(
  context: Context,
  { id, verdict, note, by }: { id: string; verdict: DisputeVerdict; note: string; by: Signed },
): Promise<Dispute> {
  return await decide(context, async () => {
    const known = findDispute(context, id)
    const dispute: Dispute = { ...known, decision: { verdict, by, note } }
    const text = `the dispute of ${nameSubject(known.subject)} is ${verdict}`
    return { ...(await changeTo(context, dispute, { text, note, by })), result: dispute }
  })
}

/** An open dispute by its id or the beginning of it. @throws DisputeNotFoundError */
function findDispute({ standing }: Context, id: string): Dispute {
  const open = [...standing.dispute.values()].filter(({ decision }) => decision === null)
  const found = open.filter((each) => each.id.startsWith(id.toLowerCase()))
  const [dispute] = found
  if (dispute && found.length === 1) return dispute
  throw new DisputeNotFoundError({ id, known: open.map((each) => each.id) })
}

async function changeTo(
  context: Context,
  dispute: Dispute,
  { text, note, by }: { text: string; note: string; by: Signed },
): Promise<Decision> {
  const { whole } = context
  const { id, caseId, opinions } = dispute
  const standing = { ...whole.standing, dispute: new Map(whole.standing.dispute) }
  standing.dispute.set(id, dispute)
  const name = whole.cases.get(caseId)?.case.name ?? caseId
  const isStanding = opinions.some((each) => each.by.account === by.account && !each.withdrawn)
  const step = opinions.length + opinions.filter(({ withdrawn }) => withdrawn).length
  const key = `dispute:${id}:${dispute.decision ? 'end' : `${step}:${by.at}`}`
  const redrawn = await redrawClaim(
    { ...whole, standing },
    {
      ...{ caseId, note: note || 'No reason is given.' },
      // Whoever says the same again and again is heard once; the timeline has it all.
      key: `dispute:${id}:${dispute.decision ? 'end' : `${by.account}:${isStanding}`}`,
      title: [{ strong: name }, `: ${text}`],
      isAbout: (claims) => isAbout(dispute, claims),
    },
  )
  return {
    ...redrawn,
    standing: [{ kind: 'dispute', key: id, value: dispute }, ...redrawn.standing],
    timeline: [
      { caseId, key, at: by.at, kind: 'decision', by, text: note ? `${text}: ${note}` : text },
    ],
  }
}

/** @throws NothingToDisputeError where nothing is claimed that could be disputed */
async function subjectOf(
  context: Context,
  { what, caseId: named, member }: { what: Disputed; caseId: string | undefined; member: Member },
): Promise<{ subject: DisputeSubject; caseId: string }> {
  if ('freeze' in what) {
    const freeze = findFreeze(context, what.freeze, member)
    return { subject: { kind: 'freeze', freeze: freeze.id }, caseId: freeze.caseId }
  }
  const caseId = findCase(context, named).case.id
  if ('transaction' in what) {
    const { transaction } = what
    const hops = await context.store.findHops(caseId, { transaction }, { limit: 1 })
    if (hops.length > 0) return { subject: { kind: 'hop', transaction }, caseId }
    throw new NothingToDisputeError({ subject: transaction, caseId })
  }
  const { address } = what
  const ledgers = await context.store.readAccounts(caseId, [address])
  const isKnown =
    labelsFor(context, caseId).get(address) || ledgers.some(({ accounts }) => accounts.length > 0)
  if (isKnown) return { subject: { kind: 'label', address }, caseId }
  throw new NothingToDisputeError({ subject: showAddress(address), caseId })
}

function freeId({ standing }: Context, what: string): string {
  for (let count = 0; ; count += 1) {
    const id = handleOf(`dispute ${what} ${count}`)
    if (!standing.dispute.has(id)) return id
  }
}
