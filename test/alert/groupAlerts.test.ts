import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { closeGroups, groupAlerts } from '#alert/groupAlerts.ts'
import { rules as shipped } from '#config/rules.ts'
import { testAlert } from '#test/support/testAlert.ts'
import type { Alert, AlertGroup } from '#types/alert.ts'

const foldSeconds = 3600
const rules = { foldMinutes: 60, retellMinutes: 60, openCards: 10, burstHops: 30 }
const chain = 'eip155:1'

type Groups = ReadonlyMap<string, AlertGroup>

/** Groups a block's alerts; answers the open groups after it, too. Every alert but `met` is of a hop of its own. */
function group(groups: Groups, { alerts, time }: { alerts: readonly Alert[]; time: number }) {
  const hops = alerts.flatMap(({ hop, kind }) => (hop && kind !== 'met' ? [hop] : []))
  const block = { chain, number: 100 + time, time }
  const grouping = groupAlerts(groups, { alerts, hops, block, rules })
  const after = new Map(groups)
  for (const [key, changed] of grouping.changed) {
    if (changed) after.set(key, changed)
    else after.delete(key)
  }
  return { ...grouping, groups: after }
}

const none: Groups = new Map()
let transactions = 0

/** An alert of a transaction of its own. */
function alertOf(options: Parameters<typeof testAlert>[0] = {}): Alert {
  transactions += 1
  return testAlert({ transaction: `0x${transactions}`, ...options })
}

/** Alerts that a group stands for; the head of a burst is none of them. */
const alertsIn = ({ head, count, muted }: AlertGroup) =>
  head.kind === 'burst' ? count : count + muted

/** Open groups that are told. */
const cards = (groups: Groups) => [...groups].filter(([key]) => key !== 'pace')

