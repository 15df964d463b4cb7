import { UserError } from './userError.ts'

export class DeepReorgError extends UserError {
  override name = 'DeepReorgError'
  constructor({ chain, blocks }: { chain: string; blocks: number }) {
    super(
      `The chain "${chain}" was reorganized deeper than the ${blocks} blocks that can be undone.`,
      {
        hint: 'Check the node, then follow the case again from its theft.',
      },
    )
  }
}

export class ContradictingNodeError extends UserError {
  override name = 'ContradictingNodeError'
  constructor({ chain, block }: { chain: string; block: { number: number; parentHash: string } }) {
    super(
      `The node of the chain "${chain}" says that block ${block.number} follows "${block.parentHash}" and that its own block before is another.`,
      { hint: 'Check the node or use another one.' },
    )
  }
}
