import type { ChainId, ChainReader } from '#types/chain.ts'
import type { Follower } from '#types/follower.ts'
import type { OpenCase } from '#types/openCase.ts'
import { createBell } from '#utils/createBell.ts'
import type { Context } from './context.ts'
import { followChain, type LoopEnd } from './followChain.ts'
import { placeOf } from './runChain.ts'

type Loop = { cases: readonly OpenCase[]; end: Promise<LoopEnd>; stop: AbortController }

/**
 * Follows cases, those of a chain that stand at the same place in one loop: one that must catch up holds up no other. A
 * case that is opened later has a loop of its own until the next start.
 */
export function createFollower({
  context,
  readers,
  signal,
}: {
  /** Asked for once the first case is followed: the context has this follower in it. */
  context: () => Context
  /** `again` reads old blocks anew beside the loops, where the first kind keeps a pace. */
  readers: ReadonlyMap<ChainId, { reader: ChainReader; again?: ChainReader }>
  signal: AbortSignal
}): Follower & {
  /** Resolves when every loop has ended by itself or by the signal; rejects when the store has failed. */
  ended(): Promise<LoopEnd[]>
} {
  const loops = new Set<Loop>()
  const ends: LoopEnd[] = []
  let failure: { error: unknown } | null = null
  const changed = createBell()

  function startLoop(chain: ChainId, cases: readonly OpenCase[]): void {
    const found = readers.get(chain)
    if (!found) return
    const stop = new AbortController()
    const end = followChain(context(), found.reader, {
      cases,
      signal: AbortSignal.any([signal, stop.signal]),
    })
    const loop: Loop = { cases, end, stop }
    loops.add(loop)
    end
      .then((how) => {
        // One that was stopped to leave a case out says nothing about the others.
        if (!stop.signal.aborted) ends.push(how)
      })
      .catch((error: unknown) => {
        failure = { error }
      })
      .finally(() => {
        loops.delete(loop)
        changed.ring()
      })
  }

  function start(cases: readonly OpenCase[]): void {
    for (const [chain, ofChain] of Map.groupBy(cases, (open) => open.case.chain)) {
      for (const together of Map.groupBy(ofChain, placeOf).values()) startLoop(chain, together)
    }
  }

  return {
    readerOf: (chain) => readers.get(chain)?.again ?? readers.get(chain)?.reader,
    chains: () => [...readers.keys()],
    start,
    async stop(caseId) {
      const loop = [...loops].find(({ cases }) => cases.some((open) => open.case.id === caseId))
      if (!loop) return
      loop.stop.abort()
      await loop.end.catch(() => undefined)
      if (signal.aborted) return
      start(loop.cases.filter((open) => open.case.id !== caseId))
    },
    async ended() {
      const ear = changed.listen()
      // Where nothing is followed yet a case may still be opened.
      while (failure === null && !signal.aborted && (loops.size > 0 || ends.length === 0)) {
        await ear.wait({ signal })
      }
      await Promise.allSettled([...loops].map(({ end }) => end))
      if (failure !== null) throw (failure as { error: unknown }).error
      return ends
    },
  }
}
