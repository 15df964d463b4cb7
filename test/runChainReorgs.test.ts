import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { DeepReorgError } from '#errors/chain.ts'
import { runChain, tellRest } from '#src/runChain.ts'
import { createStore } from '#src/store/createStore.ts'
import { arbitraryPlan, createPlannedChain, type Plan } from '#test/support/arbitraryPlan.ts'
import { parties } from '#test/support/arbitraryRows.ts'
import { dustOf, endOf, isRetracted, memoryOf, shownIn, spyOn } from '#test/support/endOf.ts'
import { bareRules, caseOf } from '#test/support/followRows.ts'
import { cutBlocks, growBlocks } from '#test/support/growBlocks.ts'
import { createTestContext } from '#test/support/testContext.ts'
import { type ChainReader, maxUndoBlocks, type Transaction } from '#types/chain.ts'
import type { SavedLedgerChange } from '#types/trail.ts'

const { signal } = new AbortController()
const [thief = ''] = parties

/** A payment to one of the other addresses, the next in the next block. */
function payment(number: number): Transaction {
  const to = parties[1 + (number % 6)] ?? ''
  const transfer = { position: 'v', from: thief, to, asset: ethereum.native.id }
  return { hash: `0x${number}`, transfers: [{ ...transfer, amount: BigInt(number) }] }
}

/** Everything stolen is somewhere, under every policy. */
function expectBalanced({ stolen, fees, dropped, totals }: SavedLedgerChange): void {
  for (const index of fees.keys()) {
    const held = [...totals.values()].reduce((sum, parts) => sum + (parts[index]?.amount ?? 0n), 0n)
    expect(held + (fees[index] ?? 0n) + (dropped[index] ?? 0n)).toBe(stolen)
  }
}

/** Follows some branches of a plan to the end and says where everything stands then. */
async function play({ theft, rules, readAhead }: Plan, branches: Plan['branches']) {
  const { store, refs } = spyOn(await createStore(await openSqlite(':memory:')), {
    onLedger: expectBalanced,
  })
  const { context, chat, log, deliver, opened } = await createTestContext({
    cases: [theft],
    rules,
    store,
  })
  const [open] = opened
  if (!open) throw new Error('One case is open.')
  const scripted = createPlannedChain({ readAhead }, branches)
  const reader: ChainReader = {
    ...scripted,
    async waitForHead(options) {
      // What was told of one branch is shown before the next one undoes it.
      await deliver()
      return await scripted.waitForHead(options)
    },
  }
  await runChain(context, reader, { cases: opened, signal })
  const memory = memoryOf(open)
  const { hops, seen, ...saved } = await endOf(context, open)
  expect(saved).toEqual(memory)
  const before = { memory: structuredClone(memory), dust: dustOf(open), hops, seen }
  await tellRest(context, opened)
  await deliver()
  expect(log).toEqual([])
  const shown = shownIn(chat, refs)
  await store.close()
  return { ...before, shown }
}

async function expectSameAsWinner(plan: Plan): Promise<{ told: number; retracted: number }> {
  const { shown, ...end } = await play(plan, plan.branches)
  const winner = plan.branches.slice(-1)
  const { shown: clean, ...cleanEnd } = await play(plan, winner)
  expect(end).toEqual(cleanEnd)
  for (const [alert, message] of clean) {
    expect(isRetracted(message)).toBe(false)
    expect(shown.get(alert)).toEqual(message)
  }
  const others = [...shown].filter(([alert]) => !clean.has(alert))
  expect(others.filter(([, message]) => !isRetracted(message))).toEqual([])
  return { told: clean.size, retracted: others.length }
}

describe('runChain through reorganizations', () => {
  test('behavior: nothing of a losing branch is left, and what it told is retracted', async () => {
    let told = 0
    let retracted = 0
    await fc.assert(
      fc.asyncProperty(arbitraryPlan, async (plan) => {
        const counts = await expectSameAsWinner(plan)
        told += counts.told
        retracted += counts.retracted
      }),
      { numRuns: Number(process.env.REORG_RUNS ?? 60), endOnFailure: true },
    )
    // The made-up thefts make something to tell and to retract.
    expect(told).toBeGreaterThan(100)
    expect(retracted).toBeGreaterThan(20)
  }, 600_000)

  test.each([
    1, 5,
  ])('behavior: as deep as can be undone, and not a block deeper, reading %s ahead', async (readAhead) => {
    const transactionsOf = (number: number) => [payment(number)]
    const first = growBlocks([], { to: 140, transactionsOf })
    // Every other payment happens on the other branch too, two blocks later.
    const second = growBlocks(cutBlocks(first, 140 - maxUndoBlocks), {
      to: 143,
      branch: 'b',
      transactionsOf: (number) => (number % 2 === 0 ? [payment(number - 2)] : []),
    })
    const theft = { ...caseOf([{ address: thief, amount: 10n ** 9n }]), followAfter: 0 }
    const rules = { ...bareRules, foldMinutes: 1 }
    const branches = [{ blocks: first }, { blocks: second }]
    const counts = await expectSameAsWinner({ theft, rules, branches, readAhead })
    expect(counts.told).toBeGreaterThan(20)
    expect(counts.retracted).toBeGreaterThan(10)
    const tooDeep = growBlocks(cutBlocks(first, 140 - maxUndoBlocks - 1), { to: 143, branch: 'c' })
    const deeper = { theft, rules, branches: [{ blocks: first }, { blocks: tooDeep }], readAhead }
    await expect(play(deeper, deeper.branches)).rejects.toThrow(DeepReorgError)
  })
})
