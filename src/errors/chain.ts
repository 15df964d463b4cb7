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
