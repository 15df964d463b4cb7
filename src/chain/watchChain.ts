import { ContradictingNodeError, DeepReorgError } from '#errors/chain.ts'
import { type BlockRef, type ChainEvent, type ChainReader, maxUndoBlocks } from '#types/chain.ts'

/**
 * Follows a chain: every block once and in order, its parent checked. A block whose parent is not the last one seen
 * gives a `reorg` to the common ancestor first. Ends when the signal is given or the chain has ended.
 * @throws DeepReorgError, ContradictingNodeError
 */
export async function* watchChain(
  reader: ChainReader,
  { after, signal }: { after: number; signal: AbortSignal },
): AsyncGenerator<ChainEvent> {
  /** The last blocks given out, oldest first. */
  const given: BlockRef[] = []
  let finalized = -1
  while (!signal.aborted) {
    const last = given.at(-1)
    const block = await reader.readBlockAfter(last?.number ?? after)
    if (signal.aborted) return
    if (!block) {
      if (await reader.waitForHead(signal)) continue
      return
    }
    if (last && block.parentHash !== last.hash) {
      const ancestor = await findAncestor(reader, given)
      if (ancestor === last) throw new ContradictingNodeError({ chain: reader.chain, block })
      while ((given.at(-1)?.number ?? 0) > ancestor.number) given.pop()
      yield { type: 'reorg', ancestor }
      continue
    }
    given.push({ number: block.number, hash: block.hash })
    if (given.length > maxUndoBlocks) given.shift()
    yield { type: 'block', block }
    const final = await reader.readFinalized()
    if (final !== undefined && final > finalized) {
      finalized = final
      yield { type: 'finalize', number: final }
    }
    // Nobody undoes what is final, so no ancestor lies below it.
    while ((given.at(1)?.number ?? Number.POSITIVE_INFINITY) <= finalized) given.shift()
  }
}

/** The newest block given out that is still part of the chain. */
async function findAncestor(reader: ChainReader, given: readonly BlockRef[]): Promise<BlockRef> {
  for (const ref of given.toReversed()) {
    const now = await reader.readRef(ref.number)
    if (now?.hash === ref.hash) return ref
  }
  throw new DeepReorgError({ chain: reader.chain, blocks: given.length })
}
