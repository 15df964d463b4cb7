import { describe, expect, test } from 'vitest'
import { recompute } from '#src/case/recompute.ts'
import { parties } from '#test/support/arbitraryRows.ts'
import {
  bareRules,
  followAll,
  ledgerOf,
  openTest,
  payment,
  transfer,
} from '#test/support/followRows.ts'
import { totalsOf } from '#trace/totals.ts'

const [thief = '', shop = '', mule = '', friend = '', customer = '', exchange = ''] = parties
const stranger = (index: number) => `0x${String(index).padStart(40, 'e')}`
const blocksPerDay = 7200

/** A shop with 1,000 of its own gets 100 stolen, then pays as told. */
function shopping(limit: number, pays: ReturnType<typeof transfer>[], own = 1000n) {
  const open = openTest([{ address: thief, amount: 100n }])
  const rows = [transfer(1, customer, shop, own), payment(2, 0, 1, 100n), ...pays]
  followAll(open, rows, { ...bareRules, busyStrangers: limit })
  return open
}

describe('the behaviour stop', () => {
  test('parks at one stranger more than the limit, and not before', () => {
    const pays = [3, 4, 5].map((at) => transfer(at, shop, stranger(at), 1n))
    expect(shopping(3, pays).parked).toEqual([])
    expect(shopping(2, pays).parked).toEqual([shop])
  })

  test('counts a day at a time', () => {
    const pays = [0, 1, 2].map((day) => transfer(3 + day * blocksPerDay, shop, stranger(day), 1n))
    expect(shopping(2, pays).parked).toEqual([])
  })

  test('counts a stranger once', () => {
    const pays = [3, 4, 5, 6].map((at) => transfer(at, shop, stranger(1), 1n))
    expect(shopping(1, pays).parked).toEqual([])
  })

  test('a service and an address on the trail are no strangers', () => {
    const pays = [transfer(3, shop, exchange, 1n), transfer(4, shop, thief, 1n)]
    expect(shopping(0, pays).parked).toEqual([])
  })

  test('an account with nine tenths of its money from the case is the thief’s own', () => {
    const pays = [3, 4].map((at) => transfer(at, shop, stranger(at), 1n))
    expect(shopping(1, pays, 11n).parked).toEqual([])
    expect(shopping(1, pays, 12n).parked).toEqual([shop])
  })

  test('what a parked account pays is clean, and what it holds stays', () => {
    const open = shopping(0, [transfer(3, shop, mule, 1100n)])
    expect(ledgerOf(open).accounts.has(mule)).toBe(false)
    expect(
      totalsOf({ ...ledgerOf(open), accounts: new Map([[shop, accountOf(open, shop)]]) }).held,
    ).toBe(100n)
  })
})

describe('the dust floor', () => {
  test('does not keep small payments from being counted at a service', () => {
    const open = openTest([{ address: thief, amount: 1000n }])
    followAll(open, [payment(1, 0, 5, 1n)], { ...bareRules, dustPerMillion: 100_000n })
    expect(open.hops.map(({ stop }) => stop)).toEqual(['exchange'])
    expect(ledgerOf(open).dropped).toEqual([0n, 0n, 0n])
  })

  test('is not slipped under by slices: what one address got adds up', () => {
    const open = openTest([{ address: thief, amount: 1000n }])
    const rows = [1, 2, 3, 4].map((at) => payment(at, 0, 2, 40n))
    followAll(open, rows, { ...bareRules, dustPerMillion: 100_000n })
    expect(ledgerOf(open).dropped).toEqual([80n, 80n, 80n])
    expect(open.hops.map(({ block }) => block)).toEqual([3, 4])
  })
})