describe('groupAlerts', () => {
  test('default: the first alert is told at once', () => {
    const { tell } = group(none, { alerts: [alertOf()], time: 0 })
    expect(tell).toMatchObject([{ count: 1, told: 1, amount: 10n, muted: 0 }])
  })

  test('behavior: what follows is counted and told once when its time is over, nothing is lost', () => {
    let groups = group(none, { alerts: [alertOf()], time: 0 }).groups
    for (let time = 60; time < foldSeconds; time += 60) {
      const grouping = group(groups, { alerts: [alertOf({ time })], time })
      expect(grouping.tell).toEqual([])
      groups = grouping.groups
    }
    const end = group(groups, { alerts: [], time: foldSeconds })
    expect(end.tell).toMatchObject([
      { count: 60, told: 60, amount: 600n, stolen: [540n, 600n, 480n] },
    ])
    expect(end.groups.size).toBe(0)
  })

  test('behavior: what comes in the block that opens a group is told with it', () => {
    const { tell, groups } = group(none, { alerts: [alertOf(), alertOf(), alertOf()], time: 0 })
    expect(tell).toMatchObject([{ count: 3, told: 3, amount: 30n }])
    expect(closeGroups(groups).tell).toEqual([])
  })

  test('behavior: a group that gets worse is told at once, with why; one that gets milder is not', () => {
    const first = group(none, { alerts: [alertOf({ severity: 'info' })], time: 0 })
    const worse = group(first.groups, { alerts: [alertOf({ severity: 'amber' })], time: 1 })
    expect(worse.tell).toMatchObject([
      { severity: 'amber', reasons: ['amber for a reason'], count: 2, told: 2 },
    ])
    const milder = group(worse.groups, { alerts: [alertOf({ severity: 'info' })], time: 2 })
    expect(milder.tell).toEqual([])
    expect(cards(milder.groups).map(([, { severity }]) => severity)).toEqual(['amber'])
  })

  test('behavior: what comes after the fold is told at once again', () => {
    const first = group(none, { alerts: [alertOf()], time: 0 })
    const late = alertOf({ time: foldSeconds })
    const { tell } = group(first.groups, { alerts: [late], time: foldSeconds })
    expect(tell.map(({ head }) => head.time)).toEqual([foldSeconds])
  })

  test('behavior: movements of a path are one card, whatever they are and whoever pays', () => {
    const alerts = [
      alertOf({ kind: 'moved', path: '0xp', from: '0xa', to: '0xp' }),
      alertOf({ kind: 'split', path: '0xp', from: '0xp', to: '0xb' }),
      alertOf({ kind: 'merged', path: '0xp', from: '0xb', to: '0xc' }),
      alertOf({ kind: 'moved', path: '0xq', from: '0xa', to: '0xq' }),
      alertOf({ kind: 'moved', path: '0xp', asset: 'eip155:1/erc20:0xusd' }),
    ]
    const { tell } = group(none, { alerts, time: 0 })
    expect(tell.map(({ head, count }) => [head.kind, head.hop?.path, count])).toEqual([
      ['moved', '0xp', 3],
      ['moved', '0xq', 1],
      ['moved', '0xp', 1],
    ])
  })

  test('behavior: what reaches one service by one path is one card, another path or service another', () => {
    const alerts = [
      alertOf({ kind: 'reached', path: '0xp', from: '0xa', to: '0xmixer' }),
      alertOf({ kind: 'reached', path: '0xp', from: '0xb', to: '0xmixer' }),
      alertOf({ kind: 'reached', path: '0xq', from: '0xa', to: '0xmixer' }),
      alertOf({ kind: 'reached', path: '0xp', from: '0xa', to: '0xbridge' }),
    ]
    const { tell } = group(none, { alerts, time: 0 })
    expect(tell.map(({ count, head }) => [count, head.hop?.path, head.address])).toEqual([
      [2, '0xp', '0xmixer'],
      [1, '0xq', '0xmixer'],
      [1, '0xp', '0xbridge'],
    ])
  })

  test('behavior: the end tells what was folded and nothing that was told', () => {
    const first = group(none, { alerts: [alertOf({ to: '0xa' }), alertOf({ to: '0xb' })], time: 0 })
    const { groups } = group(first.groups, { alerts: [alertOf({ to: '0xa', time: 1 })], time: 1 })
    const { tell, changed } = closeGroups(groups)
    expect(tell).toMatchObject([{ count: 2, told: 2 }])
    expect(new Set(changed.values())).toEqual(new Set([undefined]))
  })

  test('behavior: the groups before stay as they were, so that a reorganization can bring them back', () => {
    const before = group(none, { alerts: many(40), time: 0 }).groups
    const copy = structuredClone(before)
    group(before, { alerts: many(40), time: 1 })
    group(before, { alerts: many(40), time: 61 })
    group(before, { alerts: [alertOf()], time: foldSeconds })
    closeGroups(before)
    expect(before).toEqual(copy)
  })

  test('behavior: in one block the end of one group and the begin of the next are both told', () => {
    const first = group(none, { alerts: [alertOf()], time: 0 })
    const { groups } = group(first.groups, { alerts: [alertOf({ time: 1 })], time: 1 })
    const next = group(groups, { alerts: [alertOf({ time: foldSeconds })], time: foldSeconds })
    expect(next.tell.map(({ count, head }) => [count, head.time])).toEqual([
      [2, 0],
      [1, foldSeconds],
    ])
    expect(cards(next.groups).map(([, { head }]) => head.time)).toEqual([foldSeconds])
  })
})

/** Movements of as many paths, or arrivals at as many services. */
function many(count: number, kind: Alert['kind'] = 'moved', time = 0): Alert[] {
  return Array.from({ length: count }, (_, index) =>
    alertOf({ kind, time, from: '0xthief', to: `0x${kind}${index}`, path: `0xp${index}` }),
  )
}

