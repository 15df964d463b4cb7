import { describe, expect, test } from 'vitest'
import { growGroup, openGroup } from '#alert/growGroup.ts'
import { channelsFor, silenceableOf, silencesOn } from '#alert/routeAlert.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { testAlert, testHop } from '#test/support/testAlert.ts'
import type { Route } from '#types/houseRules.ts'
import type { Signed, Silence, Subscription } from '#types/standing.ts'

const by: Signed = { account: 'terminal', name: 'Ann', organization: null, at: 0 }
const ether = 10n ** 18n

function subscription(changes: Partial<Subscription> = {}): Subscription {
  const all = { caseId: '*', topics: ['moved', 'mixer'], min: null, chain: null } as const
  return { channel: 'slack:C1', ...all, by, ...changes }
}

const told = {
  topic: 'moved',
  caseId: 'ronin',
  chain: 'eip155:1',
  hop: testHop({ stolen: [0n, 2n * ether, 0n] }),
  asset: ethereum.native,
} as const

const channels = (subscriptions: Partial<Subscription>[], changes: object = {}) =>
  channelsFor(
    { ...told, ...changes },
    { subscriptions: subscriptions.map((item) => subscription(item)), routes: [] },
  )

describe('channelsFor', () => {
  test.each<[string, Partial<Subscription>, boolean]>([
    ['every case', {}, true],
    ['this case', { caseId: 'ronin' }, true],
    ['another case', { caseId: 'bybit' }, false],
    ['this chain', { chain: 'eip155:1' }, true],
    ['another chain', { chain: 'eip155:10' }, false],
    ['other topics', { topics: ['split', 'met'] }, false],
    ['no topics', { topics: [] }, false],
    ['as much as it is by the worst policy', { min: { number: '2', symbol: 'eth' } }, true],
    ['a little more than it is', { min: { number: '2.000000000000000001', symbol: 'ETH' } }, false],
    ['much of another asset, which has no price', { min: { number: '9', symbol: 'USDC' } }, true],
  ])('a subscription to %s', (_name, changes, isTold) => {
    expect(channels([changes])).toEqual(isTold ? ['slack:C1'] : [])
  })

  test('what is no payment is never too little', () => {
    expect(channels([{ min: { number: '5', symbol: 'ETH' } }], { hop: null })).toEqual(['slack:C1'])
  })

  test('the sums of a group count like a payment', () => {
    const alert = testAlert({ amount: ether, stolen: [ether] })
    const group = growGroup(openGroup(alert), alert)
    const min = { number: '2', symbol: 'ETH' }
    expect(channels([{ min }], { hop: group })).toEqual(['slack:C1'])
    expect(channels([{ min }], { hop: alert.hop })).toEqual([])
  })

  test('the house routes too; each channel once, in order', () => {
    const route: Route = { ...subscription({ channel: 'a:9' }), form: 'short', layout: 'flat' }
    const subscriptions = ['b:2', 'a:9', 'b:1', 'b:2'].map((channel) => subscription({ channel }))
    expect(channelsFor(told, { subscriptions, routes: [route] })).toEqual(['a:9', 'b:1', 'b:2'])
    expect(channelsFor(told, { subscriptions: [], routes: [route] })).toEqual(['a:9'])
  })
})

function silence(changes: Partial<Silence> = {}): Silence {
  const all = { topic: null, address: null, path: null }
  return { id: 's1', caseId: 'ronin', ...all, until: 100, why: 'noise', by, ...changes }
}

describe('silencesOn', () => {
  const alert = {
    caseId: 'ronin',
    topic: 'moved',
    path: 'ronin:eip155:1:0xp',
    addresses: ['0xa', '0xb'],
  } as const

  test.each<[string, Partial<Silence>, boolean]>([
    ['the whole case', {}, true],
    ['another case', { caseId: 'bybit' }, false],
    ['its topic', { topic: 'moved' }, true],
    ['another topic', { topic: 'mixer' }, false],
    ['its payee', { address: '0xb' }, true],
    ['another address', { address: '0xc' }, false],
    ['its path', { path: 'ronin:eip155:1:0xp' }, true],
    ['another path', { path: 'ronin:eip155:1:0xq' }, false],
    ['its topic at another address', { topic: 'moved', address: '0xc' }, false],
    ['what is over', { until: 50 }, false],
    ['what ends in a second', { until: 51 }, true],
  ])('a silence of %s', (_name, changes, isSilent) => {
    expect(silencesOn(alert, [silence(changes)], 50).map(({ id }) => id)).toEqual(
      isSilent ? ['s1'] : [],
    )
  })
})

describe('silenceableOf', () => {
  const payment = (to: string) => testAlert({ from: '0xa', to, path: '0xp' })

  test('default: the parties and the path of an alert', () => {
    expect(silenceableOf(openGroup(payment('0xb')))).toEqual({
      ...{ caseId: 'test', topic: 'moved', path: 'test:eip155:1:0xp', addresses: ['0xa', '0xb'] },
    })
  })

  test('behavior: of a grown one only who is party to both ends of it', () => {
    const group = growGroup(openGroup(payment('0xb')), payment('0xc'))
    expect(silenceableOf(group).addresses).toEqual(['0xa'])
  })

  test('behavior: a card of many is about no path and no party but its service', () => {
    const ofMany = (name: string, kind: 'moved' | 'reached') => {
      const alert = testAlert({ kind, from: '0xa', to: '0xmixer', path: '0xp' })
      const first = openGroup({ ...alert, path: `test:eip155:1:* ${name}` }, alert)
      return { first, grown: growGroup(first, alert) }
    }
    const moving = ofMany('moving', 'moved')
    expect(silenceableOf(moving.first)).toMatchObject({ path: 'test:eip155:1:0xp' })
    expect(silenceableOf(moving.grown)).toMatchObject({
      ...{ path: 'test:eip155:1:* moving', addresses: [] },
    })
    const service = ofMany('service 0xmixer', 'reached')
    expect(silenceableOf(service.grown)).toMatchObject({ topic: 'mixer', addresses: ['0xmixer'] })
    expect(silenceableOf(ofMany('services', 'reached').grown).addresses).toEqual([])
  })

  test('behavior: a burst is no party’s', () => {
    const burst = openGroup({ ...testAlert({ kind: 'burst' }), path: 'test:eip155:1:burst' })
    expect(silenceableOf(burst)).toMatchObject({ topic: 'burst', addresses: [] })
  })
})
