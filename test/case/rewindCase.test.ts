import { describe, expect, test } from 'vitest'
import { advanceCase } from '#src/case/advanceCase.ts'
import { rewindCase, settleCase } from '#src/case/rewindCase.ts'
import { parties } from '#test/support/arbitraryRows.ts'
import {
  bareRules,
  followAll,
  openTest,
  payment,
  toBlocks,
  transfer,
} from '#test/support/followRows.ts'
import { testAlert } from '#test/support/testAlert.ts'
import { maxUndoBlocks } from '#types/chain.ts'

const thief = { address: parties[0] ?? '', amount: 10_000n }
const nothing = { ledgers: [], hops: [], parked: [], seen: [], missing: [] }

describe('rewindCase', () => {
  test('brings back everything that a block changed', () => {
    const open = openTest([thief])
    followAll(open, [payment(1, 0, 1, 10n)], bareRules)
    const before = structuredClone({ ...open, undo: [] })
    const [block] = toBlocks([payment(2, 0, 2, 10n)])
    if (!block) throw new Error('One payment makes a block.')
    const group = { head: testAlert(), severity: 'info' as const, revision: 1, count: 1, told: 1 }
    const groups = new Map([['key', { ...group, amount: 1n, stolen: [], last: testAlert() }]])
    const parked = [{ address: '0xshop', transaction: '0xt' }]
    advanceCase(open, { block, change: { ...nothing, parked }, groups })
    expect(open.parked).toEqual(['0xshop'])
    expect(open.groups.size).toBe(1)
    rewindCase(open, { ancestor: 1 })
    expect({ ...open, undo: [] }).toEqual(before)
  })

  test('final blocks cannot be undone any more, later ones can', () => {
    const open = openTest([thief])
    followAll(open, [payment(1, 0, 1, 1n), payment(2, 0, 1, 1n), payment(3, 0, 1, 1n)], bareRules)
    settleCase(open, { number: 2 })
    expect(open.undo.map(({ number }) => number)).toEqual([3])
    rewindCase(open, { ancestor: 2 })
    expect(open.hops.length).toBe(2)
    expect(() => rewindCase(open, { ancestor: 1 })).toThrowErrorMatchingInlineSnapshot(
      `[DeepReorgError: The chain "eip155:1" was reorganized deeper than the 0 blocks that can be undone.]`,
    )
  })

  test('no more blocks are kept than can be undone', () => {
    const open = openTest([thief])
    const rows = Array.from({ length: maxUndoBlocks + 20 }, (_, at) =>
      transfer(at + 1, thief.address, parties[1] ?? '', 1n),
    )
    followAll(open, rows, bareRules)
    expect(open.undo.length).toBe(maxUndoBlocks)
    expect(open.undo.at(0)?.number).toBe(21)
  })
})
