import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ronin } from '#config/cases/ronin/index.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import {
  arbitraryRows,
  arbitrarySeeds,
  services,
  toRecording,
} from '#test/support/arbitraryRows.ts'
import { readRonin } from '#test/support/ronin.ts'
import { traceOracle } from '#test/support/traceOracle.ts'
import { reportTrace, traceJson } from '#trace/reportTrace.ts'
import { type TracedTransaction, traceTransactions } from '#trace/traceTransactions.ts'
import { type PolicyName, policyNames } from '#types/trail.ts'
import { serviceOf } from '#utils/indexLabels.ts'

const asset = ethereum.native.id

function trace(
  transactions: TracedTransaction[],
  { policy, seeds }: { policy: PolicyName; seeds: { address: string; amount: bigint }[] },
) {
  const result = traceTransactions(transactions, {
    asset,
    policy,
    sources: seeds,
    serviceOf: (address) => (services.has(address) ? 'exchange' : null),
  })
  return JSON.parse(traceJson(reportTrace(result, new Map())))
}

describe('traceTransactions', () => {
  test.each(
    policyNames,
  )('behavior: %s agrees with the naive reference on random thefts', (policy) => {
    fc.assert(
      fc.property(arbitraryRows, arbitrarySeeds, (rows, seeds) => {
        const report = trace(toRecording(rows), { policy, seeds })
        const expected = traceOracle([rows], { seeds, policy, services })
        expect({ ...report, held: report.held.map(withoutLabel) }).toEqual(expected)
      }),
      { numRuns: 400 },
    )
  })

  test.each(policyNames.filter((name) => name !== 'poison'))('behavior: %s conserves', (policy) => {
    fc.assert(
      fc.property(arbitraryRows, arbitrarySeeds, (rows, seeds) => {
        const report = trace(toRecording(rows), { policy, seeds })
        const held = report.held.reduce(
          (sum: bigint, { amount }: { amount: string }) => sum + BigInt(amount),
          0n,
        )
        expect(held + BigInt(report.fees)).toBe(BigInt(report.stolen))
      }),
    )
  })

  test('behavior: FIFO is lossless, so the books can be read backwards', () => {
    // 3 stolen, then 7 clean coins come in: the first 3 out are stolen and no others.
    const rows = [
      payment('0xclean', '0xthief', 7n),
      payment('0xthief', '0xa', 2n),
      payment('0xthief', '0xb', 2n),
      payment('0xthief', '0xc', 6n),
    ]
    const seeds = [{ address: '0xthief', amount: 3n }]
    expect(heldBy(trace(rows, { policy: 'fifo', seeds }))).toEqual({ '0xa': '2', '0xb': '1' })
    expect(heldBy(trace(rows, { policy: 'lifo', seeds }))).toEqual({ '0xc': '3' })
    expect(heldBy(trace(rows, { policy: 'haircut', seeds }))).toEqual({ '0xc': '3' })
    expect(heldBy(trace(rows, { policy: 'taint-first', seeds }))).toEqual({
      '0xa': '2',
      '0xb': '1',
    })
    expect(heldBy(trace(rows, { policy: 'clean-first', seeds }))).toEqual({ '0xc': '3' })
    expect(heldBy(trace(rows, { policy: 'poison', seeds }))).toEqual({
      '0xa': '2',
      '0xb': '2',
      '0xc': '6',
    })
  })
})

describe('the Ronin theft, as recorded', async () => {
  const { rows, labels } = await readRonin()
  const router = '0xd90e2f925da726b50c4ed8d0fb90ad053324f31b'

  function traceRonin(policy: PolicyName) {
    const { sources } = ronin
    const options = { asset, policy, sources, serviceOf: (at: string) => serviceOf(labels, at) }
    return reportTrace(traceTransactions(rows, options), labels)
  }

  test('fifo finds 175,099.9998424 ETH in the Tornado Cash router: strangers’ dust pays first', () => {
    const report = traceRonin('fifo')
    expect(report.held[0]).toEqual({
      address: router,
      amount: 175_099_999842400000000000n,
      label: 'Tornado.Cash: Router',
      kind: 'mixer',
      hops: 2,
    })
    expect(report.transfers).toEqual({ read: 3755, followed: 2014 })
  })

  test('taint-first finds exactly the 175,100 ETH that were deposited', () => {
    expect(traceRonin('taint-first').held[0]?.amount).toBe(175_100n * 10n ** 18n)
  })

  test.each(policyNames)('%s agrees with the naive reference to the wei', (policy) => {
    const { held, ...report } = JSON.parse(traceJson(traceRonin(policy)))
    const file = rows.map(({ block, index, transaction: { hash, transfers, fee } }) => ({
      blockNumber: block,
      transactionIndex: index,
      hash,
      from: transfers[0]?.from ?? fee?.from ?? '',
      to: transfers[0]?.to ?? router,
      value: transfers[0]?.amount ?? 0n,
      gasPrice: fee?.amount ?? 0n,
      gasUsed: 1n,
      isError: false,
      contractAddress: '',
    }))
    const isService = new Set([...labels.keys()].filter((at) => serviceOf(labels, at) !== null))
    const expected = traceOracle([file], { seeds: ronin.sources, policy, services: isService })
    expect({ ...report, held: held.map(withoutLabel) }).toEqual(expected)
  })
})

type HeldRow = { address: string; amount: string; label: unknown; kind: unknown; hops: number }

function withoutLabel({ address, amount, hops }: HeldRow) {
  return { address, amount, hops }
}

function heldBy({ held }: { held: HeldRow[] }): Record<string, string> {
  return Object.fromEntries(
    held.map(({ address, amount }): [string, string] => [address, amount]).sort(),
  )
}

let payments = 0
function payment(from: string, to: string, amount: bigint): TracedTransaction {
  payments += 1
  const transfers = [{ position: 'v', from, to, asset, amount }]
  return { transaction: { hash: `0x${payments}`, transfers }, time: payments }
}
