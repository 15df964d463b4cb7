import type { AddressSet } from '#types/addressSet.ts'
import type { Address, ChainReader } from '#types/chain.ts'

/** Fewer blocks than this are read one by one. */
const leastBlocks = 64

/** More addresses than this are asked for at greater cost than reading every block. */
const mostAddresses = 2_000

/** Where to go on after a block: the next one that may matter, where the history of addresses tells; else the next. */
export type Skip = (place: { after: number; finalized: number | undefined }) => Promise<number>

/**
 * Passes over final blocks in which no watched address has moved, as far as a reader knows histories. Where code on the
 * trail holds something any block may matter, so that none is passed over.
 */
export function createSkip(
  reader: ChainReader,
  { watched, isAnyBlock }: { watched: () => readonly AddressSet[]; isAnyBlock: () => boolean },
): Skip {
  /** How far is being caught up: histories are asked for up to there at once. */
  let goal = -1
  return async ({ after, finalized = -1 }) => {
    if (after >= goal) goal = finalized - after > leastBlocks ? finalized : -1
    const sets = watched()
    const count = sets.reduce((sum, { size }) => sum + size, 0)
    if (!reader.nextActive || after >= goal || count > mostAddresses || isAnyBlock())
      return after + 1
    const addresses = [...new Set(sets.flatMap(addressesIn))]
    // The last one is read in any case, so that it is known how far this went.
    return Math.min(await reader.nextActive({ addresses, after, upTo: goal }), goal)
  }
}

function addressesIn(set: AddressSet): Address[] {
  const { packed, others } = set.keys()
  const digits = Buffer.from(packed).toString('hex').match(/.{40}/g) ?? []
  return [...digits.map((address) => `0x${address}`), ...others]
}
