import type { Context } from '#src/context.ts'
import type { ChannelId } from '#types/chat.ts'
import type { Route } from '#types/houseRules.ts'
import type { Subscription } from '#types/standing.ts'
import { findMember } from '#utils/findMember.ts'
import { maySee, type Viewer, viewerOf, viewerOfChannel } from './maySee.ts'

type Parts = Pick<Context, 'standing' | 'house' | 'rules'>

/**
 * Whether what a channel has subscribed to, or is routed there, may be told: its readers must be allowed to see the case,
 * and so must be whoever subscribed it, since anybody may bring the bot into a channel that nobody has bound.
 */
export function mayHear(context: Parts, wanted: Subscription | Route, caseId: string): boolean {
  if (!maySee(context, viewerOfChannel(context, wanted.channel), caseId)) return false
  return !('by' in wanted) || maySee(context, subscriberOf(context, wanted), caseId)
}

function subscriberOf(context: Parts, { by }: Subscription): Viewer {
  const member = findMember(context, by.account)
  if (member) return viewerOf({ member })
  // Posse itself, or somebody who has left.
  const { organization } = by
  return { isHouse: organization === null, organization, accounts: [], isDirect: false }
}

/** What a case may be told by, of all that is subscribed and routed. */
export function listenersOf(
  context: Parts,
  caseId: string,
): { subscriptions: Subscription[]; routes: Route[] } {
  const { standing, house } = context
  return {
    subscriptions: [...standing.subscription.values()].filter((each) =>
      mayHear(context, each, caseId),
    ),
    routes: house.routes.filter((each) => mayHear(context, each, caseId)),
  }
}

/**
 * Whether a case may be told, or what was told of it stays, in a channel. Where people have subscribed, one of them must
 * be allowed to see it too.
 */
export function mayTell(context: Parts, channel: ChannelId, caseId: string): boolean {
  if (!maySee(context, viewerOfChannel(context, channel), caseId)) return false
  const { standing, house } = context
  const wanted = [...standing.subscription.values(), ...house.routes].filter(
    (each) => each.channel === channel,
  )
  return wanted.length === 0 || wanted.some((each) => mayHear(context, each, caseId))
}

/** Of some channels those in which a case may be told. */
export function channelsSeeing(
  context: Parts,
  caseId: string,
  channels: readonly ChannelId[],
): ChannelId[] {
  return channels.filter((channel) => mayTell(context, channel, caseId))
}

/** Channels that may see the same of these cases together, so that no name comes to another audience. */
export function groupChannels(
  context: Parts,
  channels: readonly ChannelId[],
  cases: readonly string[],
): { channels: ChannelId[]; cases: string[] }[] {
  const groups = new Map<string, { channels: ChannelId[]; cases: string[] }>()
  for (const channel of channels) {
    const seen = cases.filter((caseId) => mayTell(context, channel, caseId))
    const key = seen.join()
    const group = groups.get(key)
    if (group) group.channels.push(channel)
    else groups.set(key, { channels: [channel], cases: seen })
  }
  return [...groups.values()]
}
