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
  override retryable = true
  constructor({ chain, number }: { chain: string; number: number }) {
    super(
      `The node of the chain "${chain}" keeps saying that the block after ${number} does not follow its own block ${number}.`,
      { hint: 'Check the node or use another one.' },
    )
  }
}
