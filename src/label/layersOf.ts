import type { Context } from '#src/context.ts'
import type { Layers } from '#utils/layerLabels.ts'

const secondsPerDay = 86_400

/** What lies over the lists of labels: what members flagged, and what accepted feeds brought. */
export function layersOf(
  { standing, house }: Pick<Context, 'standing' | 'house'>,
  now: number,
): Layers {
  return {
    flags: [...standing.flag.values()],
    feeds: house.feeds.flatMap((settings) => {
      const feed = standing.feed.get(settings.name)
      if (!feed?.accepted) return []
      const age = now - feed.accepted.fetchedAt
      return { settings, feed, isStale: age > settings.staleAfterDays * secondsPerDay }
    }),
  }
}
