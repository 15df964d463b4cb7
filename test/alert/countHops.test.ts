import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countHops, noHops } from '#alert/countHops.ts'
import { testHop } from '#test/support/testAlert.ts'
import type { Hop, Stop } from '#types/trail.ts'

const arbitraryHops = fc.array(
  fc
    .record({
      stop: fc.constantFrom<Stop | null>(null, 'mixer', 'busy'),
      to: fc.constantFrom('0xa', '0xb', '0xc'),
      asset: fc.constantFrom('eth', 'usd'),
      stolen: fc.array(fc.bigInt(0n, 9n), { minLength: 3, maxLength: 3 }),
      block: fc.nat(3),
      position: fc.nat(999).map((index) => `l${index}`),
    })
    .map((changes): Hop => testHop(changes)),
  { maxLength: 40 },
)

describe('countHops', () => {
  test('behavior: counts agree to the hop and to the base unit, however the hops are paged', () => {
    fc.assert(
      fc.property(arbitraryHops, fc.integer({ min: 1, max: 40 }), (hops, size) => {
        let summary = noHops
        for (let start = 0; start < hops.length; start += size)
          summary = countHops(summary, hops.slice(start, start + size))
        const destinations = [...summary.destinations.values()]
        expect(summary.hops).toBe(hops.length)
        expect(destinations.reduce((sum, { payments }) => sum + payments, 0)).toBe(hops.length)
        for (const [index, asset] of ['eth', 'usd'].flatMap((id) =>
          [0, 1, 2].map((i) => [i, id] as const),
        )) {
          const sum = (items: readonly { asset: string; stolen: bigint[] }[]) =>
            items
              .filter((item) => item.asset === asset)
              .reduce((all, { stolen }) => all + (stolen[index] ?? 0n), 0n)
          expect(sum(destinations)).toBe(sum(hops))
        }
        expect(summary).toEqual(countHops(noHops, hops))
      }),
    )
  })

  test('behavior: keeps the five largest arrivals of each asset, by the worst policy, and no movement', () => {
    const arrival = (most: bigint, asset = 'eth') =>
      testHop({ stop: 'mixer', asset, stolen: [0n, most, 0n], position: `l${most}` })
    const hops = [
      ...[3n, 9n, 1n, 7n, 5n, 2n].map((most) => arrival(most)),
      arrival(1n, 'usd'),
      testHop({ asset: 'eth', stolen: [99n, 99n, 99n] }),
    ]
    const { largest } = countHops(noHops, hops)
    const shown = [...largest].map(([asset, all]) => [asset, all.map(({ stolen }) => stolen[1])])
    expect(shown).toEqual([
      ['eth', [9n, 7n, 5n, 3n, 2n]],
      ['usd', [1n]],
    ])
  })

  test('behavior: what was counted before stays as it was', () => {
    const before = countHops(noHops, [testHop({ stop: 'mixer' })])
    const copy = structuredClone(before)
    countHops(before, [testHop({ stop: 'mixer' }), testHop()])
    expect(before).toEqual(copy)
    expect(noHops.destinations.size).toBe(0)
  })
})
