import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRecordedChain } from '#adapters/chain/recorded/createRecordedChain.ts'
import type { MemoryChat } from '#adapters/chat/memory.ts'
import { ronin } from '#config/cases/ronin/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { replayRules } from '#config/rules.ts'
import type { Context } from '#src/context.ts'
import { runChain, tellRest } from '#src/runChain.ts'
import {
  arbitraryRows,
  arbitrarySeeds,
  parties,
  services,
  toRecording,
} from '#test/support/arbitraryRows.ts'
import { endOf } from '#test/support/endOf.ts'
import { addressesIn, caseOf, ledgerOf, stateOf } from '#test/support/followRows.ts'
import { cutBlocks, growBlocks } from '#test/support/growBlocks.ts'
import { readRonin } from '#test/support/ronin.ts'
import { createScriptedChain, type ScriptedBranch } from '#test/support/scriptedChain.ts'
import { createTestContext } from '#test/support/testContext.ts'
import { holdingAt } from '#trace/holdingAt.ts'
import { stolenIn } from '#trace/policies.ts'
import { totalsOf } from '#trace/totals.ts'
import { traceTransactions } from '#trace/traceTransactions.ts'
import type { Address, Block, ChainReader, Transaction } from '#types/chain.ts'
import type { Store } from '#types/store.ts'
import { type Ledger, trailPolicies } from '#types/trail.ts'
import { serviceOf } from '#utils/indexLabels.ts'

const asset = ethereum.native.id

const { signal } = new AbortController()

async function replay(context: Context, reader: ChainReader): Promise<Ledger> {
  const cases = [...context.cases.values()]
  await runChain(context, reader, { cases, signal })
  await tellRest(context, cases)
  const ledger = cases[0]?.trail.ledgers.get(asset)
  if (!ledger) throw new Error('One case is open.')
  return ledger
}

function heldIn(ledger: Ledger, index: number): Map<Address, string> {
  const held = [...ledger.accounts.values()].map((account): [string, string] => {
    const holding = holdingAt(account, index)
    return [account.address, `${stolenIn(holding)} after ${holding.hops} hops`]
  })
  return new Map(held.filter(([, text]) => !text.startsWith('0 ')).sort())
}

describe('runChain on recorded data', async () => {
  const { rows, labels } = await readRonin()

  test('behavior: without floor and parking the Ronin replay equals posse trace to the wei', async () => {
    const { context } = await createTestContext({ cases: [ronin], labels })
    const ledger = await replay(context, createRecordedChain(rows, { chain: ethereum.id }))
    for (const [index, policy] of trailPolicies.entries()) {
      const trace = traceTransactions(rows, {
        asset,
        policy,
        sources: ronin.sources,
        serviceOf: (address) => serviceOf(labels, address),
      })
      expect(heldIn(ledger, index)).toEqual(heldIn(trace.ledger, 0))
      expect(ledger.fees[index]).toBe(trace.ledger.fees[0])
    }
  })

  test('behavior: the same holds for random thefts', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRows, arbitrarySeeds, async (random, seeds) => {
        const recording = toRecording(random)
        const { context } = await createTestContext({ cases: [caseOf(seeds)] })
        const ledger = await replay(context, createRecordedChain(recording, { chain: ethereum.id }))
        await context.store.close()
        // What is a source of the case never ends its trail.
        const sources = new Set(seeds.map(({ address }) => address))
        const isService = (address: Address) =>
          services.has(address) && !sources.has(address) ? ('exchange' as const) : null
        for (const [index, policy] of trailPolicies.entries()) {
          const options = { asset, policy, sources: seeds, serviceOf: isService }
          const trace = traceTransactions(recording, options)
          expect(heldIn(ledger, index)).toEqual(heldIn(trace.ledger, 0))
          expect(ledger.fees[index]).toBe(trace.ledger.fees[0])
        }
      }),
      { numRuns: 60 },
    )
  })

  test('behavior: with the rules of a replay the books balance and the alerts fold', async () => {
    const made = await createTestContext({ cases: [ronin], labels, rules: replayRules })
    const { context, chat, log, deliver } = made
    const ledger = await replay(context, createRecordedChain(rows, { chain: ethereum.id }))
    await deliver()
    for (const index of trailPolicies.keys()) {
      const { held, fees, dropped, stolen } = totalsOf(ledger, index)
      expect(held + fees + dropped).toBe(stolen)
    }
    // 2,014 without the floor; seven payments were too small to open a trail.
    expect((await context.store.readHops('ronin')).length).toBe(2007)
    expect(chat.messages.length).toBeGreaterThan(100)
    expect(chat.messages.length).toBeLessThan(250)
    expect(log).toEqual([])
  })
})

