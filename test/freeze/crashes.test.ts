import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { UserError } from '#errors/userError.ts'
import { actOnFreeze, deskFor } from '#src/freeze/actOnFreeze.ts'
import { heldIn, presentAt } from '#src/freeze/stateOf.ts'
import { runChain } from '#src/runChain.ts'
import { createStore } from '#src/store/createStore.ts'
import { watchFreezes } from '#src/upkeep/watchFreezes.ts'
import { bareRules, caseOf, toBlocks, transfer } from '#test/support/followRows.ts'
import { createScriptedChain } from '#test/support/scriptedChain.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { House } from '#types/houseRules.ts'
import type { Member } from '#types/member.ts'
import type { Store } from '#types/store.ts'
import { indexLabels } from '#utils/indexLabels.ts'

const address = (digits: string): string => `0x${digits.repeat(20)}`
const [thief, deposit, elsewhere] = ['a1', 'e5', '99'].map(address) as [string, string, string]

const lead: Member = { account: 'terminal', name: 'Ann', role: 'admin', organization: null }
const desk: Member = { account: 'slack:bob', name: 'Bob', role: 'lead', organization: 'beta' }
const house: House = {
  organizations: [{ id: 'beta', name: 'Beta', channels: ['slack'] }],
  members: [lead, desk],
  ...{ routes: [], feeds: [] },
}
const labels = indexLabels([
  {
    ...{ address: deposit, name: 'Beta 7', kind: 'deposit', source: 'a list', date: '' },
    ...{ confidence: 0.9, isStale: false },
  },
])

class CrashError extends Error {
  override name = 'CrashError'
}

const happening = fc.oneof(
  fc.bigInt(1n, 40n).map((come) => ({ come })),
  fc.bigInt(1n, 40n).map((go) => ({ go })),
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('approve', 'see', 'hold', 'decline', 'release', 'return')
      .map((say) => ({ say })),
  },
  fc.integer({ min: 1, max: 10_000_000 }).map((wait) => ({ wait })),
  { weight: 2, arbitrary: fc.constantFrom('before', 'after').map((crash) => ({ crash })) },
)

/** A house on a store that may crash once at the next thing it saves, and people who say again what they got no answer to. */
async function play(
  happenings: readonly (typeof happening extends fc.Arbitrary<infer T> ? T : never)[],
) {
  const inner = await createStore(await openSqlite(':memory:'))
  const chats = [createMemoryChat({ name: 'terminal' }), createMemoryChat({ name: 'slack' })]
  let crash: string | null = null
  const crashing =
    <Args extends unknown[]>(save: (...args: Args) => Promise<void>) =>
    async (...args: Args) => {
      const how = crash
      crash = null
      if (how === 'before') throw new CrashError(how)
      await save(...args)
      if (how === 'after') throw new CrashError(how)
    }
  const store: Store = {
    ...inner,
    saveChanges: crashing(inner.saveChanges),
    saveDecision: crashing(inner.saveDecision),
  }
  const clock = { now: 1_700_000_000 }
  const theft = caseOf([{ address: thief, amount: 1_000_000n }])
  const open = () => {
    const given = { cases: [theft], chats, house, labels, rules: bareRules, store }
    return createTestContext({ ...given, now: () => clock.now })
  }
  let running = await open()
  /** Does it until nothing crashes any more: a process that died is started again. */
  const until = async (what: () => Promise<unknown>) => {
    for (;;) {
      try {
        return await what()
      } catch (error) {
        if (!(error instanceof CrashError)) throw error
        running = await open()
      }
    }
  }
  const rows: ReturnType<typeof transfer>[] = []
  const grow = async (from: string, to: string, amount: bigint) => {
    rows.push(transfer(rows.length + 1, from, to, amount))
    await until(async () => {
      const reader = createScriptedChain([{ blocks: toBlocks(rows) }])
      const { signal } = new AbortController()
      await runChain(running.context, reader, { cases: running.opened, signal })
    })
  }
  let answered = 0
  const say = async (what: string) => {
    const { context } = running
    const freeze = [...context.standing.freeze.values()].at(-1)
    if (!freeze) return
    const { id } = freeze
    const member = what === 'approve' ? lead : desk
    const act = async () =>
      await actOnFreeze(running.context, {
        ...{ id, member },
        act: (found) => {
          switch (what) {
            case 'approve':
              return { type: 'approve', desk: deskFor(running.context, found) }
            case 'see':
              return { type: 'see' }
            case 'hold':
              return { type: 'hold', amount: null, until: clock.now + 86_400 }
            case 'decline':
              return { type: 'decline', reason: 'other', note: '' }
            case 'release':
              return { type: 'release', note: '' }
            default:
              return { type: 'return', amount: null, note: '' }
          }
        },
      })
    try {
      await until(act)
      answered += 1
    } catch (error) {
      expect(error).toBeInstanceOf(UserError)
    }
  }
  for (const each of happenings) {
    clock.now += 12
    if ('come' in each) await grow(thief, deposit, each.come)
    else if ('go' in each) {
      const there = [...running.context.standing.freeze.values()].reduce(
        (sum, freeze) => sum + presentAt(freeze),
        0n,
      )
      if (each.go <= there) await grow(deposit, elsewhere, each.go)
    } else if ('say' in each) await say(each.say)
    else if ('wait' in each) {
      clock.now += each.wait
      await until(() => watchFreezes(running.context))
    } else crash = each.crash
    for (const freeze of running.context.standing.freeze.values()) {
      expect(heldIn(freeze)).toBeGreaterThanOrEqual(0n)
      expect(heldIn(freeze)).toBeLessThanOrEqual(presentAt(freeze))
    }
    await until(() => running.deliver())
  }
  crash = null
  await until(() => running.deliver())
  const { standing } = (await open()).context
  const freezes = [...standing.freeze.values()]
  await inner.close()
  return { freezes, memory: [...running.context.standing.freeze.values()], chats, answered, rows }
}

test('people, clocks and blocks through crashes: no answer is lost, nothing is shown twice, memory is what is saved', async () => {
  let crashes = 0
  let answers = 0
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 25 }), async (given) => {
      // Most acts mean something only once there is a request.
      const happenings = [{ come: 40n }, { say: 'approve' as const }, ...given]
      const { freezes, memory, chats, answered, rows } = await play(happenings)
      const byId = (all: typeof freezes) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1))
      expect(byId(memory)).toEqual(byId(freezes))
      crashes += happenings.filter((each) => 'crash' in each).length
      answers += answered
      // Whatever somebody was told to be taken is in the history.
      const said = freezes.flatMap(({ history }) => history).filter(({ by }) => by !== null)
      expect(said.length).toBeGreaterThanOrEqual(answered)
      // Each payment is counted once, however often its block was followed.
      const came = freezes.flatMap(({ arrivals }) => arrivals.map(({ transaction }) => transaction))
      expect(new Set(came).size).toBe(came.length)
      const paid = rows.filter(({ transaction }) => transaction.transfers[0]?.to === deposit)
      expect(came.length).toBe(paid.length)
      // One card for each request at its desk.
      for (const chat of chats) {
        const keys = chat.messages.map(({ place }) => place.key)
        expect(new Set(keys).size).toBe(keys.length)
      }
    }),
    { numRuns: Number(process.env.CRASH_RUNS ?? 60) },
  )
  expect(crashes).toBeGreaterThan(0)
  expect(answers).toBeGreaterThan(crashes / 10)
}, 120_000)
