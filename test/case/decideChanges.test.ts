import { beforeEach, describe, expect, test } from 'vitest'
import { ethereum } from '#config/chains/ethereum.ts'
import { applyCaseChange } from '#src/case/applyCaseChange.ts'
import { decideBlock, decideEnd, decideFinality } from '#src/case/decideBlock.ts'
import { decideReorg } from '#src/case/decideReorg.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import type { Context } from '#src/context.ts'
import { parties } from '#test/support/arbitraryRows.ts'
import {
  addressesIn,
  bareRules,
  caseOf,
  ledgerOf,
  payment,
  stateOf,
  toBlocks,
  transfer,
} from '#test/support/followRows.ts'
import { createTestContext } from '#test/support/testContext.ts'
import { followBlock } from '#trace/followBlock.ts'
import { stolenIn } from '#trace/policies.ts'
import { type Block, maxUndoBlocks } from '#types/chain.ts'
import type { CaseChange, OpenCase } from '#types/openCase.ts'
import { indexLabels } from '#utils/indexLabels.ts'
import { layerLabels } from '#utils/layerLabels.ts'

const [thief = '', first = '', second = '', third = ''] = parties
const asset = ethereum.native.id
const token = { id: `eip155:1/erc20:0x${'7'.repeat(40)}`, symbol: 'TST', decimals: 0 }
const theft = { ...caseOf([{ address: thief, amount: 10_000n }]), followAfter: 0 }

let context: Context
let open: OpenCase

beforeEach(async () => {
  await openWith(theft)
})

async function openWith(...cases: (typeof theft)[]): Promise<OpenCase[]> {
  const made = await createTestContext({
    cases,
    rules: { ...bareRules, busyStrangers: 1, foldMinutes: 2 },
  })
  const [only] = made.opened
  if (!only) throw new Error('A case is open.')
  context = made.context
  open = only
  return made.opened
}

function decide(block: Block, options: { hasFinality?: boolean } = {}): CaseChange {
  // Nobody held anything before but the first, who keeps a shop.
  const balances = new Map(parties.map((address) => [address, address === first ? 10_000n : 0n]))
  const change = followBlock(open.trail, block, {
    rules: rulesOf(context, open.case),
    balances: new Map([asset, token.id].map((id) => [id, balances])),
  })
  expect(change.missing).toEqual([])
  return decideBlock(context, open, { block, change, ...options })
}

function take(...rows: Parameters<typeof toBlocks>[0]): CaseChange[] {
  return toBlocks(rows).map((block) => {
    const change = decide(block)
    applyCaseChange(open, change)
    return change
  })
}

function undo(ancestor: number): CaseChange {
  const change = decideReorg(context, open, { number: ancestor, hash: '' })
  applyCaseChange(open, change)
  return change
}

function finalize(number: number): CaseChange {
  const change = decideFinality(context, open, number)
  applyCaseChange(open, change)
  return change
}

/** A block in which nothing happens. */
function quiet(number: number) {
  const { time, ...row } = transfer(number, third, third, 0n)
  return { ...row, time }
}

function tokenPayment(number: number, from: string, to: string, amount: bigint) {
  const row = transfer(number, from, to, amount)
  const transfers = row.transaction.transfers.map((moved) => ({ ...moved, asset: token.id }))
  return { ...row, transaction: { ...row.transaction, transfers } }
}

const toldIn = ({ told }: CaseChange) => told.map(({ state, block }) => `${state} ${block}`)

describe('decideBlock', () => {
  test('default: says all that a block does, and changes nothing', () => {
    take(payment(1, 0, 1, 10n))
    const before = structuredClone(stateOf(open))
    const [block] = toBlocks([payment(2, 0, 2, 20n)])
    const change = decide(block!)
    expect(stateOf(open)).toEqual(before)
    expect(change).toMatchObject({
      caseId: 'test',
      head: { number: 2, hash: 'a2' },
      hops: [{ from: thief, to: second, amount: 20n }],
      seen: [{ opened: [{ address: second, prior: 0n }] }],
      told: [{ state: 'posted', revision: 1, block: 2 }],
      tellings: [{ revision: 1 }],
      undo: { number: 2, hash: 'a2' },
    })
    expect(change.tellings.map(({ alert }) => alert)).toEqual(change.told.map(({ id }) => id))
  })

  test('behavior: what is saved of a ledger is what stands in it after the block', () => {
    const changes = take(payment(1, 0, 1, 10n), payment(2, 0, 5, 20n), payment(3, 1, 2, 5n))
    const { stolen, fees, dropped, totals } = ledgerOf(open)
    expect(changes.at(-1)?.ledgers).toMatchObject([{ stolen, fees, dropped }])
    expect(changes.at(-1)?.ledgers[0]?.totals).toEqual(totals)
  })

  test('behavior: a telling becomes surer as blocks follow, and is told so', () => {
    const rows = Array.from({ length: ethereum.confirmations }, (_, at) => quiet(at + 2))
    const changes = take(payment(1, 0, 1, 10n), ...rows)
    const told = changes.map((change) => toldIn(change).join())
    expect(told).toEqual(['posted 1', ...rows.slice(1).map(() => ''), 'confirmed 1'])
    expect(changes.at(-1)?.tellings[0]?.message.isQuiet).toBe(true)
  })

  test('behavior: where a chain says nothing of finality, what is too deep to be undone is forgotten', () => {
    const depth = maxUndoBlocks + 20
    const rows = [payment(1, 0, 1, 10n), ...Array.from({ length: depth }, (_, at) => quiet(at + 2))]
    const forgottenAt = toBlocks(rows).flatMap((block) => {
      const change = decide(block, { hasFinality: false })
      applyCaseChange(open, change)
      return change.forgotten.map(() => block.number)
    })
    // Its group was closed in block 11, after its two minutes.
    expect(forgottenAt).toEqual([11 + maxUndoBlocks])
    expect(open.told.size).toBe(0)
  })

  test('behavior: an address on the trail of another open case is an alert of its own', async () => {
    const other = { ...theft, id: 'other', name: 'Another theft' }
    const sources = [{ address: second, asset, amount: 1n }]
    await openWith(theft, { ...other, sources })
    const [change] = take(payment(1, 0, 2, 10n))
    // That it moved there is the echo of it.
    expect(change?.tellings.map(({ message }) => JSON.stringify(message.title))).toEqual([
      expect.stringContaining('Another theft'),
    ])
  })
})

