import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withoutConduits } from '#trace/conduits.ts'
import type { Transfer } from '#types/chain.ts'
import type { ServiceKind } from '#types/label.ts'
import type { Rules } from '#types/trail.ts'

const services = new Map<string, ServiceKind>([
  ['router', 'dex'],
  ['bridge', 'bridge'],
  ['shop', 'exchange'],
])
const rules: Rules = {
  serviceOf: (address) => services.get(address) ?? null,
  isListed: () => false,
  isJudged: (address) => address === 'judged',
  dustPerMillion: 0n,
  busyStrangers: null,
}
const isFollowed = (_: string, address: string) => ['thief', 'other'].includes(address)
let count = 0
const pay = (from: string, to: string, amount: bigint, asset = 'eth'): Transfer => {
  count += 1
  return { position: `i${count}`, from, to, asset, amount }
}
const show = (transfers: readonly Transfer[]) =>
  transfers.map(({ from, to, amount, asset }) => `${from} ${to} ${amount} ${asset}`)
const left = (
  transfers: Transfer[],
  crossings: Parameters<typeof withoutConduits>[1]['crossings'] = [],
) => show(withoutConduits(transfers, { isFollowed, rules, crossings }))

describe('withoutConduits', () => {
  test('behavior: what comes back at once was never the service’s', () => {
    expect(left([pay('thief', 'bridge', 10n), pay('bridge', 'thief', 4n)])).toEqual([
      'thief bridge 6 eth',
    ])
    expect(left([pay('thief', 'bridge', 10n), pay('bridge', 'thief', 10n)])).toEqual([])
    // What came before it is another matter.
    const before = [pay('bridge', 'thief', 4n), pay('thief', 'bridge', 10n)]
    expect(left(before)).toEqual(show(before))
  })

  test('behavior: a DEX that keeps nothing only stands between', () => {
    const paid = [pay('thief', 'router', 10n), pay('router', 'x', 7n), pay('router', 'y', 3n)]
    expect(left(paid)).toEqual(['thief x 7 eth', 'thief y 3 eth'])
    const both = [
      ...[pay('thief', 'router', 10n), pay('stranger', 'router', 5n)],
      ...[pay('router', 'x', 12n), pay('router', 'y', 3n)],
    ]
    expect(left(both)).toEqual(['thief x 10 eth', 'stranger x 2 eth', 'stranger y 3 eth'])
  })

  test('behavior: whoever keeps some, or keeps money of many, is a service', () => {
    const kept = [pay('thief', 'router', 10n), pay('router', 'x', 7n)]
    expect(left(kept)).toEqual(show(kept))
    const swept = [pay('thief', 'shop', 10n), pay('shop', 'cold', 10n)]
    expect(left(swept)).toEqual(show(swept))
    const strange = [pay('stranger', 'router', 10n), pay('router', 'x', 10n)]
    expect(left(strange)).toEqual(show(strange))
  })

  test('behavior: a vault that is on the trail, or that a person has judged, is none', () => {
    const about = { bridge: 'THORChain', by: 'bridge', chain: 'Bitcoin', address: 'bc1' }
    const crossing = { ...about, isClaimed: false, asset: 'eth', amount: 10n }
    for (const vault of ['other', 'judged']) {
      const paid = [pay('thief', 'bridge', 10n), pay('bridge', vault, 10n)]
      expect(left(paid, [{ ...crossing, vault }])).toEqual([`thief ${vault} 10 eth`])
    }
    const honest = [pay('thief', 'bridge', 10n), pay('bridge', 'asgard', 10n)]
    expect(left(honest, [{ ...crossing, vault: 'asgard' }])).toEqual(show(honest))
  })

  test('property: nobody gains or loses by it', () => {
    const parties = fc.constantFrom('thief', 'other', 'router', 'bridge', 'shop', 'x')
    const transfers = fc.array(
      fc.record({
        from: parties,
        to: parties,
        amount: fc.bigInt({ min: 0n, max: 9n }),
        asset: fc.constantFrom('eth', 'usdc'),
      }),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(transfers, (given) => {
        const before = given.map((each, place) => ({ ...each, position: `i${place}` }))
        const after = withoutConduits(before, { isFollowed, rules })
        expect(netsOf(after)).toEqual(netsOf(before))
        expect(after.every(({ amount }) => amount >= 0n)).toBe(true)
        const places = after.map(({ position }) => position)
        expect(new Set(places).size).toBe(places.length)
      }),
      { numRuns: 500 },
    )
  })
})

function netsOf(transfers: readonly Transfer[]): Record<string, bigint> {
  const nets: Record<string, bigint> = {}
  for (const { from, to, asset, amount } of transfers) {
    nets[`${from} ${asset}`] = (nets[`${from} ${asset}`] ?? 0n) - amount
    nets[`${to} ${asset}`] = (nets[`${to} ${asset}`] ?? 0n) + amount
  }
  return Object.fromEntries(
    Object.entries(nets)
      .filter(([, net]) => net !== 0n)
      .sort(),
  )
}
