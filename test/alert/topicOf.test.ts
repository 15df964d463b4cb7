import { describe, expect, test } from 'vitest'
import { topicOf } from '#alert/topicOf.ts'
import { testHop } from '#test/support/testAlert.ts'
import type { AlertKind } from '#types/alert.ts'
import { serviceKinds } from '#types/label.ts'
import type { Stop } from '#types/trail.ts'

describe('topicOf', () => {
  test.each<[AlertKind, string]>([
    ['moved', 'moved'],
    ['split', 'split'],
    ['merged', 'merged'],
    ['returned', 'returned'],
    ['woke', 'woke'],
    ['met', 'met'],
    ['burst', 'burst'],
    ['parked', 'busy'],
  ])('%s belongs to %s', (kind, topic) => {
    expect(topicOf({ kind, hop: kind === 'parked' ? null : testHop() })).toBe(topic)
  })

  test('what reached a service belongs to its kind', () => {
    const stops: Stop[] = [...serviceKinds, 'busy']
    const topics = stops.map((stop) => topicOf({ kind: 'reached', hop: testHop({ stop }) }))
    expect(topics).toEqual([
      ...['exchange', 'mixer', 'bridge', 'dex', 'issuer', 'service', 'returned', 'service', 'busy'],
    ])
  })
})
