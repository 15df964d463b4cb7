import { describe, expect, test } from 'vitest'
import { decideAlerts } from '#alert/decideAlerts.ts'
import { openCase } from '#src/case/openCase.ts'
import { bareRules, caseOf } from '#test/support/followRows.ts'
import { testHop } from '#test/support/testAlert.ts'
import type { Account, Hop, TrailChange } from '#types/trail.ts'

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
const asset = 'eip155:1/slip44:60'
const mule = `0x${'5'.repeat(40)}`
const calm = { idleSeconds: 61 }

function decide(hops: Partial<Hop>[], changes: Partial<TrailChange> = {}, others: string[] = []) {
  const change = {
    ledgers: [],
    hops: hops.map(testHop),
    parked: [],
    seen: [],
    missing: [],
    issuerActs: [],
    ...changes,
  }
  return decideAlerts(trail, { block, change, rules: bareRules, otherCases: () => others })
}

/** A change in which an account is as told. */
function accountAs(address: string, changes: Partial<Account>): Partial<TrailChange> {
  const [account] = trail.ledgers.get(asset)?.accounts.values() ?? []
  if (!account) throw new Error('The source has an account.')
  const accounts = new Map([[address, { ...account, address, ...changes }]])
  return {
    ledgers: [
      { asset, accounts, fees: [], dropped: [], swappedIn: [], swappedOut: [], dust: new Map() },
    ],
  }
}

const both = { isMerger: true, isSplit: true }

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
    ['reached a bridge', { stop: 'bridge' }, 'reached', 'red'],
    ['reached a DEX', { stop: 'dex' }, 'reached', 'red'],
    ['reached an issuer', { stop: 'issuer' }, 'reached', 'red'],
    ['reached another service', { stop: 'service' }, 'reached', 'red'],
    ['went back to the victim', { stop: 'victim', stolen: [900n] }, 'returned', 'info'],
    ['merged', { isMerger: true }, 'merged', 'info'],
    ['merged and split: where it comes from weighs more', both, 'merged', 'info'],
    ['merged much', { isMerger: true, stolen: [11n] }, 'merged', 'amber'],
    ['woke and merged', { idleSeconds: 10 * day, isMerger: true }, 'woke', 'red'],
  ])('behavior: %s', (_name, hop, kind, severity) => {
    expect(decide([{ ...calm, ...hop }])).toMatchObject([{ kind, severity }])
  })

  test.each<[string, Partial<Hop>, string[]]>([
    ['a small step', {}, []],
    ['an exchange', { stop: 'exchange' }, ['reached an exchange']],
    [
      'a mixer and much',
      { stop: 'mixer', stolen: [0n, 50n, 0n] },
      ['reached a mixer', 'large: 4.99 % of the theft'],
    ],
    ['rest', { idleSeconds: 11 * day }, ['woke up after 11 d of rest']],
    [
      'much that joins',
      { isMerger: true, stolen: [50n] },
      ['large: 4.99 % of the theft', 'joins money that came another way'],
    ],
    ['the victim', { stop: 'victim' }, ['good news: it went back to the victim']],
  ])('behavior: says why: %s', (_name, hop, reasons) => {
    expect(decide([{ ...calm, ...hop }]).map((alert) => alert.reasons)).toEqual([reasons])
  })

  test.each<[string, Partial<Hop>, string[]]>([
    ['within the limit', { idleSeconds: 12 }, ['passed on 12 s after the last movement there']],
    [
      'in one block',
      { idleSeconds: 0 },
      ['passed on in the same block as the last movement there'],
    ],
    ['slower', { idleSeconds: 61 }, []],
  ])('behavior: haste is amber: %s', (_name, hop, reasons) => {
    const passing = accountAs(mule, { firstPayer: source.address })
    const severity = reasons.length > 0 ? 'amber' : 'info'
    expect(decide([{ from: mule, ...hop }], passing)).toMatchObject([{ severity, reasons }])
  })

  test('behavior: a source that pays soon after the theft is no haste', () => {
    const hop = { from: source.address, idleSeconds: 12 }
    expect(decide([hop])).toMatchObject([{ severity: 'info', reasons: [] }])
    expect(decide([hop], accountAs(source.address, {}))).toMatchObject([{ severity: 'info' }])
  })

  test('behavior: what comes out of a bridge is red, however long it was inside, and no haste', () => {
    const arrived = { bridge: 'THORChain', chain: 'bip122:0', transaction: '0xd', key: 'k' }
    const reasons = ['came out of THORChain, from another chain']
    for (const idleSeconds of [0, 90 * day]) {
      expect(decide([{ from: mule, idleSeconds, arrived }])).toMatchObject([
        { kind: 'moved', severity: 'red', reasons },
      ])
    }
    // A queue ends on the chain on which it began, and what is given back came from nowhere else.
    const own = { ...arrived, chain: 'eip155:1', bridge: 'Lido' }
    expect(decide([{ from: mule, arrived: own }])).toMatchObject([
      { severity: 'red', reasons: ['came out of Lido'] },
    ])
    expect(decide([{ from: mule, arrived: { ...own, isBack: true } }])).toMatchObject([
      { severity: 'amber', reasons: ['Lido gave it back'] },
    ])
  })

  test('behavior: it belongs to the path of its hop, a parked address to its own', () => {
    const parked = [{ address: mule, transaction: '0xt' }]
    const alerts = decide([{ path: '0xp' }], {
      ...accountAs(mule, { stop: 'busy', path: '0xq' }),
      parked,
    })
    expect(alerts.map(({ path }) => path)).toEqual(['test:eip155:1:0xp', 'test:eip155:1:0xq'])
  })

  test.each<[string, Partial<Hop>]>([
    ['at a service', { stop: 'mixer' }],
    ['that wakes', { idleSeconds: 90 * day }],
    ['in haste', { from: mule, idleSeconds: 0 }],
  ])('behavior: dust raises no alarm, however often: %s', (_name, hop) => {
    const change = {
      ledgers: [],
      hops: [testHop(hop)],
      parked: [],
      seen: [],
      missing: [],
      issuerActs: [],
    }
    const rules = { ...bareRules, dustPerMillion: 10_000n }
    const alerts = decideAlerts(trail, { block, change, rules, otherCases: () => [] })
    expect(alerts).toMatchObject([{ severity: 'info', reasons: [] }])
  })

  test('behavior: an address of two cases is an alert of its own, once', () => {
    const [moved, met] = decide([calm], {}, ['Bybit'])
    expect(moved).toMatchObject({ kind: 'moved', severity: 'info', otherCases: [] })
    expect(met).toMatchObject({
      ...{ kind: 'met', severity: 'red', otherCases: ['Bybit'] },
      reasons: ['an address of another case: Bybit'],
    })
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
      {
        ...{ id: 'test:eip155:1:0xt:0xshop:parked', kind: 'parked', address: '0xshop', hop: null },
        ...{ path: 'test:eip155:1:0xshop', severity: 'amber' },
        reasons: ['paid more than 0 strangers within a day'],
      },
    ])
  })

  test('behavior: ids are made of facts, so the same block gives the same ids and no two are alike', () => {
    const hops = [{}, { position: 'l0' }, { transaction: '0xother' }]
    const ids = decide(hops, {}, ['Bybit']).map(({ id }) => id)
    expect(new Set(ids).size).toBe(6)
    expect(decide(hops, {}, ['Bybit']).map(({ id }) => id)).toEqual(ids)
  })
})
