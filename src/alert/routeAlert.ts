import type { AlertGroup } from '#types/alert.ts'
import type { Address, Asset, ChainId } from '#types/chain.ts'
import type { ChannelId } from '#types/chat.ts'
import type { Route } from '#types/houseRules.ts'
import type { Silence, Subscription } from '#types/standing.ts'
import type { Topic } from '#types/topic.ts'
import type { Hop } from '#types/trail.ts'
import { baseUnits } from '#utils/baseUnits.ts'
import { isCardOfMany } from './describeAlert.ts'
import { topicOf } from './topicOf.ts'

/** The channels that want to hear of something, each once, in order. */
export function channelsFor(
  told: {
    topic: Topic
    caseId: string
    chain: ChainId
    /** The payment, whose stolen part must be at least the least that is wanted; `null` where there is none. */
    hop: Pick<Hop, 'stolen'> | null
    asset: Asset | null
  },
  { subscriptions, routes }: { subscriptions: Iterable<Subscription>; routes: Iterable<Route> },
): ChannelId[] {
  const wanting = [...subscriptions, ...routes].filter(
    ({ caseId, topics, chain, min }) =>
      (caseId === '*' || caseId === told.caseId) &&
      topics.includes(told.topic) &&
      (chain === null || chain === told.chain) &&
      isEnough(told, min),
  )
  return [...new Set(wanting.map(({ channel }) => channel))].sort()
}

/** Only what is surely too little is left out: other assets have no price. */
function isEnough(
  { hop, asset }: { hop: Pick<Hop, 'stolen'> | null; asset: Asset | null },
  min: Subscription['min'],
): boolean {
  if (!min || !hop || !asset) return true
  if (asset.symbol.toLowerCase() !== min.symbol.toLowerCase()) return true
  const least = baseUnits(min.number, asset)
  return hop.stolen.some((part) => part >= least)
}

/** What a silence may be about. */
export type Silenceable = {
  caseId: string
  topic: Topic
  path: string
  addresses: readonly Address[]
}

/** The silences that stand over an alert now. */
export function silencesOn(
  { caseId, topic, path, addresses }: Silenceable,
  silences: Iterable<Silence>,
  now: number,
): Silence[] {
  return [...silences].filter(
    (silence) =>
      silence.until > now &&
      silence.caseId === caseId &&
      (silence.topic === null || silence.topic === topic) &&
      (silence.path === null || silence.path === path) &&
      (silence.address === null || addresses.includes(silence.address)),
  )
}

/**
 * What a silence of a group must be about. A card of many is about no path and no address that not all of it shares:
 * silencing one must not silence the others.
 */
export function silenceableOf({ head, last, count }: AlertGroup): Silenceable {
  const shared = partiesOf(head).filter((address) => partiesOf(last).includes(address))
  const isOfMany = head.kind === 'burst' || (isCardOfMany(head.path) && count > 1)
  const service = isCardOfMany(head.path) && head.path.endsWith(head.address) ? [head.address] : []
  return {
    caseId: head.caseId,
    topic: topicOf(head),
    path: isOfMany ? head.path : last.path,
    addresses: isOfMany ? service : shared,
  }
}

function partiesOf({ hop, address }: AlertGroup['head']): Address[] {
  return hop ? [hop.from, hop.to] : [address]
}
