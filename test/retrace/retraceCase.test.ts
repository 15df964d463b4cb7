import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { flagAddress, unflagAddress } from '#src/flag/flagAddress.ts'
import { retraceCase } from '#src/retrace/retraceCase.ts'
import { runChain } from '#src/runChain.ts'
import { createStore } from '#src/store/createStore.ts'
import { arbitraryPlan, createPlannedChain, type Plan } from '#test/support/arbitraryPlan.ts'
import { parties } from '#test/support/arbitraryRows.ts'
import { dustOf, endOf } from '#test/support/endOf.ts'
import { serviceLabels } from '#test/support/followRows.ts'
import { cutBlocks } from '#test/support/growBlocks.ts'
import { createTestContext } from '#test/support/testContext.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Flag } from '#types/standing.ts'
import type { Account } from '#types/trail.ts'

const { signal } = new AbortController()
const by = { account: 'terminal', name: 'Ann', organization: null, at: 1_700_000_000 }

/** Something that people decide after a share of the chain was followed. */
type Step = {
  at: number
  address: string
  kind: Flag['kind'] | 'unflag'
  /** Whether the case is worked out again before the chain goes on. */
  isPrompt: boolean
}

const arbitrarySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    address: fc.constantFrom(...parties),
    kind: fc.constantFrom('exchange', 'mixer', 'person', 'thief', 'unflag'),
    isPrompt: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
)

async function openPlan(
  { theft, rules, readAhead }: Plan,
  blocks: Plan['branches'][number]['blocks'],
  flags: readonly Flag[] = [],
) {
  const again = createPlannedChain({ readAhead }, [{ blocks }])
  await again.waitForHead({ signal })
  const follower = {
    readerOf: () => again,
    chains: () => [theft.chain],
    start: () => undefined,
    stop: async () => undefined,
  }
  const store = await createStore(await openSqlite(':memory:'))
  const standing = flags.map((flag) => ({ kind: 'flag', key: flag.id, value: flag }) as const)
  await store.saveDecision({ standing }, { now: 0 })
  const made = await createTestContext({
    cases: [theft],
    rules,
    labels: serviceLabels,
    store,
    follower,
  })
  const [open] = made.opened
  if (!open) throw new Error('One case is open.')
  return { ...made, open, store }
}

type Opened = Awaited<ReturnType<typeof openPlan>>

async function retraceAll({ context, open }: Opened): Promise<void> {
  for (let tries = 0; context.standing.retrace.size > 0; tries += 1) {
    if (tries === 3) throw new Error('A retrace comes to an end.')
    await retraceCase(context, open, { signal })
  }
}

async function take({ context }: Opened, { address, kind }: Step): Promise<void> {
  const given = { address, note: '', by }
  if (kind === 'unflag') await unflagAddress(context, { ...given, isEverybodys: true })
  else await flagAddress(context, { ...given, role: 'lead', kind, name: '', confidence: 0.8 })
}

/** Follows a chain, with decisions in between, and works the case out again. */
async function withDecisions(plan: Plan, steps: readonly Step[]) {
  const blocks = plan.branches.at(-1)?.blocks ?? []
  const opened = await openPlan(plan, blocks)
  const top = blocks.at(-1)?.number ?? 0
  for (const step of steps.toSorted((a, b) => a.at - b.at)) {
    await followTo(opened, plan, Math.floor(step.at * top))
    await take(opened, step)
    if (step.isPrompt) await retraceAll(opened)
  }
  await followTo(opened, plan, top)
  await retraceAll(opened)
  return opened
}

async function followTo({ context, open }: Opened, plan: Plan, number: number): Promise<void> {
  const blocks = cutBlocks(plan.branches.at(-1)?.blocks ?? [], number)
  if (blocks.length === 0 || (open.head?.number ?? -1) >= number) return
  const reader = createPlannedChain(plan, [{ blocks }])
  await runChain(context, reader, { cases: [open], signal })
}

/** Follows the chain with the flags that stand at the end standing from the start. */
async function fromTheStart(plan: Plan, flags: readonly Flag[]) {
  const blocks = plan.branches.at(-1)?.blocks ?? []
  const opened = await openPlan(plan, blocks, flags)
  await followTo(opened, plan, blocks.at(-1)?.number ?? 0)
  return opened
}

/**
 * Where a case stands. What strangers pay to a service, and what it pays, depends on who else was watched: of services
 * only what they hold of the theft is compared, and of what was seen what touches the trail.
 */
async function comparable({ context, open }: Opened) {
  const { accounts, seen, ...end } = await endOf(context, open)
  const all = [...accounts.values()].flat()
  const followed = new Map(all.filter(isFollowed).map((each) => [each.address, each.reachedAt]))
  const isOn = (address: string, time: number) => (followed.get(address) ?? Infinity) < time
  return {
    ...end,
    dust: dustOf(open),
    accounts: new Map(
      [...accounts].map(([asset, list]) => [
        asset,
        list.map((account) => (isFollowed(account) ? account : arrivedAt(account))),
      ]),
    ),
    seen: seen.filter(({ transaction: { transfers, fee }, time }) => {
      const parties = transfers.flatMap(({ from, to }) => [from, to])
      return [...parties, ...(fee ? [fee.from] : [])].some((address) => isOn(address, time))
    }),
  }
}

function isFollowed({ stop }: Account): boolean {
  return stop === null || stop === 'busy'
}

function arrivedAt({ address, stop, holdings, reachedAt, firstPayer, path, fromCase }: Account) {
  const held = holdings.map((holding) => ({ stolen: stolenIn(holding), hops: holding.hops }))
  return { address, stop, held, reachedAt, firstPayer, path, fromCase }
}

describe('retraceCase', () => {
  test('behavior: after flags and unflags a case equals one in which they stood from the start', async () => {
    let changed = 0
    let reread = 0
    await fc.assert(
      fc.asyncProperty(arbitraryPlan, arbitrarySteps, async (plan, steps) => {
        const live = await withDecisions(plan, steps)
        const flags = [...live.context.standing.flag.values()]
        const clean = await fromTheStart(plan, flags)
        const end = await comparable(live)
        const expected = await comparable(clean)
        expect(end).toEqual(expected)
        expect(live.log).toEqual([])
        if (flags.some(({ withdrawn }) => withdrawn === null)) changed += 1
        if (steps.some(({ kind }) => kind === 'unflag')) reread += 1
        await live.store.close()
        await clean.store.close()
      }),
      { numRuns: Number(process.env.RETRACE_RUNS ?? 60), endOnFailure: true },
    )
    expect(changed).toBeGreaterThan(20)
    expect(reread).toBeGreaterThan(10)
  }, 600_000)
})