const [thief = '', first = '', second = ''] = parties
const [service = ''] = services
const theft = { ...caseOf([{ address: thief, amount: 100n }]), followAfter: 0 }

/** A payment of 10 by the thief. */
function pay(hash: string, to: string): Transaction {
  return { hash, transfers: [{ position: 'v', from: thief, to, asset, amount: 10n }] }
}

/** Blocks behind those kept, with these transactions in them. */
function grow(
  kept: readonly Block[],
  to: number,
  { branch = 'a', mined = {} }: { branch?: string; mined?: Record<number, Transaction[]> } = {},
): Block[] {
  return growBlocks(kept, { to, branch, transactionsOf: (number) => mined[number] ?? [] })
}

/** The thief pays in block 2, then block 2 is replaced by one in which nothing happens; in block 1 a service is paid. */
function forkOf({ paid }: { paid?: string } = {}): ScriptedBranch[] {
  const mined = { 1: paid ? [pay('0xdeposit', paid)] : [], 2: [pay('0xpayment', first)] }
  const before = grow([], 2, { mined })
  return [{ blocks: before }, { blocks: grow(cutBlocks(before, 1), 3, { branch: 'b' }) }]
}

const titlesIn = (chat: MemoryChat) =>
  chat.messages.map(({ message }) => JSON.stringify(message.title))

