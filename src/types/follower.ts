import type { ChainId, ChainReader } from './chain.ts'
import type { OpenCase } from './openCase.ts'

/** Follows cases, each in the loop of its chain. */
export type Follower = {
  /** The reader of a chain; `undefined` where no node of it is known. */
  readerOf(chain: ChainId): ChainReader | undefined
  /** Chains on which cases can be followed. */
  chains(): readonly ChainId[]
  start(cases: readonly OpenCase[]): void
  /** Resolves once no block of the case is worked on any more. */
  stop(caseId: string): Promise<void>
}