describe('when all cards of a case are in use', () => {
  const full = group(none, { alerts: many(rules.openCards), time: 0 }).groups

  test('what would open another goes into one card for what moves', () => {
    const alerts = ['0xa', '0xb', '0xc'].map((to) => alertOf({ to, time: 60 }))
    const { tell } = group(full, { alerts, time: 60 })
    expect(tell.map(({ head, count, last }) => [head.path, count, last.path])).toEqual([
      ['test:eip155:1:* moving', 3, 'test:eip155:1:0xc'],
    ])
  })

  test('what belongs to an open card still goes there', () => {
    const { tell, groups } = group(full, { alerts: many(1, 'moved', 60), time: 60 })
    expect(tell).toEqual([])
    expect(groups.get('card moving eip155:1/slip44:60 test:eip155:1:0xp0')?.count).toBe(2)
  })

  test('three services get a card each, whatever the path, and the others share one', () => {
    const alerts = [0, 1, 2, 3, 4, 0, 3].map((at, index) =>
      alertOf({ kind: 'reached', to: `0xs${at}`, path: `0xq${index}`, time: 60 }),
    )
    const { tell } = group(full, { alerts, time: 60 })
    expect(tell.map(({ head, count }) => [head.path, count])).toEqual([
      ['test:eip155:1:* service 0xs0', 2],
      ['test:eip155:1:* service 0xs1', 1],
      ['test:eip155:1:* service 0xs2', 1],
      ['test:eip155:1:* services', 3],
    ])
  })

  test('what woke, met, returned and was parked shares one by kind', () => {
    const kinds = ['woke', 'met', 'returned', 'parked'] as const
    const alerts = kinds.flatMap((kind) => many(3, kind, 60))
    const { tell } = group(full, { alerts, time: 60 })
    expect(tell.map(({ head, count }) => [head.path, count])).toEqual(
      kinds.map((kind) => [`test:eip155:1:* ${kind}`, 3]),
    )
  })

  test('amounts of another asset are counted apart and not added up', () => {
    const alerts = [
      alertOf({ to: '0xa', time: 60 }),
      alertOf({ to: '0xb', time: 60, asset: 'eip155:1/erc20:0xusd', amount: 7n }),
    ]
    const { tell } = group(full, { alerts, time: 60 })
    expect(tell).toMatchObject([{ count: 2, amount: 10n, otherAssets: 1 }])
  })

  test('a card that is over makes room for another', () => {
    const time = foldSeconds
    const { tell } = group(full, { alerts: [alertOf({ to: '0xnew', time })], time })
    expect(tell.map(({ head }) => head.path)).toEqual(['test:eip155:1:0xnew'])
  })
})

describe('a burst', () => {
  const path = { path: '0xp' }
  const moves = (count: number, time: number) =>
    Array.from({ length: count }, () => alertOf({ ...path, time }))

  test('default: opens with the hop that is one too many for its minute, and is told at once', () => {
    const first = group(none, { alerts: moves(30, 0), time: 0 })
    expect(first.tell.map(({ head }) => head.kind)).toEqual(['moved'])
    const { tell } = group(first.groups, { alerts: moves(5, 59), time: 59 })
    expect(tell).toMatchObject([
      {
        head: {
          ...{ id: 'test:eip155:1:burst:0', kind: 'burst', path: 'test:eip155:1:burst' },
          ...{ time: 59, block: 159 },
        },
        ...{ severity: 'amber', reasons: ['35 hops within a minute'] },
        ...{ count: 5, told: 5, muted: 5, amount: 50n, stolen: [45n, 50n, 40n] },
      },
    ])
  })

  test('behavior: as many hops as may be are no burst, nor is what two minutes have together', () => {
    const first = group(none, { alerts: moves(30, 59), time: 59 })
    const second = group(first.groups, { alerts: moves(30, 60), time: 60 })
    const told = [...first.tell, ...second.tell].map(({ head }) => head.kind)
    expect(told).toEqual(['moved'])
  })

  test('behavior: what came before it in its block is told as always', () => {
    const { tell } = group(none, { alerts: many(31), time: 0 })
    const count = (kind: string) =>
      tell.filter(({ head }) => head.kind === kind).reduce((sum, told) => sum + told.count, 0)
    expect([count('moved'), count('burst')]).toEqual([30, 1])
  })

  test('behavior: arrivals and whatever else is no mere movement go on as always', () => {
    const { groups } = group(none, { alerts: moves(31, 0), time: 0 })
    const alerts = [
      alertOf({ kind: 'reached', to: '0xmixer', time: 12 }),
      alertOf({ kind: 'woke', to: '0xold', time: 12 }),
      alertOf({ kind: 'split', time: 12 }),
      alertOf({ kind: 'merged', time: 12 }),
    ]
    const next = group(groups, { alerts, time: 12 })
    expect(next.tell.map(({ head }) => head.kind)).toEqual(['reached', 'woke'])
    expect(next.groups.get('burst')).toMatchObject({ count: 3, muted: 3, told: 1 })
  })

  test('behavior: is told again once a minute at most, and when a calm minute has passed', () => {
    let groups = none
    const told: [number, number, string[]][] = []
    // 31 hops in each of the first three minutes, then 30, then none.
    const pace = [31, 0, 0, 31, 0, 0, 31, 0, 0, 10, 10, 10, 0, 0]
    for (const [index, count] of pace.entries()) {
      const time = index * 20
      const step = group(groups, { alerts: moves(count, time), time })
      for (const { head, count: alerts, reasons } of step.tell)
        if (head.kind === 'burst') told.push([time, alerts, reasons])
      groups = step.groups
    }
    const first = '31 hops within a minute'
    expect(told).toEqual([
      [0, 1, [first]],
      [60, 32, [first]],
      [120, 63, [first]],
      [180, 73, [first]],
      [240, 93, [first, 'over: it lasted 3 min 40 s']],
    ])
    // What moves then is told again: the card of its path is open still.
    expect(groups.has('burst')).toBe(false)
    expect(groups.has('pace')).toBe(false)
  })

  test('behavior: a minute without any block is calm', () => {
    const { groups } = group(none, { alerts: moves(40, 0), time: 0 })
    const next = group(groups, { alerts: moves(1, 120), time: 120 })
    expect(next.tell).toMatchObject([
      {
        head: { kind: 'burst' },
        reasons: ['40 hops within a minute', 'over: it was all in one block'],
      },
    ])
  })

  test('behavior: the next burst is another alert', () => {
    const { groups } = group(none, { alerts: moves(40, 0), time: 0 })
    const next = group(groups, { alerts: moves(40, 180), time: 180 })
    const bursts = next.tell.filter(({ head }) => head.kind === 'burst')
    expect(bursts.map(({ head, count }) => [head.id, count])).toEqual([
      ['test:eip155:1:burst:0', 10],
      ['test:eip155:1:burst:3', 10],
    ])
  })

  test('behavior: amounts of another asset than its own are counted and not added', () => {
    const alerts = [...moves(31, 0), alertOf({ asset: 'eip155:1/erc20:0xusd' })]
    const { groups } = group(none, { alerts, time: 0 })
    expect(groups.get('burst')).toMatchObject({ count: 2, amount: 10n, otherAssets: 1 })
  })

  test('behavior: a block without hops changes nothing that need be saved', () => {
    const calm = group(none, { alerts: moves(1, 0), time: 0 })
    expect(group(calm.groups, { alerts: [], time: 12 }).changed).toEqual(new Map())
    const wild = group(none, { alerts: moves(31, 0), time: 0 })
    expect(group(wild.groups, { alerts: [], time: 12 }).changed).toEqual(new Map())
  })
})

