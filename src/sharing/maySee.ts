import type { Context } from '#src/context.ts'
import type { ChannelId } from '#types/chat.ts'
import type { AccountId, Member } from '#types/member.ts'
import type { Flag } from '#types/standing.ts'
import { findMember } from '#utils/findMember.ts'
import { admits, audienceOfCase, audienceOfFlag, type Viewer } from './audience.ts'

export type { Viewer } from './audience.ts'

type Marks = Pick<Context, 'standing' | 'rules'>
type People = Pick<Context, 'standing' | 'house'>

/** Whether somebody may see a case, or hear of it. */
export function maySee(context: Marks, viewer: Viewer, caseId: string): boolean {
  return admits(audienceOfCase(context, caseId), viewer)
}

/** Whether somebody may see what was said of an address. */
export function maySeeFlag(context: Marks, viewer: Viewer, flag: Flag): boolean {
  return admits(audienceOfFlag(context, flag), viewer)
}

/** Somebody who asks; whom the house does not know sees nothing. */
export function viewerOf({ member }: { member: Member | null }): Viewer {
  if (!member) return { isHouse: false, organization: null, accounts: [], isDirect: false }
  const { account, as, role, organization } = member
  return {
    isHouse: role === 'admin' || organization === null,
    organization,
    accounts: as === undefined ? [account] : [account, as],
    isDirect: false,
  }
}

/** Whoever reads a channel: a person's own, an organization's, or else the house. */
export function viewerOfChannel(context: People, channel: ChannelId): Viewer {
  const account = accountOf(channel)
  if (account !== null) {
    return { ...viewerOf({ member: findMember(context, account) }), isDirect: true }
  }
  const organization = ownerOfChannel(context, channel)
  return { isHouse: organization === null, organization, accounts: [], isDirect: false }
}

/** Whose channel it is: as a lead has bound it, else as the settings or the desks say; `null` is the house's own. */
export function ownerOfChannel({ standing, house }: People, channel: ChannelId): string | null {
  const isThere = ({ channels = [] }: { channels?: readonly ChannelId[] }) =>
    channels.includes(channel)
  return (
    standing.channel.get(channel)?.organization ??
    house.routes.find((route) => route.channel === channel && route.organization)?.organization ??
    house.organizations.find(isThere)?.id ??
    [...standing.organization.values()].find(isThere)?.id ??
    null
  )
}

/** The account behind a direct channel. */
function accountOf(channel: ChannelId): AccountId | null {
  const [, chat, id] = /^([^:]+):@(.+)$/.exec(channel) ?? []
  return chat && id ? `${chat}:${id}` : null
}
