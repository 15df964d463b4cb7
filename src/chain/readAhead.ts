import type { BlockRef, ChainReader, FetchedBlock } from '#types/chain.ts'

/** Blocks of one chain, fetched before they are asked for. */
export type ReadAhead = {
  /** The block that `next` will give. */
  peek(after: number, head: BlockRef): Promise<FetchedBlock | undefined>
  /** The lowest block above `after`; while it is worked on, those above it are fetched. */
  next(after: number, head: BlockRef): Promise<FetchedBlock | undefined>
}

/** Keeps as many reads in flight as the reader allows, up to the head. */
export function createReadAhead(reader: ChainReader): ReadAhead {
  let reads: { after: number; block: Promise<FetchedBlock | undefined> }[] = []

  function fill(after: number, head: BlockRef): void {
    if (reads[0]?.after !== after) reads = []
    const first = reads.length
    for (let ahead = first; ahead < reader.readAhead; ahead++) {
      if (ahead > 0 && after + ahead >= head.number) break
      const block = reader.readBlockAfter(after + ahead, head)
      // Who awaits it hears of a failure; one that nobody awaits any more is of no interest.
      block.catch(() => undefined)
      reads.push({ after: after + ahead, block })
    }
  }

  return {
    async peek(after, head) {
      fill(after, head)
      return reads[0]?.block
    },
    async next(after, head) {
      fill(after, head)
      const block = await reads.shift()?.block
      // A recording's numbers have gaps, so that what comes next is known by the block alone.
      if (block && reader.readAhead > 1) fill(block.number, head)
      return block
    },
  }
}
