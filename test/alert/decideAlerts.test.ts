import { describe, expect, test } from 'vitest'
import { decideAlerts } from '#alert/decideAlerts.ts'
import { openCase } from '#src/case/openCase.ts'
import { bareRules, caseOf } from '#test/support/followRows.ts'
import { testHop } from '#test/support/testAlert.ts'
import type { Hop, TrailChange } from '#types/trail.ts'

const source = { address: `0x${'1'.repeat(40)}`, amount: 1001n }
const { trail } = openCase(caseOf([source]), { serviceOf: () => null })
const block = {
  chain: 'eip155:1',
  number: 100,
  hash: '0xh',
  parentHash: '0xp',
  time: 50,
  transactions: [],
}
const day = 86_400

function decide(hops: Partial<Hop>[], changes: Partial<TrailChange> = {}, others: string[] = []) {
  const change = {
    ledgers: [],
    hops: hops.map(testHop),
    parked: [],
    seen: [],
    missing: [],
    ...changes,
  }
  return decideAlerts(trail, { block, change, rules: bareRules, otherCases: () => others })
}

describe('decideAlerts', () => {
  test.each<[string, Partial<Hop>, string, string]>([
    ['moved', {}, 'moved', 'info'],
    ['moved much, by one rule at least', { stolen: [0n, 11n, 0n] }, 'moved', 'amber'],
    ['split', { isSplit: true }, 'split', 'info'],
    ['woke after dormancy', { idleSeconds: 10 * day, isSplit: true }, 'woke', 'red'],
    ['rested not quite that long', { idleSeconds: 10 * day - 1 }, 'moved', 'info'],
    ['reached an exchange', { stop: 'exchange', idleSeconds: 90 * day }, 'reached', 'red'],
    ['reached a mixer', { stop: 'mixer' }, 'reached', 'red'],
    ['reached a parked address', { stop: 'busy' }, 'reached', 'amber'],
  ])('behavior: %s', (_name, hop, kind, severity) => {
    expect(decide([hop])).toMatchObject([{ kind, severity }])
  })

  test('behavior: dust at a service raises no red alert, however often', () => {
    const change = {
      ledgers: [],
      hops: [testHop({ stop: 'mixer' })],
      parked: [],
      seen: [],
      missing: [],
    }
    const rules = { ...bareRules, dustPerMillion: 10_000n }
    const alerts = decideAlerts(trail, { block, change, rules, otherCases: () => [] })
    expect(alerts).toMatchObject([{ kind: 'reached', severity: 'info' }])
  })

  test('behavior: an address of two cases is an alert of its own, once', () => {
    expect(decide([{}], {}, ['Bybit']).map(({ kind }) => kind)).toEqual(['moved', 'met'])
    expect(decide([{ isFirstContact: false }], {}, ['Bybit']).map(({ kind }) => kind)).toEqual([
      'moved',
    ])
  })

  test('behavior: two cases that reach the same mixer have not met', () => {
    expect(decide([{ stop: 'mixer' }], {}, ['Bybit']).map(({ kind }) => kind)).toEqual(['reached'])
  })

  test('behavior: a parked address is an alert of its own', () => {
    const parked = [{ address: '0xshop', transaction: '0xt' }]
    expect(decide([], { parked })).toMatchObject([
      { id: 'test:eip155:1:0xt:0xshop:parked', kind: 'parked', address: '0xshop', hop: null },
    ])
  })

  test('behavior: ids are made of facts, so the same block gives the same ids and no two are alike', () => {
    const hops = [{}, { position: 'l0' }, { transaction: '0xother' }]
    const ids = decide(hops, {}, ['Bybit']).map(({ id }) => id)
    expect(new Set(ids).size).toBe(6)
    expect(decide(hops, {}, ['Bybit']).map(({ id }) => id)).toEqual(ids)
  })
})
