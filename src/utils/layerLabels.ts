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
  /** The same, at any time, with only those flags that pass. */
  view(shows: (flag: Flag) => boolean): Labels
}

/** Of an address: what members said of it, and all that lists and feeds say. */
type Layered = { opinions: readonly { flag: Flag; label: Label }[]; others: readonly Label[] }

/** Lays flags and feeds over lists. Addresses that have neither cost one look-up more. */
export function layerLabels(lists: LabelIndex, layers: Layers): Labels {
  let merged = merge(lists, layers)
  let version = 0

  function view(shows: (flag: Flag) => boolean): Labels {
    return {
      lists,
      get version() {
        return version
      },
      get(address) {
        const found = merged.get(address)
        if (!found) return lists.get(address)
        const opinions = found.opinions.filter(({ flag }) => shows(flag))
        const labels = [...opinions.map(({ label }) => label), ...found.others]
        return labels.length > 0 ? labels : undefined
      },
      isJudged: (address) => merged.get(address)?.opinions.some(({ flag }) => shows(flag)) ?? false,
      replace(next) {
        merged = merge(lists, next)
        version += 1
      },
      view: (alsoShows) => view((flag) => shows(flag) && alsoShows(flag)),
    }
  }

  return view(() => true)
}

function merge(lists: LabelIndex, { flags, feeds }: Layers): Map<Address, Layered> {
  const standing = Map.groupBy(
    flags.filter(({ withdrawn }) => withdrawn === null),
    ({ address }) => address,
  )
  const fed = Map.groupBy(feeds.flatMap(labelsOf), ({ address }) => address)
  const merged = new Map<Address, Layered>()
  for (const address of new Set([...standing.keys(), ...fed.keys()])) {
    const opinions = (standing.get(address) ?? [])
      .sort(byWeight)
      .map((flag) => ({ flag, label: toLabel(flag) }))
    const others = indexLabels([...(lists.get(address) ?? []), ...(fed.get(address) ?? [])])
    merged.set(address, { opinions, others: others.get(address) ?? [] })
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
