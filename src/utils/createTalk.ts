import QuickLRU from 'quick-lru'
import type { CommandCall } from '#types/chat.ts'
import type { Reply } from '#types/message.ts'

/** What was handled is remembered for this long, in milliseconds, and so many of them. */
const rememberMs = 10 * 60_000
const maxRemembered = 50_000

const apology: Reply = {
  title: 'Something went wrong, and this command was not answered.',
  severity: 'amber',
  sections: [],
}

/** Commands as they come in: each once, those of one person one after the other. */
export type Talk = {
  /**
   * Does something once for what comes under an id, since platforms send some things twice; the second time it only waits
   * until the first is over. Answers whether it was the first.
   */
  once(id: string, work: () => Promise<void>): Promise<boolean>
  /** Runs a command once those before it of the same person are done. Never rejects; `null` once it is over. */
  run(call: CommandCall): Promise<Reply | null>
  /** Counts as under way until it is done. */
  keep(work: Promise<unknown>): void
  /** Waits for everything under way, and takes no more. */
  end(): Promise<void>
}

/** @example const reply = await talk.run({ text: 'help', user, channel }) */
export function createTalk(handler: (call: CommandCall) => Promise<Reply>): Talk {
  const known = new QuickLRU<string, Promise<void>>({ maxSize: maxRemembered, maxAge: rememberMs })
  const lines = new Map<string, Promise<unknown>>()
  const underWay = new Set<Promise<unknown>>()
  let isOver = false

  function keep(work: Promise<unknown>): void {
    const kept = work.catch(() => undefined).finally(() => underWay.delete(kept))
    underWay.add(kept)
  }

  async function answer(call: CommandCall): Promise<Reply> {
    try {
      return await handler(call)
    } catch {
      // The handler promised not to throw, and keeps the log.
      return apology
    }
  }

  return {
    async once(id, work) {
      const before = known.get(id)
      if (before) {
        await before.catch(() => undefined)
        return false
      }
      const done = work()
      known.set(id, done)
      await done
      return true
    },
    run(call) {
      if (isOver) return Promise.resolve(null)
      const { id } = call.user
      const before = lines.get(id) ?? Promise.resolve()
      const reply = before.then(() => answer(call))
      lines.set(id, reply)
      keep(
        reply.then(() => {
          if (lines.get(id) === reply) lines.delete(id)
        }),
      )
      return reply
    },
    keep,
    async end() {
      isOver = true
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
