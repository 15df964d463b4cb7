import type { Address } from '#types/chain.ts'
import type { FeedSettings } from '#types/feed.ts'
import type { Label } from '#types/label.ts'
import type { Feed, Flag } from '#types/standing.ts'
import { indexLabels, type LabelIndex } from './indexLabels.ts'

/** What lies over the lists of labels. */
export type Layers = {
  flags: readonly Flag[]
  feeds: readonly { settings: FeedSettings; feed: Feed; isStale: boolean }[]
}

/** Labels as they count now: what members flagged, then the lists and the feeds together. */
export type Labels = LabelIndex & {
  /** The lists alone. */
  readonly lists: LabelIndex
  /** How often the layers were replaced. */
  readonly version: number
  replace(layers: Layers): void
  /** Whether a member's flag of it stands. */
  isJudged(address: Address): boolean
}

/** Lays flags and feeds over lists. Addresses that have neither cost one look-up more. */
export function layerLabels(lists: LabelIndex, layers: Layers): Labels {
  let merged = merge(lists, layers)
  let judged = judgedIn(layers)
  let version = 0
  return {
    lists,
    get version() {
      return version
    },
    get: (address) => merged.get(address) ?? lists.get(address),
    isJudged: (address) => judged.has(address),
    replace(next) {
      merged = merge(lists, next)
      judged = judgedIn(next)
      version += 1
    },
  }
}

function judgedIn({ flags }: Layers): ReadonlySet<Address> {
  return new Set(flags.filter(({ withdrawn }) => !withdrawn).map(({ address }) => address))
}

function merge(lists: LabelIndex, { flags, feeds }: Layers): Map<Address, readonly Label[]> {
  const standing = Map.groupBy(
    flags.filter(({ withdrawn }) => withdrawn === null),
    ({ address }) => address,
  )
  const fed = Map.groupBy(feeds.flatMap(labelsOf), ({ address }) => address)
  const merged = new Map<Address, readonly Label[]>()
  for (const address of new Set([...standing.keys(), ...fed.keys()])) {
    const opinions = (standing.get(address) ?? []).sort(byWeight).map(toLabel)
    const others = indexLabels([...(lists.get(address) ?? []), ...(fed.get(address) ?? [])])
    merged.set(address, [...opinions, ...(others.get(address) ?? [])])
  }
  return merged
}

/** The surest first, then the newest. */
function byWeight(a: Flag, b: Flag): number {
  return b.confidence - a.confidence || b.by.at - a.by.at || (a.id < b.id ? -1 : 1)
}

function toLabel({ address, name, kind, confidence, by }: Flag): Label {
  const house = by.organization === null ? '' : ` (${by.organization})`
  return {
    address,
    name,
    kind,
    source: `flagged by ${by.name}${house}`,
    date: new Date(by.at * 1000).toISOString().slice(0, 10),
    confidence,
    isStale: false,
  }
}

function labelsOf({ settings, feed, isStale }: Layers['feeds'][number]): Label[] {
  const { source, confidence } = settings
  const { fetchedAt = 0, rows = [] } = feed.accepted ?? {}
  const date = new Date(fetchedAt * 1000).toISOString().slice(0, 10)
  return rows.map((row) => ({ ...row, source, date, confidence, isStale }))
}
