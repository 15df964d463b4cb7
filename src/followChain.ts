import { setTimeout } from 'node:timers/promises'
import { DeepReorgError } from '#errors/chain.ts'
import { UserError } from '#errors/userError.ts'
import type { ChainReader } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Context } from './context.ts'
import { runChain } from './runChain.ts'

/** Waits before a chain is tried again: doubled from the first to the longest. */
const firstWaitMs = 1_000
const longestWaitMs = 60_000

/** How a loop ended: its signal was given, or what happened needs a person. */
export type LoopEnd = 'stopped' | 'needs a person'

/**
 * Keeps the trace loop of one chain going: where its nodes fail it waits and goes on where it was; where a
 * reorganization is too deep it says so in every chat and ends, while other chains go on.
 * @throws what is no fault of the chain, such as DiskFullError
 */
export async function followChain(
  context: Context,
  reader: ChainReader,
  { cases, signal }: { cases: readonly OpenCase[]; signal: AbortSignal },
): Promise<LoopEnd> {
  let failures = 0
  while (!signal.aborted) {
    const before = cases[0]?.head?.number
    try {
      await runChain(context, reader, { cases, signal })
      return 'stopped'
    } catch (error) {
      if (error instanceof DeepReorgError) {
        await sayLoudly(context, error)
        return 'needs a person'
      }
      if (!(error instanceof UserError && error.retryable)) throw error
      failures = cases[0]?.head?.number === before ? failures + 1 : 1
      const waitMs = Math.min(firstWaitMs * 2 ** (failures - 1), longestWaitMs)
      context.log.error({ err: error, chain: reader.chain, waitMs }, 'Trying again')
      await setTimeout(waitMs, undefined, { signal }).catch(() => undefined)
    }
  }
  return 'stopped'
}

/** Nobody must believe that a trail is watched when it is not. */
async function sayLoudly({ chats, log }: Context, error: DeepReorgError): Promise<void> {
  log.fatal({ err: error }, 'Following has stopped')
  const text = [error.message, error.hint].filter(Boolean).join(' ')
  const message = {
    title: 'Following has stopped',
    severity: 'red' as const,
    sections: [{ type: 'text' as const, text }],
  }
  await Promise.allSettled(chats.map((chat) => chat.post(message)))
}
