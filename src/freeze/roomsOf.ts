import { channelsOf } from '#src/channel/channelsOf.ts'
import type { Context } from '#src/context.ts'
import { organizationIn } from '#src/organization/listOrganizations.ts'
import { ownerOfCase } from '#src/sharing/audience.ts'
import { viewerOfChannel } from '#src/sharing/maySee.ts'
import type { ChannelId } from '#types/chat.ts'

/**
 * Channels that hear of all requests of a case: those of the house, of coordinators, and of whoever opened the case. What
 * one organization is asked and answers is none of another's business.
 */
export function roomsOf(context: Context, caseId: string): ChannelId[] {
  const owner = ownerOfCase(context, caseId)
  return channelsOf(context, { cases: [caseId], topic: 'freeze' }).filter((channel) => {
    const { isHouse, organization } = viewerOfChannel(context, channel)
    if (isHouse || organization === null) return isHouse
    return organization === owner || organizationIn(context, organization)?.kind === 'coordinator'
  })
}
