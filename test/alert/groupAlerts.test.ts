import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { closeGroups, groupAlerts } from '#alert/groupAlerts.ts'
import { testAlert } from '#test/support/testAlert.ts'

const foldSeconds = 3600

describe('groupAlerts', () => {
  test('default: the first alert is told at once', () => {
    const { tell } = groupAlerts(new Map(), { alerts: [testAlert()], time: 0, foldSeconds })
    expect(tell).toMatchObject([{ revision: 1, count: 1, told: 1, amount: 10n }])
  })

  test('behavior: a burst is counted and told once when its time is over, nothing is lost', () => {
    let groups = groupAlerts(new Map(), { alerts: [testAlert()], time: 0, foldSeconds }).groups
    for (let time = 60; time < foldSeconds; time += 60) {
      const grouping = groupAlerts(groups, { alerts: [testAlert({ time })], time, foldSeconds })
      expect(grouping.tell).toEqual([])
      groups = grouping.groups
    }
    const end = groupAlerts(groups, { alerts: [], time: foldSeconds, foldSeconds })
    expect(end.tell).toMatchObject([
      { revision: 2, count: 60, told: 60, amount: 600n, stolen: [540n, 600n, 480n] },
    ])
    expect(end.groups.size).toBe(0)
  })

  test('behavior: a group is as severe as the worst in it', () => {
    const alerts = [testAlert(), { ...testAlert(), severity: 'red' as const }, testAlert()]
    const { groups } = groupAlerts(new Map(), { alerts, time: 0, foldSeconds })
    expect([...groups.values()].map(({ severity }) => severity)).toEqual(['red'])
  })

  test('behavior: what comes after the fold is told at once again', () => {
    const first = groupAlerts(new Map(), { alerts: [testAlert()], time: 0, foldSeconds })
    const late = testAlert({ time: foldSeconds })
    const { tell } = groupAlerts(first.groups, { alerts: [late], time: foldSeconds, foldSeconds })
    expect(tell.map(({ head }) => head.time)).toEqual([foldSeconds])
  })

  test('behavior: payments to one service fold whoever pays, other movements fold by payer', () => {
    const alerts = [
      testAlert({ kind: 'reached', from: '0xa', to: '0xmixer' }),
      testAlert({ kind: 'reached', from: '0xb', to: '0xmixer' }),
      testAlert({ kind: 'moved', from: '0xa', to: '0xc' }),
      testAlert({ kind: 'moved', from: '0xb', to: '0xc' }),
    ]
    const { tell, groups } = groupAlerts(new Map(), { alerts, time: 0, foldSeconds })
    expect(tell.map(({ head }) => head.kind)).toEqual(['reached', 'moved', 'moved'])
    expect([...groups.values()].map(({ count }) => count)).toEqual([2, 1, 1])
  })

  test('behavior: the end tells what was folded and nothing that was told', () => {
    const alerts = [
      testAlert({ from: '0xa' }),
      testAlert({ from: '0xa' }),
      testAlert({ from: '0xb' }),
    ]
    const { groups } = groupAlerts(new Map(), { alerts, time: 0, foldSeconds })
    expect(closeGroups(groups)).toMatchObject([{ count: 2, told: 2, revision: 2 }])
  })

  test('behavior: over any series of alerts, what is told adds up to what happened', () => {
    const steps = fc.array(
      fc.record({
        wait: fc.integer({ min: 0, max: 5000 }),
        kinds: fc.array(fc.constantFrom('moved' as const, 'reached' as const), { maxLength: 3 }),
      }),
    )
    fc.assert(
      fc.property(steps, (series) => {
        let groups = new Map()
        let time = 0
        let happened = 0
        let told = 0
        for (const { wait, kinds } of series) {
          time += wait
          const alerts = kinds.map((kind) => testAlert({ kind, time }))
          const grouping = groupAlerts(groups, { alerts, time, foldSeconds })
          for (const { revision, count } of grouping.tell) told += revision === 1 ? 1 : count - 1
          groups = grouping.groups
          happened += kinds.length
        }
        for (const group of closeGroups(groups)) told += group.count - 1
        expect(told).toBe(happened)
      }),
    )
  })

  test('behavior: the groups before stay as they were, so that a reorganization can bring them back', () => {
    const before = groupAlerts(new Map(), { alerts: [testAlert()], time: 0, foldSeconds }).groups
    const copy = structuredClone(before)
    groupAlerts(before, { alerts: [testAlert()], time: 1, foldSeconds })
    expect(before).toEqual(copy)
  })
})