describe('an echo', () => {
  const same = { transaction: '0xsame' }

  test('default: a movement on the way to a service, in one transaction, is counted in the arrival', () => {
    const alerts = [
      testAlert({ ...same, from: '0xa', to: '0xrouter', path: '0xp', position: 'l0' }),
      testAlert({ ...same, kind: 'reached', from: '0xrouter', to: '0xmixer', path: '0xp' }),
    ]
    const { tell } = group(none, { alerts, time: 0 })
    expect(tell).toMatchObject([{ head: { kind: 'reached' }, count: 1, muted: 1, amount: 10n }])
  })

  test('behavior: the movement that met another case is told by that alone', () => {
    const alerts = [testAlert(same), testAlert({ ...same, kind: 'met' })]
    const { tell } = group(none, { alerts, time: 0 })
    expect(tell).toMatchObject([{ head: { kind: 'met' }, count: 1, muted: 1 }])
  })

  test.each<[string, Parameters<typeof testAlert>[0]]>([
    ['of another transaction', { transaction: '0xother' }],
    ['that goes another way', { path: '0xq', from: '0xb' }],
    ['that carries more: a small deposit hides no large movement', { stolen: [11n, 9n, 8n] }],
    ['of another asset', { asset: 'eip155:1/erc20:0xusd' }],
    ['that is an arrival itself', { kind: 'reached' }],
  ])('behavior: an alert speaks for itself %s', (_name, changes) => {
    const alerts = [
      testAlert({ ...same, kind: 'reached', from: '0xa', to: '0xmixer', path: '0xp' }),
      testAlert({ ...same, from: '0xa', to: '0xb', path: '0xp', position: 'l0', ...changes }),
    ]
    const { groups } = group(none, { alerts, time: 0 })
    expect(cards(groups).map(([, { muted }]) => muted)).toEqual([0, 0])
  })
})

/** Any alerts in any blocks, so that all rules meet. */
const arbitraryBlocks = fc.array(
  fc.record({
    wait: fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 5000 })),
    alerts: fc.array(
      fc.record({
        kind: fc.constantFrom(
          ...(['moved', 'split', 'merged', 'reached', 'woke', 'met', 'returned'] as const),
        ),
        severity: fc.constantFrom(...(['info', 'amber', 'red'] as const)),
        transaction: fc.constantFrom('0xt1', '0xt2', '0xt3'),
        path: fc.integer({ min: 0, max: 20 }).map((digit) => `0xp${digit}`),
        to: fc.integer({ min: 0, max: 20 }).map((digit) => `0xa${digit}`),
        asset: fc.constantFrom('eip155:1/slip44:60', 'eip155:1/erc20:0xusd'),
      }),
      { maxLength: 60 },
    ),
  }),
  { maxLength: 12 },
)

