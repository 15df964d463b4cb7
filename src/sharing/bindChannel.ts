import { MemberNotFoundError } from '#errors/member.ts'
import { NotYoursToBindError } from '#errors/sharing.ts'
import { settingsOf } from '#src/channel/settingsOf.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { listOrganizations } from '#src/organization/listOrganizations.ts'
import type { ChannelId } from '#types/chat.ts'
import type { Member } from '#types/member.ts'
import type { StandingChange } from '#types/standing.ts'
import type { Decision } from '#types/store.ts'
import { afterMarks } from './afterMarks.ts'
import { ownerOfChannel, viewerOf } from './maySee.ts'
import { withdraw } from './withdraw.ts'

/**
 * Says whose channel it is. What stands there and its people may not see is taken out.
 * @throws MemberNotFoundError, NotYoursToBindError
 */
export async function bindChannel(
  context: Context,
  { channel, organization, lead }: { channel: ChannelId; organization: string; lead: Member },
): Promise<void> {
  const { whole } = context
  await decide(context, async () => {
    const known = listOrganizations(whole).map(({ id }) => id)
    if (!known.includes(organization)) {
      throw new MemberNotFoundError({ what: 'organization', text: organization, known })
    }
    const isOwn = organization === lead.organization
    const isFree = ownerOfChannel(whole, channel) === organization || isUnbound(whole, channel)
    if (!viewerOf({ member: lead }).isHouse && !(isOwn && isFree)) {
      throw new NotYoursToBindError({ organization })
    }
    return { ...(await binding(whole, channel, organization)), result: undefined }
  })
}

/**
 * What binds a channel that belongs to nobody to the organization of whoever has cases told there; nothing for people of
 * the house.
 */
export function bindingOf(
  { whole }: Context,
  channel: ChannelId,
  member: Member,
): StandingChange[] {
  const { organization } = member
  if (organization === null || viewerOf({ member }).isHouse) return []
  return isUnbound(whole, channel) ? [changeOf(whole, channel, organization)] : []
}

async function binding(
  whole: Context,
  channel: ChannelId,
  organization: string,
): Promise<Decision> {
  const change = changeOf(whole, channel, organization)
  const after = afterMarks(whole, [change])
  const tellings = []
  for (const caseId of whole.cases.keys()) {
    tellings.push(...(await withdraw(whole, after, { caseId, only: channel })))
  }
  return { standing: [change], tellings }
}

function changeOf(whole: Context, channel: ChannelId, organization: string): StandingChange {
  const value = { ...settingsOf(whole, channel), organization }
  return { kind: 'channel', key: channel, value }
}

/** Nobody's, and none in which the house runs its own affairs. */
function isUnbound(whole: Context, channel: ChannelId): boolean {
  const isHome = whole.chats.some(({ home }) => home === channel)
  const isRouted = whole.house.routes.some((route) => route.channel === channel)
  const isDirect = channel.includes(':@')
  return !isHome && !isRouted && !isDirect && ownerOfChannel(whole, channel) === null
}
