import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeedSettings } from '#types/feed.ts'
import type { Label } from '#types/label.ts'
import type { Flag } from '#types/standing.ts'
import { indexLabels, serviceOf } from '#utils/indexLabels.ts'
import { layerLabels } from '#utils/layerLabels.ts'

const addresses = ['0xa', '0xb', '0xc', '0xd']
const address = fc.constantFrom(...addresses)
const kind = fc.constantFrom('exchange', 'mixer', 'thief', 'other')
const confidence = fc.constantFrom(0.3, 0.6, 0.9)

const arbitraryLabel: fc.Arbitrary<Label> = fc.record({
  address,
  kind,
  confidence,
  name: fc.constantFrom('x', 'y'),
  source: fc.constant('a list'),
  date: fc.constant('2024-01-01'),
  isStale: fc.boolean(),
})

const by = { account: 'slack:U1', name: 'Ann', organization: 'acme', at: 1_700_000_000 }
const arbitraryFlag = fc.record({
  id: fc.uuid(),
  address,
  kind: kind as fc.Arbitrary<Flag['kind']>,
  confidence,
  name: fc.constant('F'),
  note: fc.constant(''),
  by: fc.nat(3).map((at) => ({ ...by, at: by.at + at })),
  withdrawn: fc.boolean().map((isWithdrawn) => (isWithdrawn ? { by, note: '' } : null)),
})

const settings: FeedSettings = {
  name: 'feed',
  from: { file: 'x' },
  format: 'ofac',
  kind: 'sanctioned',
  source: 'a feed',
  confidence: 0.7,
  staleAfterDays: 1,
  schedule: '',
  incident: null,
}
const arbitraryRows = fc.array(fc.record({ address, kind, name: fc.constant('R') }), {
  maxLength: 4,
})

describe('layerLabels', () => {
  test('behavior: flags that stand come first, the surest and newest of them, then lists and feeds as ever', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryLabel),
        fc.array(arbitraryFlag),
        arbitraryRows,
        (lists, flags, rows) => {
          const feed = {
            name: 'feed',
            accepted: { fetchedAt: 1_700_000_000, rows },
            proposed: null,
          }
          const labels = layerLabels(indexLabels(lists), {
            flags,
            feeds: [{ settings, feed, isStale: true }],
          })
          for (const at of addresses) {
            const standing = flags.filter((flag) => flag.address === at && !flag.withdrawn)
            const best = standing.toSorted(
              (x, y) => y.confidence - x.confidence || y.by.at - x.by.at || (x.id < y.id ? -1 : 1),
            )
            const fed = rows
              .filter((row) => row.address === at)
              .map((row) => ({
                ...row,
                source: 'a feed',
                date: '2023-11-14',
                confidence: 0.7,
                isStale: true,
              }))
            const rest =
              indexLabels([...lists.filter((label) => label.address === at), ...fed]).get(at) ?? []
            const all = labels.get(at) ?? []
            expect(
              all
                .slice(0, best.length)
                .map((label) => [label.kind, label.confidence, label.source]),
            ).toEqual(best.map((flag) => [flag.kind, flag.confidence, 'flagged by Ann (acme)']))
            expect(all.slice(best.length)).toEqual(rest)
            expect(labels.isJudged(at)).toBe(best.length > 0)
          }
        },
      ),
    )
  })

  test('behavior: a person over a list of exchanges means no service, and taken back it is one again', () => {
    const lists = indexLabels([
      {
        address: '0xa',
        name: 'X',
        kind: 'exchange',
        source: 'l',
        date: '',
        confidence: 1,
        isStale: false,
      },
    ])
    const flag: Flag = {
      ...{ id: '1', address: '0xa', kind: 'person', name: '', note: '', confidence: 0.5, by },
      withdrawn: null,
    }
    const labels = layerLabels(lists, { flags: [flag], feeds: [] })
    expect(serviceOf(labels, '0xa')).toBe(null)
    labels.replace({ flags: [{ ...flag, withdrawn: { by, note: '' } }], feeds: [] })
    expect(serviceOf(labels, '0xa')).toBe('exchange')
    expect(labels.version).toBe(1)
    expect(labels.get('0xa')).toBe(lists.get('0xa'))
  })
})
