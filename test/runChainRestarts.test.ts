import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { runChain, tellRest } from '#src/runChain.ts'
import { createStore } from '#src/store/createStore.ts'
import { arbitraryPlan, createPlannedChain, type Plan } from '#test/support/arbitraryPlan.ts'
import { endOf, isRetracted, shownIn, spyOn } from '#test/support/endOf.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { ChainReader } from '#types/chain.ts'
import type { Place } from '#types/chat.ts'
import type { Message } from '#types/message.ts'
import type { Store } from '#types/store.ts'

/** How a run ends before its time, in the middle of the block that is the `after`th from where it began. */
type Cut = {
  after: number
  how: 'stopped' | 'node failed' | 'killed before saving' | 'killed after saving'
}

class CutError extends Error {
  override name = 'CutError'
}

const arbitraryCut: fc.Arbitrary<Cut> = fc.record({
  after: fc.integer({ min: 1, max: 50 }),
  how: fc.constantFrom('stopped', 'node failed', 'killed before saving', 'killed after saving'),
})

/** A memory chat that remembers, for each message, all titles that it had; quiet edits change none. */
function createChat() {
  const chat = createMemoryChat()
  const titles = new Map<string, string[]>()
  const note = (ref: string, { title, isQuiet }: Message) => {
    if (!isQuiet) titles.set(ref, [...(titles.get(ref) ?? []), JSON.stringify(title)])
  }
  return {
    titles,
    chat: {
      ...chat,
      async post(message: Message, place: Place) {
        const ref = await chat.post(message, place)
        note(ref, message)
        return ref
      },
      async edit(ref: string, message: Message, place: Place) {
        const kept = await chat.edit(ref, message, place)
        note(kept, message)
        return kept
      },
    },
  }
}

/** A store and a reader that cut a run, as told. */
function cutting({ after, how }: Cut, inner: { store: Store; reader: ChainReader }) {
  const stop = new AbortController()
  let blocks = 0
  const store: Store = {
    ...inner.store,
    async saveChanges(changes, options) {
      const isNow = how.startsWith('killed') && blocks >= after
      if (isNow && how === 'killed before saving') throw new CutError(how)
      await inner.store.saveChanges(changes, options)
      if (isNow) throw new CutError(how)
    },
  }
  const reader: ChainReader = {
    ...inner.reader,
    async readBlockAfter(number, head) {
      const block = await inner.reader.readBlockAfter(number, head)
      if (!block) return undefined
      return {
        ...block,
        readTransactions(watch) {
          blocks += 1
          if (how === 'stopped' && blocks >= after) stop.abort()
          if (how === 'node failed' && blocks >= after) throw new CutError(how)
          return block.readTransactions(watch)
        },
      }
    },
  }
  return { store, reader, signal: stop.signal }
}

/** Follows a plan to its end, cut as often as told: every time a new context goes on with the same store and chat. */
async function play(plan: Plan, { cuts, maxAtHand }: { cuts: Cut[]; maxAtHand: number }) {
  const { store, refs } = spyOn(await createStore(await openSqlite(':memory:')))
  const { chat, titles } = createChat()
  let place = 0
  const uncut: Cut = { after: Number.POSITIVE_INFINITY, how: 'stopped' }
  for (const cut of [...cuts, uncut]) {
    const scripted = createPlannedChain(plan, plan.branches.slice(place))
    const run = cutting(cut, { store, reader: scripted })
    const { theft, rules } = plan
    const options = { cases: [theft], rules, chat }
    const { context, opened, deliver, log } = await createTestContext({
      ...options,
      store: run.store,
    })
    let heads = 0
    const reader: ChainReader = {
      ...run.reader,
      async waitForHead(given) {
        await deliver()
        heads += 1
        return await scripted.waitForHead(given)
      },
    }
    const { signal } = run
    await runChain(context, reader, { cases: opened, signal, maxAtHand }).catch(
      (error: unknown) => {
        if (!(error instanceof CutError)) throw error
      },
    )
    // A head that was being followed is there still.
    place = Math.min(place + Math.max(0, heads - 1), plan.branches.length - 1)
    if (cut === uncut) await tellRest(context, opened)
    await deliver()
    expect(log).toEqual([])
  }
  const { context, opened } = await createTestContext({ cases: [plan.theft], store, chat })
  const [open] = opened
  if (!open) throw new Error('One case is open.')
  const end = await endOf(context, open)
  await store.close()
  return { end, shown: shownIn(chat, refs), titles }
}

describe('runChain after a restart', () => {
  test('behavior: wherever it was cut, it ends and has told the same as if it had not been', async () => {
    let cutShort = 0
    let retracted = 0
    await fc.assert(
      fc.asyncProperty(
        arbitraryPlan,
        fc.array(arbitraryCut, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(0, 3, 10_000),
        async (plan, cuts, maxAtHand) => {
          const whole = await play(plan, { cuts: [], maxAtHand: 10_000 })
          const cut = await play(plan, { cuts, maxAtHand })
          expect(cut).toEqual(whole)
          cutShort += cuts.length
          retracted += [...whole.shown.values()].filter(isRetracted).length
        },
      ),
      { numRuns: Number(process.env.REORG_RUNS ?? 30), endOnFailure: true },
    )
    expect(cutShort).toBeGreaterThan(0)
    expect(retracted).toBeGreaterThan(0)
  }, 600_000)
})