describe('decideBlock and the case library', () => {
  test('behavior: a thief of a past theft is told as a link, and not of the same theft', () => {
    const label = { name: 'Hacker 7', kind: 'thief', source: 'test', date: '', confidence: 0.9 }
    const of = (id: string, name: string) =>
      layerLabels(
        indexLabels([{ ...label, address: second, isStale: false, pastCase: { id, name } }]),
        { flags: [], feeds: [] },
      )
    context.labels = of('harmony', 'Harmony Bridge, 2022')
    const [linked] = take(payment(1, 0, 2, 10n))
    expect(linked?.tellings.map(({ message }) => JSON.stringify(message))).toEqual([
      expect.stringContaining('an address of another case: Harmony Bridge, 2022'),
    ])
  })

  test('behavior: the theft itself is no other case', () => {
    const label = { name: 'Hacker 7', kind: 'thief', source: 'test', date: '', confidence: 0.9 }
    const pastCase = { id: theft.id, name: 'The same' }
    context.labels = layerLabels(
      indexLabels([{ ...label, address: second, isStale: false, pastCase }]),
      { flags: [], feeds: [] },
    )
    const [change] = take(payment(1, 0, 2, 10n))
    expect(JSON.stringify(change?.tellings)).not.toContain('another case')
  })
})

describe('decideReorg', () => {
  test('default: brings back everything that the blocks changed, down to what is watched', () => {
    take(payment(1, 0, 1, 100n), quiet(2))
    const before = structuredClone(stateOf(open))
    take(
      payment(3, 0, 2, 10n),
      // The shop pays two strangers, and is parked.
      payment(4, 1, 3, 1n),
      payment(4, 1, 4, 1n),
      payment(30, 2, 0, 5n),
    )
    expect(ledgerOf(open).accounts.get(first)?.stop).toBe('busy')
    expect(addressesIn(open.watched)).toContain(second)
    const change = decideReorg(context, open, { number: 2, hash: 'a2' })
    expect(change).toMatchObject({ rewindTo: 2, head: { number: 2, hash: 'a2' }, undo: null })
    expect(toldIn(change)).toContain('retracted 3')
    applyCaseChange(open, change)
    const { told: toldBefore, ...stateBefore } = before
    const { told, ...state } = stateOf(open)
    expect(state).toEqual(stateBefore)
    // What people were told is not forgotten; what is on the chain still is told still.
    expect(told.size).toBeGreaterThan(toldBefore.size)
    const standing = [...told.values()].filter(({ state }) => state !== 'retracted')
    expect(standing.map(({ id }) => id)).toEqual([...toldBefore.keys()])
  })

  test('behavior: a reorganization of the first block brings back the theft', () => {
    const before = stateOf(open)
    const copy = structuredClone(before)
    take(payment(1, 0, 1, 10n), payment(2, 1, 2, 5n))
    expect(undo(0)).toMatchObject({ head: null, rewindTo: 0 })
    expect({ ...stateOf(open), told: new Map() }).toEqual(copy)
  })

  test('behavior: what comes back after it was undone is told again under its old id', () => {
    const row = payment(2, 0, 1, 10n)
    const [told] = take(row)
    const retracted = undo(1)
    const [again] = take({ ...row, block: 3 })
    const ids = [told, retracted, again].map((change) => change?.tellings[0]?.alert)
    expect(new Set(ids).size).toBe(1)
    expect([told, retracted, again].map((change) => change?.tellings[0]?.revision)).toEqual([
      1, 2, 3,
    ])
    expect(JSON.stringify(retracted.tellings)).toContain('retracted: ')
    expect(JSON.stringify(again?.tellings)).not.toContain('retracted: ')
  })

  test('behavior: what was told by blocks that stand is not told again', () => {
    take(payment(1, 0, 1, 10n), payment(2, 0, 2, 10n))
    expect(toldIn(undo(1))).toEqual(['retracted 2'])
  })

  test('behavior: an address stays watched that is on the trail in another asset still', async () => {
    const sources = [...theft.sources, { address: thief, asset: token.id, amount: 100n }]
    await openWith({ ...theft, assets: [...theft.assets, token], sources })
    take(
      payment(1, 0, 2, 10n),
      tokenPayment(2, thief, second, 10n),
      tokenPayment(2, thief, third, 10n),
    )
    expect(addressesIn(open.watched)).toEqual([thief, second, third].sort())
    undo(1)
    expect(addressesIn(open.watched)).toEqual([thief, second].sort())
    undo(0)
    expect(addressesIn(open.watched)).toEqual([thief])
  })

  test('behavior: one that is parked in another asset stays as watched as it was', async () => {
    const sources = [...theft.sources, { address: thief, asset: token.id, amount: 100n }]
    await openWith({ ...theft, assets: [...theft.assets, token], sources })
    take(payment(1, 0, 1, 10n), payment(2, 1, 3, 1n), payment(2, 1, 4, 1n))
    expect(ledgerOf(open).accounts.get(first)?.stop).toBe('busy')
    const before = addressesIn(open.watched)
    take(tokenPayment(3, thief, first, 10n))
    undo(2)
    expect(addressesIn(open.watched)).toEqual(before)
  })
})

