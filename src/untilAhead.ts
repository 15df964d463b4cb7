import { setTimeout } from 'node:timers/promises'
import type { OpenCase } from '#types/openCase.ts'
import type { Context } from './context.ts'

/** Milliseconds between two looks at where value comes from. */
const aheadMs = 200

/**
 * A part of a case on another chain waits for the theft's own chain while that catches up: what bridges took there must
 * be known before they pay it out here.
 */
export async function untilAhead(
  { cases: all }: Context,
  cases: readonly OpenCase[],
  { time, signal }: { time: number; signal: AbortSignal },
): Promise<void> {
  const isBehind = ({ case: { legOf } }: OpenCase) => {
    const root = legOf === undefined ? undefined : all.get(legOf)
    return (root?.catchUp?.left ?? 0) > 0 && (root?.head?.time ?? 0) < time
  }
  while (!signal.aborted && cases.some(isBehind)) {
    await setTimeout(aheadMs, undefined, { signal }).catch(() => undefined)
  }
}
