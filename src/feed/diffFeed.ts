import type { FeedRow } from '#types/standing.ts'

/** What is new in a feed, what is gone, and what has another name. */
export type FeedDiff = {
  added: FeedRow[]
  removed: FeedRow[]
  changed: { before: FeedRow; after: FeedRow }[]
}

/** Compares two readings of a feed. */
export function diffFeed(before: readonly FeedRow[], after: readonly FeedRow[]): FeedDiff {
  const old = new Map(before.map((row) => [keyOf(row), row]))
  const now = new Map(after.map((row) => [keyOf(row), row]))
  return {
    added: after.filter((row) => !old.has(keyOf(row))),
    removed: before.filter((row) => !now.has(keyOf(row))),
    changed: after.flatMap((row) => {
      const known = old.get(keyOf(row))
      return known && known.name !== row.name ? [{ before: known, after: row }] : []
    }),
  }
}

function keyOf({ address, kind }: FeedRow): string {
  return `${address} ${kind}`
}
