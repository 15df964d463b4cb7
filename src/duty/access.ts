import {
  AlreadyMemberError,
  NotYoursToGrantError,
  RequestNotFoundError,
  TooManyRequestsError,
} from '#errors/access.ts'
import { MemberNotFoundError } from '#errors/member.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { listOrganizations } from '#src/organization/listOrganizations.ts'
import type { Telling } from '#types/alert.ts'
import { type AccountId, type Member, type Role, roles } from '#types/member.ts'
import type { Message } from '#types/message.ts'
import type { AccessRequest } from '#types/standing.ts'
import { directOf } from '#utils/directOf.ts'
import { findMember } from '#utils/findMember.ts'

/** Requests that wait at a time: strangers must not fill the house. */
const maxRequests = 200

/** The most that a lead grants. */
const maxByLead: Role = 'responder'

/** Requests that somebody may answer: of the own organization, or all for an admin. */
export function requestsFor(
  { standing }: Pick<Context, 'standing'>,
  member: Member,
): AccessRequest[] {
  const all = [...standing.access.values()].sort((a, b) => a.at - b.at)
  if (member.role === 'admin') return all
  if (member.role !== 'lead') return []
  return all.filter(({ organization }) => organization === member.organization)
}

/**
 * Asks to be let in; asking again takes the place of what was asked before. The homes of the house are told, on one
 * card for each account.
 * @throws AlreadyMemberError, TooManyRequestsError
 */
export async function requestAccess(
  context: Context,
  asked: Omit<AccessRequest, 'at' | 'times'>,
): Promise<void> {
  await decide(context, () => {
    const { account } = asked
    const member = findMember(context, account)
    if (member) throw new AlreadyMemberError({ account, role: member.role })
    const { access } = context.standing
    const before = access.get(account)
    if (!before && access.size >= maxRequests) throw new TooManyRequestsError()
    const at = before?.at ?? context.now()
    const value = { ...asked, at, times: (before?.times ?? 0) + 1 }
    return {
      standing: [{ kind: 'access', key: account, value }],
      tellings: tellHomes(context, value, {
        message: describeRequest(context, value),
        isSettled: false,
      }),
      result: undefined,
    }
  })
}

/**
 * Lets somebody in who has asked.
 * @throws RequestNotFoundError, NotYoursToGrantError, MemberNotFoundError
 */
export async function approveAccess(
  context: Context,
  {
    account,
    role,
    organization,
    lead,
  }: { account: AccountId; role: Role; organization: string | undefined; lead: Member },
): Promise<Member> {
  return await decide(context, () => {
    const request = findRequest(context, account, lead)
    const base = request.as === null ? null : findMember(context, request.as)
    const wanted = base ? base.organization : (organization ?? request.organization)
    const given = base?.role ?? role
    checkGrant(context, { lead, role: given, organization: wanted })
    const value: Member = {
      account,
      name: base?.name ?? request.name,
      role: given,
      organization: wanted,
      ...(base && { as: base.account }),
    }
    const text = `${lead.name} has let you in as ${given}.`
    const answer: Message = {
      title: text,
      severity: 'info',
      sections: [{ type: 'text', text: ['What you may do: ', { code: '/posse help' }] }],
    }
    return {
      standing: [
        { kind: 'member', key: account, value },
        { kind: 'access', key: account, value: null },
      ],
      tellings: [
        ...tellHomes(context, request, settled(request, `let in as ${given} by ${lead.name}`)),
        ...tellDirectly(request, answer),
      ],
      result: value,
    }
  })
}

/**
 * Turns somebody down who has asked.
 * @throws RequestNotFoundError
 */
export async function declineAccess(
  context: Context,
  { account, lead }: { account: AccountId; lead: Member },
): Promise<void> {
  await decide(context, () => {
    const request = findRequest(context, account, lead)
    return {
      standing: [{ kind: 'access', key: account, value: null }],
      tellings: tellHomes(context, request, settled(request, `turned down by ${lead.name}`)),
      result: undefined,
    }
  })
}

function findRequest(context: Context, account: AccountId, lead: Member): AccessRequest {
  const waiting = requestsFor(context, lead)
  const request = waiting.find((each) => each.account === account)
  if (request) return request
  throw new RequestNotFoundError({ account, known: waiting.map((each) => each.account) })
}

function checkGrant(
  context: Context,
  { lead, role, organization }: { lead: Member; role: Role; organization: string | null },
): void {
  const known = listOrganizations(context).map(({ id }) => id)
  if (organization !== null && !known.includes(organization)) {
    throw new MemberNotFoundError({ what: 'organization', text: organization, known })
  }
  if (lead.role === 'admin') return
  const isOwn = organization !== null && organization === lead.organization
  if (!isOwn || roles.indexOf(role) > roles.indexOf(maxByLead)) {
    throw new NotYoursToGrantError({ organization: organization ?? 'no organization', role })
  }
}

function describeRequest(context: Context, request: AccessRequest): Message {
  const { account, name, organization, why, as, times } = request
  const base = as === null ? null : findMember(context, as)
  const same = base ? `${base.name}, ${base.role}: ask them there before you approve` : 'nobody'
  return {
    title: ['Somebody asks for access: ', name],
    severity: 'amber',
    sections: [
      {
        type: 'fields',
        fields: [
          { name: 'Account', value: { code: account } },
          { name: 'Organization', value: organization },
          { name: 'Why', value: why },
          ...(as === null ? [] : [{ name: 'Says to be', value: [{ code: as }, `: ${same}`] }]),
          ...(times > 1 ? [{ name: 'Asked', value: `${times} times` }] : []),
        ],
      },
    ],
    actions: [
      { label: 'Let in as viewer', command: `access approve ${account} viewer` },
      { label: 'Let in as responder', command: `access approve ${account} responder` },
      { label: 'Turn down', command: `access decline ${account}`, style: 'danger' },
    ],
  }
}

function settled(
  { name, account }: AccessRequest,
  what: string,
): { message: Message; isSettled: boolean } {
  const fields = [{ name: 'Account', value: { code: account } }]
  const message: Message = {
    title: [name, `: ${what}`],
    severity: 'info',
    sections: [{ type: 'fields', fields }],
  }
  return { message, isSettled: true }
}

/** Where the house runs its own affairs: one card for a request, drawn anew with all that becomes of it. */
function tellHomes(
  context: Context,
  request: AccessRequest,
  { message, isSettled }: { message: Message; isSettled: boolean },
): Telling[] {
  const channels = context.chats.flatMap(({ home }) => home ?? [])
  if (channels.length === 0) return []
  const { account, at, times } = request
  const alert = `access:${account}:${at}`
  const revision = isSettled ? 2 * times : 2 * times - 1
  return [{ alert, revision, message, topic: 'blind', channels }]
}

function tellDirectly({ account, at }: AccessRequest, message: Message): Telling[] {
  const direct = directOf(account)
  if (direct === null) return []
  return [
    {
      alert: `access:${account}:${at}:answer`,
      revision: 1,
      message,
      topic: 'blind',
      channels: [direct],
    },
  ]
}