describe('runChain through a reorganization', () => {
  test('behavior: it takes the hop back and corrects the same message', async () => {
    const { context, chat, deliver, opened } = await createTestContext({ cases: [theft] })
    await runChain(context, createScriptedChain(forkOf()), { cases: opened, signal })
    await deliver()
    const [open] = opened
    expect(await context.store.readHops('test')).toEqual([])
    expect(await context.store.readSeen('test')).toEqual([])
    expect(open?.head).toMatchObject({ number: 3, hash: 'b3' })
    expect(heldIn(ledgerOf(open!), 0)).toEqual(new Map([[thief, '100 after 0 hops']]))
    expect(chat.messages).toMatchObject([
      {
        edits: 1,
        message: { title: [{ strong: 'Test theft' }, ': retracted: <0.000001 ETH moved'] },
      },
    ])
  })

  test('behavior: what stands on the chain still is not retracted', async () => {
    const { context, chat, deliver, opened } = await createTestContext({ cases: [theft] })
    const reader = createScriptedChain(forkOf({ paid: service }))
    await runChain(context, reader, { cases: opened, signal })
    await deliver()
    expect(chat.messages.map(({ edits }) => edits)).toEqual([0, 1])
    expect(titlesIn(chat)[0]).not.toContain('retracted')
    expect(titlesIn(chat)[1]).toContain('retracted')
  })

  test('behavior: a payment that comes back in another block corrects its message again', async () => {
    const { context, chat, deliver, opened } = await createTestContext({ cases: [theft] })
    const [before, empty] = forkOf()
    const mined = { 4: [pay('0xpayment', first)] }
    const after = grow(cutBlocks(empty?.blocks ?? [], 3), 5, { branch: 'b', mined })
    const reader = createScriptedChain([before!, empty!, { blocks: after }])
    await runChain(context, reader, { cases: opened, signal })
    await deliver()
    expect(chat.messages).toMatchObject([{ edits: 2 }])
    expect(titlesIn(chat)[0]).not.toContain('retracted')
    expect(JSON.stringify(chat.messages[0])).toContain('in block 4')
    expect((await context.store.readHops('test')).map(({ block }) => block)).toEqual([4])
  })

  test('behavior: one of the very first block, also after a restart', async () => {
    const made = await createTestContext({ cases: [theft] })
    const mined = { 1: [pay('0xpayment', first)] }
    const before = grow([], 1, { mined })
    const after = grow(cutBlocks(before, 0), 2, { branch: 'b' })
    const { store } = made.context
    await runChain(made.context, createScriptedChain([{ blocks: before }]), {
      cases: made.opened,
      signal,
    })
    const { context, chat, deliver, opened } = await createTestContext({ cases: [theft], store })
    await runChain(context, createScriptedChain([{ blocks: after }]), { cases: opened, signal })
    await deliver()
    expect(opened[0]?.head).toMatchObject({ number: 2, hash: 'b2' })
    expect(await store.readHops('test')).toEqual([])
    expect(titlesIn(chat)).toEqual([expect.stringContaining('retracted')])
  })

  test('behavior: final blocks in which nothing happened leave the block before undoable, after a restart too', async () => {
    const made = await createTestContext({ cases: [theft] })
    const { store } = made.context
    const mined = { 1: [pay('0xone', first)], 9: [pay('0xtwo', second)] }
    const before = grow([], 9, { mined })
    const branch = { blocks: cutBlocks(before, 1), finalized: 0 }
    await runChain(made.context, createScriptedChain([branch]), { cases: made.opened, signal })
    const again = await createTestContext({ cases: [theft], store })
    // The first payment is told as final with block 2, which itself is not saved.
    const more = { blocks: before, finalized: 8 }
    const other = { blocks: grow(cutBlocks(before, 8), 12, { branch: 'b' }), finalized: 8 }
    await runChain(again.context, createScriptedChain([more]), { cases: again.opened, signal })
    const last = await createTestContext({ cases: [theft], store })
    await runChain(last.context, createScriptedChain([other]), { cases: last.opened, signal })
    expect((await store.readHops('test')).map(({ transaction }) => transaction)).toEqual(['0xone'])
    expect(last.opened[0]?.head).toMatchObject({ number: 12, hash: 'b12' })
  })
})

describe('runChain with few accounts at hand', () => {
  test('behavior: an address stays watched that is on the trail in an asset that is not at hand', async () => {
    const token = { id: `eip155:1/erc20:0x${'7'.repeat(40)}`, symbol: 'TST', decimals: 0 }
    const both = {
      ...theft,
      assets: [...theft.assets, token],
      sources: [...theft.sources, { address: thief, asset: token.id, amount: 100n }],
    }
    const inToken = (hash: string, to: string): Transaction => {
      const { transfers } = pay(hash, to)
      return { hash, transfers: transfers.map((transfer) => ({ ...transfer, asset: token.id })) }
    }
    const mined = {
      1: [pay('0xone', first)],
      2: [inToken('0xtwo', second)],
      3: [inToken('0xthree', first)],
    }
    const before = grow([], 4, { mined: { ...mined, 4: [pay('0xfour', service)] } })
    const after = grow(cutBlocks(before, 2), 5, { branch: 'b' })
    const { context, opened } = await createTestContext({ cases: [both] })
    const reader = createScriptedChain([{ blocks: before }, { blocks: after }])
    await runChain(context, reader, { cases: opened, signal, maxAtHand: 0 })
    expect(addressesIn(opened[0]!.watched)).toEqual([thief, first, second].sort())
  })
})