describe('decideFinality', () => {
  test('default: final blocks cannot be undone any more, later ones can', () => {
    take(payment(1, 0, 1, 1n), payment(2, 0, 1, 1n), payment(3, 0, 1, 1n))
    expect(finalize(2)).toMatchObject({ settledTo: 2, head: { number: 3 } })
    expect(open.undo.map(({ number }) => number)).toEqual([2, 3])
    undo(2)
    expect(open.head?.number).toBe(2)
    expect(stolenIn(ledgerOf(open).accounts.get(first)?.holdings[0] ?? neverHeld)).toBe(2n)
    expect(() => undo(1)).toThrowErrorMatchingInlineSnapshot(
      `[DeepReorgError: The chain "eip155:1" was reorganized deeper than the 0 blocks that can be undone.]`,
    )
    expect(open.head?.number).toBe(2)
  })

  test('behavior: what is final is told so, and forgotten once its group is closed', () => {
    take(payment(1, 0, 1, 10n), quiet(2))
    const change = finalize(1)
    expect(toldIn(change)).toEqual(['finalized 1'])
    expect(change.forgotten).toEqual([])
    expect(open.told.size).toBe(1)
    // Ten blocks of twelve seconds make the two minutes of a group.
    take(quiet(11), quiet(12))
    expect(open.groups.size).toBe(0)
    expect(finalize(11).forgotten).toHaveLength(1)
    expect(open.told.size).toBe(0)
  })

  test('behavior: not while the end of its group may be undone, after which it may grow', () => {
    take(payment(1, 0, 1, 10n), payment(2, 0, 2, 10n), quiet(11))
    expect(open.groups.size).toBe(1)
    const [ended] = take(quiet(12))
    expect(open.groups.size).toBe(0)
    expect(finalize(11).forgotten).toHaveLength(1)
    expect(ended?.told).toEqual([])
    expect(open.told.size).toBe(1)
    undo(11)
    const [, grown] = take(payment(11.5, 2, 3, 10n), quiet(12))
    expect(grown?.told).toMatchObject([{ state: 'grown', revision: 3 }])
  })

  test('behavior: no more blocks are kept than can be undone, and the one before them', () => {
    take(...Array.from({ length: maxUndoBlocks + 20 }, (_, at) => payment(at + 1, 0, 1, 1n)))
    expect(open.undo.length).toBe(maxUndoBlocks + 1)
    expect(open.undo.at(0)?.number).toBe(20)
    undo(20)
    expect(open.undo.map(({ number }) => number)).toEqual([20])
    expect(open.head?.number).toBe(20)
    expect(() => undo(19)).toThrow('deeper than the 0 blocks that can be undone')
  })
})

describe('decideEnd', () => {
  test('default: tells what was folded, once', () => {
    take(payment(1, 0, 5, 1n), payment(2, 0, 5, 1n), payment(3, 0, 5, 1n))
    const change = decideEnd(context, open)
    expect(toldIn(change)).toEqual(['grown 3'])
    expect(JSON.stringify(change.tellings)).toContain('in 3 payments')
    applyCaseChange(open, change)
    expect(open.head?.number).toBe(3)
    expect(decideEnd(context, open)).toMatchObject({ told: [], tellings: [], groups: new Map() })
  })
})

const neverHeld = { amount: -1n, lots: [], first: 0, hops: 0 }
