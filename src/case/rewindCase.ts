import { DeepReorgError } from '#errors/chain.ts'
import { applyChange } from '#trace/applyChange.ts'
import type { OpenCase } from '#types/openCase.ts'

/**
 * Brings a case back to where it was after block `ancestor`.
 * @throws DeepReorgError where that block is final already or too far back
 */
export function rewindCase(open: OpenCase, { ancestor }: { ancestor: number }): void {
  const undone = open.undo.length
  for (let last = open.undo.at(-1); last && last.number > ancestor; last = open.undo.at(-1)) {
    applyChange(open.trail, last.ledgers)
    open.hops.length = last.hops
    open.seen.length = last.seen
    open.parked.length = last.parked
    open.head = last.head
    open.groups = last.groups
    open.undo.pop()
  }
  if (open.head !== null && open.head.number > ancestor) {
    throw new DeepReorgError({ chain: open.case.chain, blocks: undone })
  }
}

/** Forgets how to undo the blocks up to `number`: they are final. */
export function settleCase(open: OpenCase, { number }: { number: number }): void {
  open.undo = open.undo.filter((undo) => undo.number > number)
}
