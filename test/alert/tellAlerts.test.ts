import { describe, expect, test } from 'vitest'
import { confirmAlerts, retellAlerts, settledAlerts, tellGroups } from '#alert/tellAlerts.ts'
import { testAlert } from '#test/support/testAlert.ts'
import type { AlertGroup, ToldAlert } from '#types/alert.ts'
import { maxUndoBlocks } from '#types/chain.ts'

type Told = ReadonlyMap<string, ToldAlert>
type Step = (told: Told) => ToldAlert[]

const confirmations = 12

function group(id: string, count = 1): AlertGroup {
  const alert = { ...testAlert(), id }
  return {
    head: alert,
    severity: 'info',
    reasons: [],
    count,
    told: count,
    muted: 0,
    amount: 10n * BigInt(count),
    stolen: [],
    last: alert,
  }
}

const tell =
  (block: number, ...groups: AlertGroup[]): Step =>
  (told) =>
    tellGroups(told, groups, block)
const undo =
  (ancestor: number): Step =>
  (told) =>
    retellAlerts(told, ancestor)
const confirm =
  (head: number, finalized?: number): Step =>
  (told) =>
    confirmAlerts(told, { head, confirmations, finalized })

/** What is told after all steps, and what each of them changed. */
function play(...steps: Step[]) {
  const told = new Map<string, ToldAlert>()
  const changes = steps.map((step) => {
    const changed = step(told)
    for (const alert of changed) told.set(alert.id, alert)
    return changed.map(describeTold)
  })
  return { told, changes }
}

/** Such as `a #2 grown 7: 5x1 7x3`: tellings by block and number of alerts. */
function describeTold({ id, revision, state, block, tellings }: ToldAlert): string {
  const tale = tellings.map((telling) => `${telling.block}x${telling.group.count}`).join(' ')
  return `${id} #${revision} ${state} ${block}: ${tale}`
}

describe('an alert as people are told of it', () => {
  test('default: posted, confirmed at its depth, final when the chain says so, each once', () => {
    const { changes } = play(
      tell(5, group('a')),
      confirm(16),
      confirm(17),
      confirm(18),
      confirm(69, 4),
      confirm(70, 5),
      confirm(71, 6),
    )
    expect(changes).toEqual([
      ['a #1 posted 5: 5x1'],
      [],
      ['a #2 confirmed 5: 5x1'],
      [],
      [],
      ['a #3 finalized 5: 5x1'],
      [],
    ])
  })

  test('behavior: what is final at once need not be confirmed before', () => {
    const { changes } = play(tell(5, group('a')), confirm(5, 5))
    expect(changes.at(-1)).toEqual(['a #2 finalized 5: 5x1'])
  })

  test('behavior: what has grown is as unsure as its last block', () => {
    const { changes } = play(
      tell(5, group('a')),
      confirm(17),
      tell(20, group('a', 3)),
      confirm(31),
      confirm(32),
      confirm(90, 5),
      confirm(95, 20),
    )
    expect(changes.slice(2)).toEqual([
      ['a #3 grown 20: 5x1 20x3'],
      [],
      ['a #4 confirmed 20: 5x1 20x3'],
      [],
      // How it was told before can be forgotten now.
      ['a #5 finalized 20: 20x3'],
    ])
  })

  test('behavior: what was final and grows can be undone down to what was final', () => {
    const { changes } = play(
      tell(5, group('a')),
      confirm(70, 5),
      tell(80, group('a', 2)),
      undo(79),
      confirm(90, 6),
    )
    expect(changes.slice(2)).toEqual([
      ['a #3 grown 80: 5x1 80x2'],
      ['a #4 posted 5: 5x1'],
      ['a #5 finalized 5: 5x1'],
    ])
  })

  test('behavior: a retracted one is posted again under the same id, with a higher revision', () => {
    const { changes } = play(
      tell(5, group('a')),
      undo(4),
      confirm(90),
      confirm(90, 80),
      tell(95, group('a', 2)),
      undo(95),
      undo(94),
    )
    expect(changes.slice(1)).toEqual([
      ['a #2 retracted 5: '],
      // What did not happen becomes no surer.
      [],
      [],
      ['a #3 posted 95: 95x2'],
      [],
      ['a #4 retracted 95: '],
    ])
  })

  test('behavior: what is undone of one told before goes back to what was told', () => {
    const grown = [tell(5, group('a')), tell(8, group('a', 2)), tell(11, group('a', 3))]
    expect(play(...grown, undo(10)).changes.at(-1)).toEqual(['a #4 grown 8: 5x1 8x2'])
    expect(play(...grown, undo(7)).changes.at(-1)).toEqual(['a #4 posted 5: 5x1'])
    expect(play(...grown, undo(4)).changes.at(-1)).toEqual(['a #4 retracted 11: '])
    expect(play(...grown, undo(11)).changes.at(-1)).toEqual([])
  })

  test('behavior: what was confirmed and is undone is told as before it', () => {
    const { changes } = play(
      tell(5, group('a')),
      tell(8, group('a', 2)),
      confirm(20),
      undo(7),
      confirm(17),
    )
    expect(changes.slice(2)).toEqual([
      ['a #3 confirmed 8: 5x1 8x2'],
      ['a #4 posted 5: 5x1'],
      ['a #5 confirmed 5: 5x1'],
    ])
  })

  test('behavior: the order in which memory holds them, which a restart changes, does not matter', () => {
    const { told } = play(
      tell(5, group('c'), group('a')),
      tell(6, group('d'), group('b')),
      undo(5),
      tell(7, group('b')),
    )
    const reversed = new Map([...told].reverse())
    const groups: AlertGroup[] = []
    for (const step of [undo(4), undo(6), confirm(30), confirm(30, 5)]) {
      expect(step(told).length).toBeGreaterThan(0)
      expect(step(reversed)).toEqual(step(told))
    }
    const settled = (of: Told) =>
      settledAlerts(of.values(), { groups, head: 900, hasFinality: false })
    const { told: sure } = play(() => [...told.values()], confirm(30))
    expect(settled(sure)).toEqual(['a', 'b', 'c'])
    expect(settled(new Map([...sure].reverse()))).toEqual(settled(sure))
  })

  test('behavior: nothing that is given is altered', () => {
    const { told } = play(tell(5, group('a')), tell(8, group('a', 2)))
    const before = structuredClone(told)
    for (const step of [tell(9, group('a', 3)), undo(6), confirm(90), confirm(90, 70)]) step(told)
    expect(told).toEqual(before)
  })
})

