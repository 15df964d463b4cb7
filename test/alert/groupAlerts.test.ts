import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { closeGroups, groupAlerts } from '#alert/groupAlerts.ts'
import { testAlert } from '#test/support/testAlert.ts'
import type { Alert, AlertGroup } from '#types/alert.ts'

const foldSeconds = 3600

type Groups = ReadonlyMap<string, AlertGroup>

/** Groups a block's alerts; answers the open groups after it, too. */
function group(groups: Groups, { alerts, time }: { alerts: readonly Alert[]; time: number }) {
  const grouping = groupAlerts(groups, { alerts, time, foldSeconds })
  const after = new Map(groups)
  for (const [key, changed] of grouping.changed) {
    if (changed) after.set(key, changed)
    else after.delete(key)
  }
  return { ...grouping, groups: after }
}

const none: Groups = new Map()

describe('groupAlerts', () => {
  test('default: the first alert is told at once', () => {
    const { tell } = group(none, { alerts: [testAlert()], time: 0 })
    expect(tell).toMatchObject([{ count: 1, told: 1, amount: 10n }])
  })

  test('behavior: a burst is counted and told once when its time is over, nothing is lost', () => {
    let groups = group(none, { alerts: [testAlert()], time: 0 }).groups
    for (let time = 60; time < foldSeconds; time += 60) {
      const grouping = group(groups, { alerts: [testAlert({ time })], time })
      expect(grouping.tell).toEqual([])
      groups = grouping.groups
    }
    const end = group(groups, { alerts: [], time: foldSeconds })
    expect(end.tell).toMatchObject([
      { count: 60, told: 60, amount: 600n, stolen: [540n, 600n, 480n] },
    ])
    expect(end.groups.size).toBe(0)
  })

  test('behavior: a group is as severe as the worst in it', () => {
    const alerts = [testAlert(), { ...testAlert(), severity: 'red' as const }, testAlert()]
    const { groups } = group(none, { alerts, time: 0 })
    expect([...groups.values()].map(({ severity }) => severity)).toEqual(['red'])
  })

  test('behavior: what comes after the fold is told at once again', () => {
    const first = group(none, { alerts: [testAlert()], time: 0 })
    const late = testAlert({ time: foldSeconds })
    const { tell } = group(first.groups, { alerts: [late], time: foldSeconds })
    expect(tell.map(({ head }) => head.time)).toEqual([foldSeconds])
  })

  test('behavior: payments to one service fold whoever pays, other movements fold by payer', () => {
    const alerts = [
      testAlert({ kind: 'reached', from: '0xa', to: '0xmixer' }),
      testAlert({ kind: 'reached', from: '0xb', to: '0xmixer' }),
      testAlert({ kind: 'moved', from: '0xa', to: '0xc' }),
      testAlert({ kind: 'moved', from: '0xb', to: '0xc' }),
    ]
    const { tell, groups } = group(none, { alerts, time: 0 })
    expect(tell.map(({ head }) => head.kind)).toEqual(['reached', 'moved', 'moved'])
    expect([...groups.values()].map(({ count }) => count)).toEqual([2, 1, 1])
  })

  test('behavior: the end tells what was folded and nothing that was told', () => {
    const alerts = [
      testAlert({ from: '0xa' }),
      testAlert({ from: '0xa' }),
      testAlert({ from: '0xb' }),
    ]
    const { groups } = group(none, { alerts, time: 0 })
    const { tell, changed } = closeGroups(groups)
    expect(tell).toMatchObject([{ count: 2, told: 2 }])
    expect([...changed.values()]).toEqual([undefined, undefined])
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
        let groups = none
        let time = 0
        let happened = 0
        let told = 0
        for (const { wait, kinds } of series) {
          time += wait
          const alerts = kinds.map((kind) => testAlert({ kind, time }))
          const grouping = group(groups, { alerts, time })
          // Told are groups just opened, and then what they grew by when they are closed.
          for (const { count } of grouping.tell) told += count === 1 ? 1 : count - 1
          groups = grouping.groups
          happened += kinds.length
        }
        for (const { count } of closeGroups(groups).tell) told += count - 1
        expect(told).toBe(happened)
      }),
    )
  })

  test('behavior: the groups before stay as they were, so that a reorganization can bring them back', () => {
    const before = group(none, { alerts: [testAlert()], time: 0 }).groups
    const copy = structuredClone(before)
    group(before, { alerts: [testAlert()], time: 1 })
    group(before, { alerts: [testAlert()], time: foldSeconds })
    closeGroups(before)
    expect(before).toEqual(copy)
  })

  test('behavior: what is told does not depend on the order in which groups are held, which a restart changes', () => {
    const alerts = ['0xc', '0xa', '0xb'].flatMap((from) => [
      testAlert({ from }),
      testAlert({ from }),
    ])
    const { groups } = group(none, { alerts, time: 0 })
    const other = new Map([...groups].reverse())
    const told = (of: Groups) =>
      group(of, { alerts: [], time: foldSeconds }).tell.map(({ head }) => head.hop?.from)
    expect(told(groups)).toEqual(['0xa', '0xb', '0xc'])
    expect(told(other)).toEqual(told(groups))
  })

  test('behavior: in one block the end of one group and the begin of the next are both told', () => {
    const { groups } = group(none, { alerts: [testAlert(), testAlert()], time: 0 })
    const next = group(groups, { alerts: [testAlert({ time: foldSeconds })], time: foldSeconds })
    expect(next.tell.map(({ count, head }) => [count, head.time])).toEqual([
      [2, 0],
      [1, foldSeconds],
    ])
    expect([...next.groups.values()].map(({ head }) => head.time)).toEqual([foldSeconds])
  })
})
