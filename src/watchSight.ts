import { type Blindness, renderBlind, renderSeeing } from '#alert/renderBlind.ts'
import type { ChainId } from '#types/chain.ts'
import type { Message } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Context } from './context.ts'
import { tellCases } from './tellCases.ts'

/** A chain that has told of no block for so long is not watched: Ethereum has one every 12 seconds. */
const silenceMs = 300_000
const lookEveryMs = 15_000

/** Nodes that fail for so long are not merely restarting. */
const downMs = 60_000

export type Sight = {
  /** A block was followed: the newest there is, of this time (Unix seconds), or an older one. */
  heard(time: number | null): void
  /** No node gave a usable answer. */
  failed(): void
  stop(): void
}

/** Says in every channel of some cases when the bot is blind, or sees the past alone, and again when it sees. */
export function watchSight(
  context: Context,
  { chain, cases }: { chain: ChainId; cases: readonly OpenCase[] },
): Sight {
  const name = context.chains.get(chain)?.name ?? chain
  let heardAt = performance.now()
  let failingSince: number | null = null
  /** The block after which it became blind and when, if that was said. */
  let blind: { after: number; since: number } | null = null

  function tell(after: number, revision: number, message: Message): void {
    tellCases(context, cases, { what: `${after}:blind`, revision, message }).catch(
      (error: unknown) => context.log.error({ err: error, chain }, 'Blindness was not told'),
    )
  }

  function goBlind(why: Blindness): void {
    if (blind) return
    blind = { after: cases[0]?.head?.number ?? 0, since: performance.now() - why.seconds * 1000 }
    tell(blind.after, 1, renderBlind(name, why))
  }

  function look(): void {
    const quietMs = performance.now() - heardAt
    if (quietMs >= silenceMs) goBlind({ type: 'silent', seconds: Math.floor(quietMs / 1000) })
  }

  const timer = setInterval(look, lookEveryMs)
  timer.unref()
  return {
    heard(time) {
      heardAt = performance.now()
      failingSince = null
      const lag = time === null ? 0 : context.now() - time
      if (lag > context.rules.headLagSeconds) {
        goBlind({ type: 'late', seconds: lag })
        return
      }
      if (!blind) return
      const blindSeconds = Math.floor((heardAt - blind.since) / 1000)
      tell(blind.after, 2, renderSeeing(name, { blindSeconds }))
      blind = null
    },
    failed() {
      failingSince ??= performance.now()
      const seconds = Math.floor((performance.now() - failingSince) / 1000)
      if (seconds * 1000 >= downMs) goBlind({ type: 'down', provider: 'Every node', seconds })
    },
    stop: () => clearInterval(timer),
  }
}