describe('over any series of blocks', () => {
  function play(blocks: { wait: number; alerts: Parameters<typeof testAlert>[0][] }[]) {
    const told = new Map<string, AlertGroup>()
    const tellings: AlertGroup[][] = []
    let groups = none
    let time = 0
    let fed = 0
    for (const { wait, alerts: made } of blocks) {
      time += wait
      const alerts = made.map((options, index) =>
        testAlert({ ...options, time, position: `b${time}l${index}` }),
      )
      fed += alerts.length
      const step = group(groups, { alerts, time })
      for (const item of step.tell) told.set(item.head.id, item)
      tellings.push(step.tell)
      groups = step.groups
    }
    const end = closeGroups(groups)
    for (const item of end.tell) told.set(item.head.id, item)
    return { told, fed, tellings, groups }
  }

  test('what is told adds up to what happened', () => {
    fc.assert(
      fc.property(arbitraryBlocks, (blocks) => {
        const { told, fed } = play(blocks)
        expect([...told.values()].reduce((sum, item) => sum + alertsIn(item), 0)).toBe(fed)
      }),
    )
  })

  test('at most 20 groups are open, beside the count of the minute', () => {
    fc.assert(
      fc.property(arbitraryBlocks, (blocks) => {
        expect(cards(play(blocks).groups).length).toBeLessThanOrEqual(20)
      }),
    )
  })

  test('what is told does not depend on the order in which groups are held, which a restart changes', () => {
    fc.assert(
      fc.property(arbitraryBlocks, arbitraryBlocks, (blocks, [next]) => {
        const { groups } = play(blocks)
        const alerts = (next?.alerts ?? []).map((options, index) =>
          testAlert({ ...options, time: 99_999, position: `l${index}` }),
        )
        for (const time of [99_999, 199_999]) {
          const other = new Map([...groups].reverse())
          const sorted = ({ changed, tell }: ReturnType<typeof group>) => ({
            changed: [...changed].sort(([a], [b]) => (a < b ? -1 : 1)),
            tell,
          })
          expect(sorted(group(other, { alerts, time }))).toEqual(
            sorted(group(groups, { alerts, time })),
          )
        }
      }),
    )
  })
})

describe('10,000 hops within a minute', () => {
  test.each([
    1, 5, 10_000,
  ])('are told of in at most 20 groups, in blocks of %i hops, to the hop', (size) => {
    const kinds = ['moved', 'split', 'merged', 'reached', 'woke', 'returned', 'met'] as const
    const all = Array.from({ length: 10_000 }, (_, index) => {
      const kind = kinds[index < 20 ? 0 : (index * 7919) % kinds.length] ?? 'moved'
      return { kind, to: `0xa${(index * 104_729) % 997}`, path: `0xp${(index * 1299) % 499}` }
    })
    expect({ ...rules, openCards: shipped.openCards }).toEqual(rules)
    const told = new Map<string, AlertGroup>()
    let groups = none
    let muted = 0
    for (let start = 0; start < all.length; start += size) {
      const time = Math.floor((start * 59) / all.length)
      const alerts = all.slice(start, start + size).map((options) => alertOf({ ...options, time }))
      const step = group(groups, { alerts, time })
      for (const item of step.tell) told.set(item.head.id, item)
      groups = step.groups
    }
    expect(told.size).toBeLessThanOrEqual(20)
    for (const item of closeGroups(groups).tell) told.set(item.head.id, item)
    expect(told.size).toBeLessThanOrEqual(20)
    expect([...told.values()].reduce((sum, item) => sum + alertsIn(item), 0)).toBe(10_000)
    // `met` is no hop of its own, so the hops before the burst are counted without it.
    let hops = 0
    for (const { kind } of all) {
      if (kind !== 'met') hops += 1
      if (hops > rules.burstHops && ['moved', 'split', 'merged'].includes(kind)) muted += 1
    }
    const burst = [...told.values()].find(({ head }) => head.kind === 'burst')
    expect(burst).toMatchObject({ count: muted, muted, amount: 10n * BigInt(muted) })
  })
})
