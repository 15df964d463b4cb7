import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRecordedChain } from '#adapters/chain/recorded/createRecordedChain.ts'
import { ronin } from '#config/cases/ronin/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { rules } from '#config/rules.ts'
import type { Context } from '#src/context.ts'
import { runChain, tellRest } from '#src/runChain.ts'
import {
  arbitraryRows,
  arbitrarySeeds,
  services,
  toRecording,
} from '#test/support/arbitraryRows.ts'
import { caseOf } from '#test/support/followRows.ts'
import { readRonin } from '#test/support/ronin.ts'
import { createTestContext } from '#test/support/testContext.ts'
import { holdingAt } from '#trace/draft.ts'
import { stolenIn } from '#trace/policies.ts'
import { totalsOf } from '#trace/totals.ts'
import { traceTransactions } from '#trace/traceTransactions.ts'
import type { Address, ChainReader } from '#types/chain.ts'
import { type Ledger, trailPolicies } from '#types/trail.ts'
import { serviceOf } from '#utils/indexLabels.ts'

const asset = ethereum.native.id

async function replay(context: Context, reader: ChainReader): Promise<Ledger> {
  const signal = new AbortController().signal
  await runChain(context, reader, { after: -1, signal })
  await tellRest(context)
  const [open] = context.cases.values()
  const ledger = open?.trail.ledgers.get(asset)
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
    const { context } = createTestContext({ cases: [ronin], labels })
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
        const { context } = createTestContext({ cases: [caseOf(seeds)] })
        const ledger = await replay(context, createRecordedChain(recording, { chain: ethereum.id }))
        const isService = (address: Address) =>
          services.has(address) ? ('exchange' as const) : null
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

  test('behavior: with the rules that ship the books balance and the alerts fold', async () => {
    const { context, chat, log } = createTestContext({ cases: [ronin], labels, rules })
    const ledger = await replay(context, createRecordedChain(rows, { chain: ethereum.id }))
    for (const index of trailPolicies.keys()) {
      const { held, fees, dropped, stolen } = totalsOf(ledger, index)
      expect(held + fees + dropped).toBe(stolen)
    }
    const [open] = context.cases.values()
    // 2,014 without the floor; seven payments were too small to open a trail.
    expect(open?.hops.length).toBe(2007)
    expect(chat.messages.length).toBeLessThan(250)
    expect(log).toEqual([])
  })

  test('behavior: a reorganization takes the hop back and corrects the same message', async () => {
    const thief = `0x${'1'.repeat(40)}`
    const { context, chat } = createTestContext({
      cases: [caseOf([{ address: thief, amount: 100n }])],
    })
    const paid = `0x${'2'.repeat(40)}`
    const { reader } = createForkedChain(thief, paid)
    await runChain(context, reader, { after: -1, signal: new AbortController().signal })
    const [open] = context.cases.values()
    expect(open?.hops).toEqual([])
    expect(open?.head?.number).toBe(3)
    expect(open && heldIn(open.trail.ledgers.get(asset)!, 0)).toEqual(
      new Map([[thief, '100 after 0 hops']]),
    )
    expect(chat.messages).toMatchObject([
      {
        edits: 1,
        message: { title: [{ strong: 'Test theft' }, ': retracted: ', '<0.000001 ETH moved'] },
      },
    ])
  })

  test('behavior: what stands on the chain still is not retracted', async () => {
    const thief = `0x${'1'.repeat(40)}`
    const { context, chat } = createTestContext({
      cases: [caseOf([{ address: thief, amount: 100n }])],
    })
    const [service = ''] = services
    const { reader } = createForkedChain(thief, `0x${'2'.repeat(40)}`, service)
    await runChain(context, reader, { after: -1, signal: new AbortController().signal })
    expect(chat.messages.map(({ edits }) => edits)).toEqual([0, 1])
    expect(JSON.stringify(chat.messages[0])).not.toContain('retracted')
  })

  test('behavior: what was folded is told at the end, once', async () => {
    const thief = `0x${'1'.repeat(40)}`
    const { context, chat } = createTestContext({
      cases: [caseOf([{ address: thief, amount: 100n }])],
    })
    const [service = ''] = services
    const pay = (block: number) => ({
      block,
      index: 0,
      time: 1_700_000_000 + block * 12,
      transaction: {
        hash: `0x${block}`,
        transfers: [{ position: 'v', from: thief, to: service, asset, amount: 10n }],
      },
    })
    const reader = createRecordedChain([1, 2, 3].map(pay), { chain: ethereum.id })
    await runChain(context, reader, { after: -1, signal: new AbortController().signal })
    expect(chat.messages.map(({ edits }) => edits)).toEqual([0])
    await tellRest(context)
    await tellRest(context)
    expect(chat.messages.map(({ edits }) => edits)).toEqual([1])
    expect(JSON.stringify(chat.messages[0])).toContain('in 3 payments')
  })

  test('behavior: a chat that fails keeps no other from being told', async () => {
    const thief = `0x${'1'.repeat(40)}`
    const { context, chat, log } = createTestContext({
      cases: [caseOf([{ address: thief, amount: 100n }])],
    })
    const broken = {
      ...chat,
      name: 'broken',
      async post(): Promise<string> {
        throw new Error('down')
      },
    }
    const { reader } = createForkedChain(thief, `0x${'2'.repeat(40)}`)
    const signal = new AbortController().signal
    await runChain({ ...context, chats: [broken, chat] }, reader, { after: -1, signal })
    expect(chat.messages.length).toBe(1)
    expect(log.join()).toContain('Delivery failed')
    expect(log.join()).toContain('"message":"down"')
  })
})

/** The thief pays in block 2, then block 2 is replaced by one in which nothing happens. A service is paid before. */
function createForkedChain(thief: string, paid: string, service?: string): { reader: ChainReader } {
  const transfer = { position: 'v', from: thief, to: paid, asset, amount: 10n }
  const block = (number: number, hash: string, parentHash: string) => ({
    chain: ethereum.id,
    number,
    hash,
    parentHash,
    time: number,
    transactions: [] as { hash: string; transfers: (typeof transfer)[] }[],
  })
  const first = [block(1, 'a1', ''), block(2, 'a2', 'a1')]
  first[1]?.transactions.push({ hash: '0xpayment', transfers: [transfer] })
  if (service)
    first[0]?.transactions.push({ hash: '0xdeposit', transfers: [{ ...transfer, to: service }] })
  const second = [block(1, 'a1', ''), block(2, 'b2', 'a1'), block(3, 'b3', 'b2')]
  let now = first
  return {
    reader: {
      chain: ethereum.id,
      readBlockAfter: async (number) => now.find((each) => each.number > number),
      readRef: async (number) => now.find((each) => each.number === number),
      readFinalized: async () => undefined,
      readBalance: async () => 0n,
      async waitForHead() {
        if (now === second) return false
        now = second
        return true
      },
    },
  }
}
