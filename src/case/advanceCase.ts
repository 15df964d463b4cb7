import { applyChange } from '#trace/applyChange.ts'
import { type Block, maxUndoBlocks } from '#types/chain.ts'
import type { OpenCase, Undo } from '#types/openCase.ts'
import type { TrailChange } from '#types/trail.ts'

/** Takes a block's change into a case and remembers how to undo it. */
export function advanceCase(
  open: OpenCase,
  { block, change, groups }: { block: Block; change: TrailChange; groups: OpenCase['groups'] },
): void {
  const undo: Undo = {
    number: block.number,
    head: open.head,
    ledgers: applyChange(open.trail, change.ledgers),
    hops: open.hops.length,
    seen: open.seen.length,
    parked: open.parked.length,
    groups: open.groups,
  }
  open.undo.push(undo)
  if (open.undo.length > maxUndoBlocks) open.undo.shift()
  open.head = { number: block.number, time: block.time }
  // One by one: a block may hold more than a call takes arguments.
  for (const hop of change.hops) open.hops.push(hop)
  for (const seen of change.seen) open.seen.push(seen)
  for (const { address } of change.parked) open.parked.push(address)
  open.groups = groups
}
