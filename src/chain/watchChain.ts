import { ContradictingNodeError, DeepReorgError } from '#errors/chain.ts'
import {
  type BlockRef,
  type ChainEvent,
  type ChainReader,
  type FetchedBlock,
  type Head,
  maxUndoBlocks,
} from '#types/chain.ts'
import { untilAborted } from '#utils/untilAborted.ts'
import { createReadAhead, type ReadAhead } from './readAhead.ts'
import type { Skip } from './skipQuiet.ts'

/** New heads that a node may fail to connect to its own blocks before it is given up: a reorganization settles sooner. */
const maxContradictions = 10

/**
 * Follows a chain: every block once and in order, its parent checked. A block whose parent is not the last one seen
 * gives a `reorg` to the common ancestor first. Ends when the signal is given or the chain has ended.
 * @throws DeepReorgError, ContradictingNodeError
 */
export async function* watchChain(
  reader: ChainReader,
  {
    followed,
    signal,
    skip,
  }: {
    /** What was followed last, oldest first, at least one; a hash '' is not known yet. */
    followed: readonly BlockRef[]
    signal: AbortSignal
    /** @default no block is passed over */
    skip?: Skip
  },
): AsyncGenerator<ChainEvent> {
  const given: BlockRef[] = followed.map(({ number, hash }) => ({ number, hash }))
  let contradictions = 0
  let finalized = -1
  let head: Head | undefined
  // What was followed last may have become final without anybody having heard of it.
  const isResumed = lastOf(given).hash !== ''
  for (;;) {
    head = await reader.waitForHead({ ...(head && { known: head }), signal })
    if (!head || signal.aborted) return
    const blocks = createReadAhead(reader)
    const known = Math.min(head.finalized ?? -1, lastOf(given).number)
    if (isResumed && finalized < 0 && known >= 0) {
      finalized = known
      yield { type: 'finalize', number: known }
      if (signal.aborted) return
    }
    for (;;) {
      const left = leftBehind(reader, given, { head, blocks })
      const ancestor = await untilAborted(left, signal)
      if (signal.aborted) return
      if (ancestor === 'contradiction') {
        contradictions += 1
        if (contradictions < maxContradictions) break
        const last = lastOf(given)
        throw new ContradictingNodeError({ chain: reader.chain, number: last.number })
      }
      if (ancestor) {
        while (lastOf(given).number > ancestor.number) given.pop()
        yield { type: 'reorg', ancestor }
        continue
      }
      await untilAborted(passOver(reader, given, { head, skip }), signal)
      if (signal.aborted) return
      const block = await untilAborted(blocks.next(lastOf(given).number, head), signal)
      if (signal.aborted) return
      if (!block) break
      contradictions = 0
      take(given, block)
      yield { type: 'block', block, head }
      if (signal.aborted) return
      const final = Math.min(head.finalized ?? -1, block.number)
      if (final > finalized) {
        finalized = final
        yield { type: 'finalize', number: final }
      }
    }
  }
}

/** Goes on right before the next block that may matter, where the reader has it. What is passed over is final. */
async function passOver(
  reader: ChainReader,
  given: BlockRef[],
  { head, skip }: { head: Head; skip: Skip | undefined },
): Promise<void> {
  const last = lastOf(given)
  const next = await skip?.({ after: last.number, finalized: head.finalized })
  if (next === undefined || next - 1 <= last.number) return
  const before = await reader.readRef(Math.min(next - 1, head.finalized ?? -1))
  if (before && before.number > last.number) given.push(before)
}

/** Remembers a block, and learns the hash of the one before the first from it. */
function take(given: BlockRef[], block: FetchedBlock): void {
  const last = lastOf(given)
  if (last.hash === '') last.hash = block.parentHash
  given.push({ number: block.number, hash: block.hash })
  if (given.length > maxUndoBlocks + 1) given.shift()
}

/**
 * The common ancestor when the chain has left what was given out; `undefined` while it has not. A head that is merely
 * older than what was given out leaves nothing behind: its node may lag.
 */
async function leftBehind(
  reader: ChainReader,
  given: readonly BlockRef[],
  { head, blocks }: { head: Head; blocks: ReadAhead },
): Promise<BlockRef | 'contradiction' | undefined> {
  const last = lastOf(given)
  if (last.hash === '') return undefined
  if (head.number > last.number) {
    const next = await blocks.peek(last.number, head)
    if (!next || next.parentHash === last.hash) return undefined
    const ancestor = await findAncestor(reader, given)
    return ancestor === last ? 'contradiction' : ancestor
  }
  const known = given.find(({ number }) => number === head.number)
  if (!known || known.hash === head.hash || known.hash === '') return undefined
  const ancestor = await findAncestor(reader, given)
  return ancestor === last ? undefined : ancestor
}

/** The newest block given out that is still part of the chain. */
async function findAncestor(reader: ChainReader, given: readonly BlockRef[]): Promise<BlockRef> {
  for (const ref of given.toReversed()) {
    // After a restart the hash of the block before the first is not known; the case says where that is.
    if (ref.hash === '') return ref
    const now = await reader.readRef(ref.number)
    if (now?.hash === ref.hash) return ref
  }
  throw new DeepReorgError({ chain: reader.chain, blocks: given.length - 1 })
}

function lastOf(given: readonly BlockRef[]): BlockRef {
  const last = given.at(-1)
  if (!last) throw new RangeError('A chain is followed from a block on: give at least one.')
  return last
}