describe('runChain and what it tells', () => {
  test('behavior: what was folded is told at the end, once', async () => {
    const { context, chat, deliver, opened } = await createTestContext({ cases: [theft] })
    const mined = Object.fromEntries([1, 2, 3].map((at) => [at, [pay(`0x${at}`, service)]]))
    const reader = createScriptedChain([{ blocks: grow([], 3, { mined }) }])
    await runChain(context, reader, { cases: opened, signal })
    await deliver()
    expect(chat.messages.map(({ edits }) => edits)).toEqual([0])
    await tellRest(context, opened)
    await tellRest(context, opened)
    await deliver()
    expect(chat.messages.map(({ edits }) => edits)).toEqual([1])
    expect(JSON.stringify(chat.messages[0])).toContain('in 3 payments')
  })

  test('behavior: what becomes surer edits its message quietly, and the last word is that it is final', async () => {
    const { context, chat, deliver, opened } = await createTestContext({ cases: [theft] })
    const blocks = grow([], 40, { mined: { 1: [pay('0xone', first)] } })
    const heads = [12, 13, 14, 40].map((head) => ({
      blocks: cutBlocks(blocks, head),
      finalized: head === 40 ? 1 : 0,
    }))
    const states: string[] = []
    const scripted = createScriptedChain(heads)
    const reader: ChainReader = {
      ...scripted,
      async waitForHead(options) {
        await deliver()
        const { message } = chat.messages[0] ?? {}
        const state = /(confirmed|final):/.exec(JSON.stringify(message))?.[1]
        states.push(`${state} ${message?.isQuiet}`)
        return await scripted.waitForHead(options)
      },
    }
    await runChain(context, reader, { cases: opened, signal })
    expect(states.slice(1)).toEqual([
      'undefined undefined',
      'confirmed true',
      'confirmed true',
      'final true',
    ])
    expect(chat.messages).toMatchObject([{ edits: 2 }])
  })

  test('behavior: whoever shows alerts is woken when there are any, and only then', async () => {
    const { context, opened } = await createTestContext({ cases: [theft] })
    let rings = 0
    const outbox = { ...context.outbox, ring: () => (rings += 1) }
    const mined = { 2: [pay('0xone', first)] }
    const reader = createScriptedChain([{ blocks: grow([], 5, { mined }) }])
    await runChain({ ...context, outbox }, reader, { cases: opened, signal })
    expect(rings).toBe(1)
  })
})

describe('runChain and its store', () => {
  /** How often something was saved while these blocks were followed. */
  async function countSaves(branch: ScriptedBranch) {
    const { context, opened } = await createTestContext({ cases: [theft] })
    let saves = 0
    const store: Store = {
      ...context.store,
      saveChanges(...change) {
        saves += 1
        return context.store.saveChanges(...change)
      },
    }
    const reader = createScriptedChain([branch], { readAhead: 4 })
    await runChain({ ...context, store }, reader, { cases: opened, signal })
    return { saves, context, opened }
  }

  test('behavior: final blocks in which nothing happens are not saved one by one, where it stands is', async () => {
    const mined = { 20: [pay('0xone', first)] }
    const blocks = grow([], 50, { mined })
    expect((await countSaves({ blocks })).saves).toBe(50)
    const { saves, context, opened } = await countSaves({ blocks, finalized: 50 })
    expect(saves).toBeLessThan(10)
    expect((await context.store.readCase('test'))?.head).toEqual(opened[0]?.head)
    expect((await context.store.readHops('test')).length).toBe(1)
  })

  test('error: what cannot be saved has not happened', async () => {
    const { context, opened } = await createTestContext({ cases: [theft] })
    const [open] = opened
    if (!open) throw new Error('One case is open.')
    const mined = { 2: [pay('0xone', first)] }
    const reader = () => createScriptedChain([{ blocks: grow([], 3, { mined }) }])
    const before = structuredClone(stateOf(open))
    const full: Store = {
      ...context.store,
      saveChanges: async () => Promise.reject(new Error('disk full')),
    }
    const run = runChain({ ...context, store: full }, reader(), { cases: opened, signal })
    await expect(run).rejects.toThrow('disk full')
    expect(stateOf(open)).toEqual(before)
    await runChain(context, reader(), { cases: opened, signal })
    expect((await context.store.readHops('test')).length).toBe(1)
  })
})

