import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rulesOf } from '#src/case/rulesOf.ts'
import { sumUp } from '#src/case/sumUp.ts'
import {
  arbitraryRows,
  arbitrarySeeds,
  parties,
  services,
  toRecording,
} from '#test/support/arbitraryRows.ts'
import { countTotals, heldTotals } from '#test/support/countTotals.ts'
import {
  bareRules,
  follow,
  ledgerOf,
  noMarks,
  openTest,
  payment,
  rewind,
  serviceLabels,
  stateOf,
  toBlocks,
  transfer,
} from '#test/support/followRows.ts'
import { createTestContext } from '#test/support/testContext.ts'
import { traceOracle } from '#test/support/traceOracle.ts'
import { followBlock } from '#trace/followBlock.ts'
import { holdingAt } from '#trace/holdingAt.ts'
import { stolenIn } from '#trace/policies.ts'
import { totalsOf } from '#trace/totals.ts'
import { type Ledger, trailPolicies } from '#types/trail.ts'
import { layerLabels } from '#utils/layerLabels.ts'

function expectConservation(ledger: Ledger): void {
  for (const index of trailPolicies.keys()) {
    const { held, fees, dropped, stolen } = totalsOf(ledger, index)
    expect(held + fees + dropped).toBe(stolen)
    expect(sumUp(ledger, index).reduce((sum, part) => sum + part.amount, 0n)).toBe(stolen)
    for (const account of ledger.accounts.values()) {
      const amount = stolenIn(holdingAt(account, index))
      expect(amount).toBeGreaterThanOrEqual(0n)
      if (account.stop === null) expect(amount).toBeLessThanOrEqual(account.received - account.paid)
    }
  }
}

/** What the ledger says in short is what its accounts say one by one. */
function expectTotals(ledger: Ledger): void {
  expect(heldTotals(ledger.totals)).toEqual(countTotals(ledger, ledger.accounts.values()))
}

/** What is held by whom under a policy, in the form of the reference. */
function heldIn(ledger: Ledger, index: number) {
  return [...ledger.accounts.values()]
    .map((account) => ({
      address: account.address,
      amount: stolenIn(holdingAt(account, index)),
      hops: holdingAt(account, index).hops,
    }))
    .filter(({ amount }) => amount > 0n)
    .sort((a, b) =>
      a.amount === b.amount ? (a.address < b.address ? -1 : 1) : a.amount > b.amount ? -1 : 1,
    )
    .map((held) => ({ ...held, amount: String(held.amount) }))
}

describe('followBlock', async () => {
  const { context } = await createTestContext({ cases: [] })

  test('behavior: three policies at once agree with the naive reference and conserve after every block', () => {
    fc.assert(
      fc.property(arbitraryRows, arbitrarySeeds, (rows, seeds) => {
        const open = openTest(seeds)
        const blocks = toBlocks(toRecording(rows))
        for (const [place, block] of blocks.entries()) {
          follow(open, block, blocks.slice(0, place), bareRules)
          expectConservation(ledgerOf(open))
          expectTotals(ledgerOf(open))
        }
        for (const [index, policy] of trailPolicies.entries()) {
          const expected = traceOracle([rows], { seeds, policy, services })
          expect(heldIn(ledgerOf(open), index)).toEqual(expected.held)
          expect(String(ledgerOf(open).fees[index])).toBe(expected.fees)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('behavior: random reorganizations leave no trace, with a dust floor and parking', () => {
    const rules = { ...bareRules, dustPerMillion: 50_000n, busyStrangers: 2 }
    const reorgs = fc.array(
      fc.record({ depth: fc.integer({ min: 1, max: 9 }), rows: arbitraryRows }),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    fc.assert(
      fc.property(arbitraryRows, arbitrarySeeds, reorgs, (rows, seeds, forks) => {
        const open = openTest(seeds)
        let chain = toBlocks(toRecording(rows))
        for (const [place, block] of chain.entries())
          follow(open, block, chain.slice(0, place), rules)
        for (const [fork, { depth, rows: others }] of forks.entries()) {
          const kept = chain.slice(0, Math.max(0, chain.length - depth))
          const ancestor = kept.at(-1)?.number ?? 0
          rewind(context, open, ancestor)
          expectConservation(ledgerOf(open))
          expectTotals(ledgerOf(open))
          const later = toRecording(others).map((row) => ({ ...row, block: row.block + ancestor }))
          chain = [...kept, ...toBlocks(later, { branch: `fork${fork}-` })]
          for (const [place, block] of chain.entries()) {
            if (place >= kept.length) follow(open, block, chain.slice(0, place), rules)
            expectConservation(ledgerOf(open))
            expectTotals(ledgerOf(open))
          }
        }
        const clean = openTest(seeds)
        for (const [place, block] of chain.entries())
          follow(clean, block, chain.slice(0, place), rules)
        expect(stateOf(open)).toEqual(stateOf(clean))
      }),
      { numRuns: 150 },
    )
  })

  test('behavior: what it is given stays as it was', () => {
    const open = openTest([{ address: parties[0] ?? '', amount: 100n }])
    const [block] = toBlocks([payment(1, 0, 1, 60n), payment(1, 1, 2, 10n)])
    if (!block) throw new Error('Two payments make a block.')
    const before = structuredClone(open.trail)
    const rules = rulesOf(
      {
        rules: bareRules,
        labels: layerLabels(serviceLabels, { flags: [], feeds: [] }),
        standing: noMarks,
        chains: new Map(),
      },
      open.case,
    )
    followBlock(open.trail, block, { rules, balances: new Map() })
    expect(open.trail).toEqual(before)
  })

  test('behavior: what is too small opens no trail and is counted', () => {
    const open = openTest([{ address: parties[0] ?? '', amount: 1000n }])
    const blocks = toBlocks([payment(1, 0, 1, 9n), payment(2, 0, 2, 10n), payment(3, 0, 2, 3n)])
    const rules = { ...bareRules, dustPerMillion: 10_000n }
    for (const [place, block] of blocks.entries())
      follow(open, block, blocks.slice(0, place), rules)
    const ledger = ledgerOf(open)
    expect([...ledger.accounts.keys()]).toEqual([parties[0], parties[2]])
    expect(ledger.dropped).toEqual([9n, 9n, 9n])
    // An address that is on the trail already gets small amounts too.
    expect(stolenIn(holdingAt(ledger.accounts.get(parties[2] ?? '')!, 0))).toBe(13n)
  })

  test('behavior: a busy address with other people’s money is parked, the thief’s own is not', () => {
    const rules = { ...bareRules, busyStrangers: 3 }
    const shop = parties[1] ?? ''
    const strangers = Array.from({ length: 5 }, (_, index) => `0x${'ab'.repeat(19)}0${index}`)
    const pays = (from: string, at: number) =>
      strangers.map((to, index) => transfer(at + index, from, to, 1n))
    // The shop had 1,000 before the stolen 10 came.
    const blocks = toBlocks([
      transfer(1, parties[4] ?? '', shop, 1000n),
      payment(2, 0, 1, 10n),
      ...pays(shop, 3),
      ...pays(parties[0] ?? '', 20),
    ])
    const open = openTest([{ address: parties[0] ?? '', amount: 100n }])
    for (const [place, block] of blocks.entries())
      follow(open, block, blocks.slice(0, place), rules)
    expect(open.parked).toEqual([shop])
    expect(ledgerOf(open).accounts.get(parties[0] ?? '')?.stop).toBeNull()
    expectConservation(ledgerOf(open))
  })
})
