import type { Context } from '#src/context.ts'
import { layersOf } from '#src/label/layersOf.ts'
import type { Address } from '#types/chain.ts'
import type { Feed } from '#types/standing.ts'
import { serviceOf } from '#utils/indexLabels.ts'
import { layerLabels } from '#utils/layerLabels.ts'
import type { FeedDiff } from './diffFeed.ts'

/** Addresses that end a trail once a feed becomes this and did not before, or the other way round. */
export function changedAddresses(
  { whole: { house, labels, now, standing } }: Context,
  { diff, value }: { diff: FeedDiff; value: Feed },
): Address[] {
  const feed = new Map(standing.feed).set(value.name, value)
  const layers = layersOf({ standing: { ...standing, feed }, house }, now())
  const after = layerLabels(labels.lists, layers)
  const addresses = new Set([...diff.added, ...diff.removed].map(({ address }) => address))
  // Where a flag hides what a feed says, there may be cases in which it does not count.
  const views = [() => true, () => false]
  return [...addresses].filter((address) =>
    views.some(
      (shows) => serviceOf(labels.view(shows), address) !== serviceOf(after.view(shows), address),
    ),
  )
}