describe('hops', () => {
  test('a second new payee is a split, a service is not', () => {
    const open = openTest([{ address: thief, amount: 100n }])
    const rows = [
      payment(1, 0, 5, 1n),
      payment(2, 0, 2, 1n),
      payment(3, 0, 2, 1n),
      payment(4, 0, 5, 1n),
      payment(5, 0, 3, 1n),
    ]
    followAll(open, rows, bareRules)
    expect(open.hops.map(({ to, isSplit }) => [to, isSplit])).toEqual([
      [exchange, false],
      [mule, false],
      [mule, false],
      [exchange, false],
      [friend, true],
    ])
    expect(open.hops.map(({ isFirstContact }) => isFirstContact)).toEqual([
      true,
      true,
      false,
      false,
      true,
    ])
  })

  test('a path starts at a source and at a split, and is known by its first payee', () => {
    const open = openTest([{ address: thief, amount: 100n }])
    const rows = [
      payment(1, 0, 2, 50n),
      payment(2, 2, 3, 20n),
      payment(3, 2, 3, 5n),
      payment(4, 2, 5, 5n),
      payment(5, 2, 4, 5n),
      payment(6, 3, 5, 5n),
      payment(7, 4, 5, 5n),
      payment(8, 0, 1, 5n),
    ]
    followAll(open, rows, bareRules)
    expect(open.hops.map(({ from, to, path }) => [from, to, path])).toEqual([
      [thief, mule, mule],
      [mule, friend, mule],
      [mule, friend, mule],
      // It paid another address before, so this starts a path; a service belongs to the path that leads to it.
      [mule, exchange, exchange],
      [mule, customer, customer],
      [friend, exchange, mule],
      [customer, exchange, customer],
      [thief, shop, shop],
    ])
    const [source, payee, second] = [thief, friend, customer].map((at) => accountOf(open, at))
    expect([source?.firstPayer, source?.path]).toEqual([null, thief])
    expect([payee?.firstPayer, payee?.path]).toEqual([mule, mule])
    expect([second?.firstPayer, second?.path]).toEqual([mule, customer])
  })

  test('a path goes on through a service that was paid first', () => {
    const open = openTest([{ address: thief, amount: 100n }])
    const rows = [payment(1, 0, 2, 50n), payment(2, 2, 5, 20n), payment(3, 2, 3, 5n)]
    followAll(open, rows, bareRules)
    expect(open.hops.map(({ path, isSplit }) => [path, isSplit])).toEqual([
      [mule, false],
      [mule, false],
      [mule, false],
    ])
  })

  test('a merger is a payment by another than who paid first, also back to a source', () => {
    const open = openTest([{ address: thief, amount: 100n }])
    const rows = [
      payment(1, 0, 1, 50n),
      payment(2, 0, 2, 40n),
      payment(3, 1, 3, 10n),
      payment(4, 1, 3, 10n),
      payment(5, 2, 3, 10n),
      payment(6, 2, 0, 10n),
      payment(7, 1, 5, 10n),
      payment(8, 2, 5, 10n),
    ]
    followAll(open, rows, bareRules)
    const mergers = open.hops.filter(({ isMerger }) => isMerger)
    expect(mergers.map(({ from, to }) => [from, to])).toEqual([
      [mule, friend],
      [mule, thief],
    ])
    // Whoever pays later changes neither.
    const { firstPayer, path } = accountOf(open, friend)
    expect([firstPayer, path]).toEqual([shop, shop])
  })

  test('rest is counted from the last stolen payment in or own payment out, whatever strangers send', () => {
    const open = openTest([{ address: thief, amount: 100n }])
    const rows = [
      payment(100, 0, 2, 50n),
      transfer(900, customer, mule, 1n),
      payment(1000, 2, 3, 1n),
    ]
    followAll(open, rows, bareRules)
    expect(open.hops.at(-1)?.idleSeconds).toBe(900 * 12)
  })
})

describe('what is kept for other policies', () => {
  test('the block, by which anybody can look it up', () => {
    const open = openTest([{ address: thief, amount: 100n }])
    followAll(open, [payment(7, 0, 2, 50n)], bareRules)
    expect(open.seen.map(({ block }) => block)).toEqual([
      { number: 7, hash: 'a7', parentHash: 'start' },
    ])
  })

  test('fees alone, and balances from before an address was reached', () => {
    const open = openTest([{ address: thief, amount: 100n }])
    const asset = ledgerOf(open).asset
    const feeOnly = { hash: '0xfee', transfers: [], fee: { from: thief, asset, amount: 10n } }
    const rows = [
      transfer(1, customer, mule, 90n),
      transfer(2, customer, friend, 5n),
      payment(3, 0, 2, 90n),
      { block: 4, index: 0, time: 1_700_000_048, transaction: feeOnly },
      payment(5, 2, 3, 90n),
    ]
    followAll(open, rows, bareRules)
    const { ledger } = recompute(open.case, open.seen, {
      asset,
      policy: 'haircut',
      serviceOf: () => null,
    })
    expect(ledger.fees).toEqual([10n])
    // Half of what the mule held was stolen, since 90 clean ones were there before.
    const held = [...ledger.accounts].map(([address, { holdings }]) => [
      address,
      holdings[0]?.amount,
    ])
    expect(held).toEqual([
      [thief, 0n],
      [mule, 45n],
      [friend, 45n],
    ])
    expect(open.seen.map(({ transaction: { hash } }) => hash)).not.toContain(
      rows[0]?.transaction.hash,
    )
  })
})

function accountOf(open: ReturnType<typeof openTest>, address: string) {
  const account = ledgerOf(open).accounts.get(address)
  if (!account) throw new Error('The account is on the trail.')
  return account
}