describe('where an alert was told', () => {
  const routed = { channels: ['slack:C1'], silencedBy: ['s1'] }
  const route: Step = (told) => [...told.values()].map((alert) => ({ ...alert, ...routed }))

  test('default: nowhere yet, whoever is told is decided later', () => {
    const [alert] = tellGroups(new Map(), [group('a')], 5)
    expect(alert).toMatchObject({ channels: [], silencedBy: [] })
  })

  test.each<[string, Step]>([
    ['grows', tell(8, group('a', 2))],
    ['is undone', undo(4)],
    ['is confirmed', confirm(90)],
    ['is final', confirm(90, 80)],
  ])('behavior: is kept when it %s', (_what, step) => {
    const { told } = play(tell(5, group('a')), route, step)
    expect(told.get('a')).toMatchObject({ ...routed, revision: 2 })
  })

  test('behavior: is kept when it comes back after a reorganization', () => {
    const { told } = play(tell(5, group('a')), route, undo(4), tell(6, group('a')))
    expect(told.get('a')).toMatchObject({ ...routed, state: 'posted' })
  })
})

describe('a corrected alert', () => {
  const correct: Step = (told) =>
    [...told.values()].map((alert) => ({
      ...alert,
      state: 'corrected' as const,
      revision: alert.revision + 1,
    }))

  test('behavior: becomes no surer, no reorganization brings it back, and it is never settled', () => {
    const { told, changes } = play(
      tell(5, group('a')),
      tell(8, group('a', 2)),
      correct,
      confirm(90),
      confirm(90, 80),
      undo(6),
    )
    expect(changes.slice(2)).toEqual([['a #3 corrected 8: 5x1 8x2'], [], [], []])
    const settled = [true, false].map((hasFinality) =>
      settledAlerts(told.values(), { groups: [], head: 900, hasFinality }),
    )
    expect(settled).toEqual([[], []])
  })

  test('behavior: what happens again is posted anew, without what was wrong', () => {
    const { changes } = play(tell(5, group('a')), correct, tell(9, group('a', 3)), undo(8))
    expect(changes.slice(2)).toEqual([['a #3 posted 9: 9x3'], ['a #4 retracted 9: ']])
  })
})

describe('settledAlerts', () => {
  const { told } = play(
    tell(5, group('posted'), group('final'), group('open'), group('sure')),
    (all) => confirm(17)(new Map([...all].filter(([id]) => id !== 'posted'))),
    (all) => confirm(70, 5)(new Map([...all].filter(([id]) => id === 'final' || id === 'open'))),
    tell(6, group('gone')),
    (all) => undo(5)(new Map([...all].filter(([id]) => id === 'gone'))),
  )

  test('default: what is final and whose group is closed', () => {
    const groups = [group('open', 4)]
    expect(settledAlerts(told.values(), { groups, head: 900, hasFinality: true })).toEqual([
      'final',
    ])
  })

  test('behavior: where a chain does not say what is final, what is confirmed and too deep to be undone', () => {
    const groups = [group('open', 4)]
    const settled = (head: number) =>
      settledAlerts(told.values(), { groups, head, hasFinality: false })
    expect(settled(5 + maxUndoBlocks)).toEqual(['final'])
    expect(settled(6 + maxUndoBlocks)).toEqual(['final', 'sure'])
  })
})
