import {
  FreezeNotFoundError,
  NobodyToAskError,
  NotSharedError,
  NotYoursToDecideError,
} from '#errors/freeze.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { isHouse, organizationIn } from '#src/organization/listOrganizations.ts'
import type { ChannelId } from '#types/chat.ts'
import type { Freeze } from '#types/freeze.ts'
import type { Member } from '#types/member.ts'
import { findMember, mayRun } from '#utils/findMember.ts'
import { deskOf, reachOf } from './decideFreezes.ts'
import { decisionOf } from './decisionOf.ts'
import { type FreezeAct, moveFreeze } from './moveFreeze.ts'
import { isOpenFreeze, reachedStage } from './stateOf.ts'
import { assetOf } from './tellFreezes.ts'

/**
 * The request that a member names by its id or the beginning of it, of those that they may see: all of the house, of
 * others those to their own organization and those that it has asked for.
 * @throws FreezeNotFoundError where none or several are meant
 */
export function findFreeze(context: Context, id: string, member: Member): Freeze {
  const known = freezesFor(context, member)
  const found = known.filter((freeze) => freeze.id.startsWith(id.toLowerCase()))
  const [freeze] = found
  if (freeze && found.length === 1) return freeze
  throw new FreezeNotFoundError({ id, known: known.filter(isOpenFreeze).map((each) => each.id) })
}

/** Requests that a member may see, the newest first. */
export function freezesFor(context: Context, member: Member): Freeze[] {
  return [...context.standing.freeze.values()]
    .filter((freeze) => maySee(context, freeze, member))
    .sort((a, b) => firstAt(b) - firstAt(a) || (a.id < b.id ? -1 : 1))
}

/** Whether a request is a member's to see. */
export function maySee(context: Context, freeze: Freeze, member: Member): boolean {
  if (isHouse(context, member, freeze.caseId)) return true
  if (askerOf(freeze) === member.organization) return true
  return freeze.organization === member.organization && reachedStage(freeze, 'approved') !== null
}

/** The organization that has asked for a request; `null` where that was Posse or the house. */
function askerOf({ history }: Freeze): string | null {
  return history[0]?.by?.organization ?? null
}

function firstAt({ history }: Freeze): number {
  return history[0]?.at ?? 0
}

/** Acts of the organization that is asked; all others are the house's. */
const desks: readonly FreezeAct['type'][] = [
  'see',
  'hold',
  'make durable',
  'decline',
  'release',
  'renew',
  'return',
]

/**
 * Does something with a request for a member: the asked organization answers, a lead of the house may note an answer
 * that came another way, and a second person of the house approves.
 * @throws FreezeNotFoundError, FreezeStateError, FreezeAmountError, NotYoursToDecideError, NobodyToAskError
 */
export async function actOnFreeze(
  context: Context,
  { id, member, act }: { id: string; member: Member; act: (freeze: Freeze) => FreezeAct },
): Promise<Freeze> {
  return await decide(context, () => {
    const freeze = findFreeze(context, id, member)
    const done = act(freeze)
    checkRight(context, freeze, { act: done.type, member })
    const { account, name, organization } = member
    const by = { account, name, organization, at: context.now() }
    const asset = assetOf(context, freeze)
    const moved = moveFreeze(freeze, done, { by, at: context.now(), asset })
    return { ...decisionOf(context, [moved]), result: moved }
  })
}

/**
 * What a member could do with a request, without doing it: what is refused is refused before anybody else is asked.
 * @throws as `actOnFreeze`
 */
export function checkAct(
  context: Context,
  { id, member, act }: { id: string; member: Member; act: FreezeAct },
): Freeze {
  const freeze = findFreeze(context, id, member)
  checkRight(context, freeze, { act: act.type, member })
  moveFreeze(freeze, act, { by: null, at: context.now(), asset: assetOf(context, freeze) })
  return freeze
}

/** Where an approved request goes. @throws NobodyToAskError, NotSharedError where its people may not see the case */
export function deskFor(context: Context, freeze: Freeze): ChannelId[] {
  const desk = deskOf(context, freeze)
  const { organization, caseId } = freeze
  if (desk.length === 0 && reachOf(context, organization).length > 0) {
    throw new NotSharedError({ organization, caseId })
  }
  if (desk.length === 0) throw new NobodyToAskError({ organization })
  return desk
}

function checkRight(
  context: Context,
  freeze: Freeze,
  { act, member }: { act: FreezeAct['type']; member: Member },
): void {
  const { id, organization } = freeze
  const isLead = mayRun({ role: 'lead' }, member)
  const isOfHouse = isLead && isHouse(context, member, freeze.caseId)
  if (desks.includes(act)) {
    // Whoever has opened the case is a party to it: no answer of others is theirs to note.
    if (member.organization === organization || (isLead && isHouse(context, member, null))) return
    const name = organizationIn(context, organization)?.name ?? organization
    throw new NotYoursToDecideError({ id, who: `somebody of ${name}` })
  }
  if (act === 'withdraw') {
    if (isOfHouse || isSamePerson(context, freeze, member)) return
    throw new NotYoursToDecideError({ id, who: 'a lead of the house' })
  }
  if (!isOfHouse) throw new NotYoursToDecideError({ id, who: 'a lead of the house' })
  if (isSamePerson(context, freeze, member)) {
    throw new NotYoursToDecideError({ id, who: 'a second person: you have asked for it yourself' })
  }
}

/** Whether a member asked for it, be it with another account of theirs. */
function isSamePerson(context: Context, { history }: Freeze, member: Member): boolean {
  const asked = history[0]?.by?.account
  if (asked === undefined) return false
  const base = (account: string) => findMember(context, account)?.as ?? account
  return base(asked) === (member.as ?? member.account)
}