describe('runChain with several cases', () => {
  const other = {
    ...theft,
    id: 'other',
    name: 'Another theft',
    sources: [{ address: second, asset, amount: 50n }],
  }
  const transactionOf = (from: string, to: string, hash: string): Transaction => ({
    hash,
    transfers: [{ position: 'v', from, to, asset, amount: 10n }],
  })
  const mined = {
    2: [transactionOf(thief, first, '0xa')],
    3: [transactionOf(second, first, '0xb')],
    4: [transactionOf(thief, first, '0xc')],
  }
  const blocks = grow([], 5, { mined })

  test('behavior: two in one loop end as each does alone, and know of each other', async () => {
    const { context, chat, deliver, opened } = await createTestContext({ cases: [theft, other] })
    const forked = { blocks: grow(cutBlocks(blocks, 2), 6, { branch: 'b', mined }) }
    const reader = createScriptedChain([{ blocks }, forked])
    await runChain(context, reader, { cases: opened, signal })
    await deliver()
    for (const [place, alone] of [theft, other].entries()) {
      const made = await createTestContext({ cases: [alone] })
      await runChain(made.context, createScriptedChain([forked]), { cases: made.opened, signal })
      const { groups: _alone, ...expected } = await endOf(made.context, made.opened[0]!)
      const { groups: _together, ...end } = await endOf(context, opened[place]!)
      expect(end).toEqual(expected)
    }
    expect(titlesIn(chat).filter((title) => title.includes('another case'))).toHaveLength(1)
  })

  test('behavior: one that is ahead has a loop of its own, and neither follows a block twice', async () => {
    const ahead = await createTestContext({ cases: [theft] })
    const { store } = ahead.context
    const early = { blocks: cutBlocks(blocks, 3) }
    await runChain(ahead.context, createScriptedChain([early]), { cases: ahead.opened, signal })
    const { context, opened } = await createTestContext({ cases: [theft, other], store })
    expect(opened.map(({ head }) => head?.number)).toEqual([3, undefined])
    const loops = opened.map((open) => {
      const reader = createScriptedChain([{ blocks }])
      return runChain(context, reader, { cases: [open], signal })
    })
    await Promise.all(loops)
    const hopsOf = async (id: string) => (await store.readHops(id)).map((hop) => hop.transaction)
    expect(await hopsOf('test')).toEqual(['0xa', '0xc'])
    expect(await hopsOf('other')).toEqual(['0xb'])
    expect(ledgerOf(opened[0]!).accounts.get(thief)?.paid).toBe(20n)
  })

  test('error: cases that stand at different blocks are not followed in one loop', async () => {
    const ahead = await createTestContext({ cases: [theft] })
    const { store } = ahead.context
    const early = { blocks: cutBlocks(blocks, 3) }
    await runChain(ahead.context, createScriptedChain([early]), { cases: ahead.opened, signal })
    const { context, opened } = await createTestContext({ cases: [theft, other], store })
    const run = runChain(context, createScriptedChain([{ blocks }]), { cases: opened, signal })
    await expect(run).rejects.toThrow('The cases "other" and "test" stand at different blocks.')
    expect(opened[1]?.head).toBeNull()
  })

  test('behavior: no case, nothing to do', async () => {
    const { context } = await createTestContext({ cases: [] })
    const reader = {
      ...createScriptedChain([]),
      waitForHead: () => Promise.reject(new Error('asked')),
    }
    await runChain(context, reader, { cases: [], signal })
  })
})
