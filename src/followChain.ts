import { setTimeout } from 'node:timers/promises'
import { StoreError } from '#errors/store.ts'
import { UserError } from '#errors/userError.ts'
import type { BlockHeader, BlockRef, ChainReader } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Context } from './context.ts'
import { runChain } from './runChain.ts'
import { tellCases } from './tellCases.ts'
import { createProgress } from './tellProgress.ts'
import { watchSight } from './watchSight.ts'

/** Waits before a chain is tried again: doubled from the first to the longest. */
const firstWaitMs = 1_000
const longestWaitMs = 60_000

/** How a loop ended: its signal was given, or what happened needs a person. */
export type LoopEnd = 'stopped' | 'needs a person'

/**
 * Keeps the trace loop of one chain going: where its nodes fail it waits and goes on where it was. What only a person can
 * mend, such as a reorganization that is too deep, is said in every chat and ends this loop, while other chains go on.
 * @throws StoreError, since nothing can be followed or told without the store
 */
export async function followChain(
  context: Context,
  reader: ChainReader,
  { cases, signal }: { cases: readonly OpenCase[]; signal: AbortSignal },
): Promise<LoopEnd> {
  const chain = context.chains.get(reader.chain)
  const from = cases[0]?.undo.at(-1)?.number ?? 0
  const progress = createProgress(context, { chain, cases, from })
  const sight = watchSight(context, { chain: reader.chain, cases })
  function onBlock(block: BlockHeader, head: BlockRef): void {
    // A block from before the head is late for a good reason.
    sight.heard(block.number >= head.number ? block.time : null)
    const catchUp = progress.take(block.number, head.number)
    for (const open of cases) open.catchUp = catchUp
  }
  let failures = 0
  try {
    while (!signal.aborted) {
      const before = cases[0]?.head?.number
      try {
        await runChain(context, reader, { cases, signal, onBlock })
        return 'stopped'
      } catch (error) {
        if (error instanceof StoreError) throw error
        if (!(error instanceof UserError && error.retryable)) {
          await sayLoudly(context, cases, error)
          return 'needs a person'
        }
        failures = cases[0]?.head?.number === before ? failures + 1 : 1
        const waitMs = Math.min(firstWaitMs * 2 ** (failures - 1), longestWaitMs)
        sight.failed()
        context.log.error({ err: error, chain: reader.chain, waitMs }, 'Trying again')
        await setTimeout(waitMs, undefined, { signal }).catch(() => undefined)
      }
    }
    return 'stopped'
  } finally {
    sight.stop()
  }
}

/** Nobody must believe that a trail is watched when it is not. */
async function sayLoudly(
  context: Context,
  cases: readonly OpenCase[],
  error: unknown,
): Promise<void> {
  context.log.fatal({ err: error }, 'Following has stopped')
  const text =
    error instanceof UserError
      ? [error.message, error.hint].filter(Boolean).join(' ')
      : 'A fault of Posse itself; the log says more.'
  const message = {
    title: 'Following has stopped: nobody is watching',
    severity: 'red' as const,
    sections: [{ type: 'text' as const, text }],
  }
  const what = `${cases[0]?.head?.number ?? 0}:stopped`
  await tellCases(context, cases, { what, revision: 1, message })
}
