import type { Address, AssetId } from '#types/chain.ts'
import type { Hop, Stop } from '#types/trail.ts'
import { worstOf } from './worstOf.ts'

/** Arrivals at services that are kept whole. */
const maxLargest = 5

/** Payments of one asset to one address, or to all that is no service (`address` and `stop` are `null`). */
export type Destination = {
  asset: AssetId
  address: Address | null
  stop: Stop | null
  payments: number
  /** Base units: the stolen part under each policy. */
  stolen: bigint[]
}

/** Hops in short: every one of them is in exactly one destination. */
export type HopSummary = {
  hops: number
  destinations: ReadonlyMap<string, Destination>
  /** The largest arrivals at services, by asset, the largest first. */
  largest: ReadonlyMap<AssetId, readonly Hop[]>
}

/** What to begin with. */
export const noHops: HopSummary = { hops: 0, destinations: new Map(), largest: new Map() }

/** Adds a page of hops to what was counted before, which stays as it was. */
export function countHops(before: HopSummary, page: readonly Hop[]): HopSummary {
  const destinations = new Map(before.destinations)
  const largest = new Map(before.largest)
  for (const hop of page) {
    const { asset, stop, stolen } = hop
    const address = stop === null ? null : hop.to
    const key = `${asset} ${stop} ${address}`
    const known = destinations.get(key)
    destinations.set(key, {
      ...{ asset, address, stop },
      payments: (known?.payments ?? 0) + 1,
      stolen: stolen.map((part, index) => part + (known?.stolen[index] ?? 0n)),
    })
    if (stop === null) continue
    const arrivals = [...(largest.get(asset) ?? []), hop]
    largest.set(asset, arrivals.sort(bySize).slice(0, maxLargest))
  }
  return { hops: before.hops + page.length, destinations, largest }
}

/** The largest first by the worst policy, equal ones as they happened. */
function bySize(a: Hop, b: Hop): number {
  const [first, second] = [worstOf(a.stolen), worstOf(b.stolen)]
  if (first !== second) return first > second ? -1 : 1
  if (a.block !== b.block) return a.block - b.block
  const [here, there] = [a, b].map(({ transaction, position }) => `${transaction}:${position}`)
  return (here ?? '') < (there ?? '') ? -1 : 1
}
