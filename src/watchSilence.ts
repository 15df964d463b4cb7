import type { ChainId } from '#types/chain.ts'
import type { Message } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import { formatDuration } from '#utils/formatTime.ts'
import type { Context } from './context.ts'
import { tellCases } from './tellCases.ts'

/** A chain that has told of no block for so long is not watched: Ethereum has one every 12 seconds. */
const silenceMs = 300_000
const lookEveryMs = 15_000

export type SilenceWatch = {
  /** A block was followed. */
  heard(): void
  stop(): void
}

/** Says in every chat when a chain has told of no block for five minutes, and again when it goes on. */
export function watchSilence(
  context: Context,
  { chain, cases }: { chain: ChainId; cases: readonly OpenCase[] },
): SilenceWatch {
  const name = context.chains.get(chain)?.name ?? chain
  let heardAt = performance.now()
  /** Block after which it fell silent, if that was said. */
  let silentAfter: number | null = null

  function tell(after: number, revision: number, message: Message): void {
    tellCases(context, cases, { what: `${after}:silent`, revision, message }).catch(
      (error: unknown) => context.log.error({ err: error, chain }, 'A silence was not told'),
    )
  }

  function look(): void {
    const quietMs = performance.now() - heardAt
    if (quietMs < silenceMs || silentAfter !== null) return
    silentAfter = cases[0]?.head?.number ?? 0
    const span = formatDuration(Math.floor(quietMs / 1000))
    const text = 'What moves meanwhile is told once it goes on. "posse doctor" says what is wrong.'
    tell(silentAfter, 1, {
      title: `No block of ${name} for ${span}: nobody is watching`,
      severity: 'red',
      sections: [{ type: 'text', text }],
    })
  }

  const timer = setInterval(look, lookEveryMs)
  timer.unref()
  return {
    heard() {
      heardAt = performance.now()
      if (silentAfter === null) return
      const title = `Blocks of ${name} come again`
      tell(silentAfter, 2, { title, severity: 'info', sections: [] })
      silentAfter = null
    },
    stop: () => clearInterval(timer),
  }
}
