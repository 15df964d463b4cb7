import { describe, expect, test } from 'vitest'
import { applyChange, countChange } from '#trace/applyChange.ts'
import { openLedger } from '#trace/draft.ts'
import { followBlock } from '#trace/followBlock.ts'
import type { Crossing, Settlement, Transaction, Transfer } from '#types/chain.ts'
import type { Passage } from '#types/passage.ts'
import { type Rules, type Trail, trailPolicies } from '#types/trail.ts'

const chain = 'eip155:1'
const eth = `${chain}/slip44:60`
const usdc = `${chain}/erc20:0x${'5'.repeat(40)}`
const at = (digit: string) => `0x${digit.repeat(40)}`
const [thief, innocent, fresh, bridge, other, vault, pool] = [
  'a',
  'd',
  'e',
  'b',
  '9',
  '5',
  'c',
].map(at) as [string, string, string, string, string, string, string]
const bridges = new Set([bridge, other])
const rules: Rules = {
  serviceOf: (address) => (bridges.has(address) ? 'bridge' : null),
  isListed: (address) => bridges.has(address),
  isJudged: () => false,
  dustPerMillion: 0n,
  busyStrangers: null,
}
const balances = new Map(
  [eth, usdc].map((asset) => [
    asset,
    new Map('0123456789abcdef'.split('').map((digit) => [at(digit), 0n])),
  ]),
)
const pay = (from: string, to: string, amount: bigint, asset = eth): Transfer => ({
  ...{ position: `${from}${to}${amount}`, from, to, amount, asset },
})

function openTrail(asset: string, amount: bigint): Trail {
  const sources = amount > 0n ? [{ address: thief, amount }] : []
  const ledger = openLedger({ asset, policies: trailPolicies, sources })
  return { caseId: 'acme', chain, ledgers: new Map([[asset, ledger]]) } as unknown as Trail
}

function follow(trail: Trail, transaction: Partial<Transaction>, more: Partial<Rules> = {}) {
  const number = 5
  const block = { chain, number, hash: 'h5', parentHash: 'h4', time: 1_000 }
  const transactions = [{ hash: '0xt', transfers: [], ...transaction }]
  const given = { rules: { ...rules, ...more }, balances }
  return followBlock(trail, { ...block, transactions }, given)
}

const crossing = (more: Partial<Crossing>): Crossing => ({
  ...{ bridge: 'Across', by: bridge, chain: 'eip155:8453', address: innocent },
  ...{ isClaimed: false, key: 'k', ...more },
})

const passage: Passage = {
  ...{ caseId: 'acme', from: 'acme', chain: 'eip155:8453', block: 1, time: 900 },
  ...{ transaction: '0xs', payer: thief, bridge: 'Across', key: 'k', asset: 'x', amount: 400n },
  ...{ stolen: [400n, 400n, 400n], hops: 1, isClaimed: false },
  to: { chain, name: 'Ethereum', address: innocent },
}
const settled = (more: Partial<Settlement>) => ({
  settlements: [{ bridge: 'Across', key: 'k', ...more } as Settlement],
})
const hopsOf = (transaction: Partial<Transaction>, given: Passage = passage) =>
  follow(openTrail(eth, 0n), transaction, {
    passageOf: (key) => (key === 'k' ? given : undefined),
  }).hops.map(({ to, amount }) => [to, amount])

describe('what goes into a bridge', () => {
  test('a swap straight into it goes on', () => {
    const { hops } = follow(openTrail(eth, 100n), {
      fee: { from: thief, asset: eth, amount: 0n },
      emitters: [pool, bridge],
      crossings: [crossing({ asset: usdc, amount: 300n })],
      transfers: [
        ...[pay(thief, at('7'), 100n), pay(at('7'), pool, 100n)],
        ...[pay(pool, at('7'), 300n, usdc), pay(at('7'), bridge, 300n, usdc)],
      ],
    })
    expect(hops).toMatchObject([{ to: bridge, asset: usdc, crossing: { address: innocent } }])
  })

  test('a vault that a router sends it to is no thief, and its customers are none', () => {
    const trail = openTrail(usdc, 100n)
    const crossings = [crossing({ asset: usdc, amount: 100n, vault })]
    const change = follow(trail, { crossings, transfers: [pay(thief, vault, 100n, usdc)] })
    expect(change.hops).toMatchObject([{ to: vault, stop: 'bridge', crossing: { key: 'k' } }])
    applyChange(trail, countChange(trail, change.ledgers))
    expect(follow(trail, { transfers: [pay(vault, innocent, 40n, usdc)] }).hops).toEqual([])
    // Somebody on the trail is no vault, whatever the router says.
    const own = openTrail(usdc, 100n)
    const known = follow(own, { transfers: [pay(thief, fresh, 10n, usdc)] })
    applyChange(own, countChange(own, known.ledgers))
    const said = [crossing({ asset: usdc, amount: 90n, vault: fresh })]
    expect(
      follow(own, { crossings: said, transfers: [pay(thief, fresh, 90n, usdc)] }).hops,
    ).toMatchObject([{ to: fresh, stop: null }])
  })

  test('a decoy deposit gives its goal to no payment to another bridge', () => {
    const { hops } = follow(openTrail(eth, 1_001n), {
      crossings: [crossing({ asset: eth, amount: 1n })],
      transfers: [pay(thief, other, 1_000n), pay(thief, bridge, 1n)],
    })
    expect(hops.map((hop) => hop.crossing?.key)).toEqual([undefined, 'k'])
  })
})

describe('what comes out of a bridge', () => {
  test('only what the bridge says that it pays, and no more of it', () => {
    const reward = pay(at('8'), innocent, 500_000n)
    const fill = pay(other, innocent, 1n)
    const transfers = [reward, fill, { ...fill, position: 'again' }]
    const terms = settled({ payee: innocent, asset: eth, amount: 1n })
    expect(hopsOf({ ...terms, transfers })).toEqual([[innocent, 1n]])
    expect(hopsOf({ ...settled({ payee: innocent, asset: usdc, amount: 1n }), transfers })).toEqual(
      [],
    )
    // In parts, up to what it says.
    const parts = [pay(other, innocent, 3n), pay(at('8'), innocent, 4n), pay(at('7'), innocent, 2n)]
    expect(hopsOf({ ...settled({ payee: innocent, amount: 5n }), transfers: parts })).toEqual([
      ...[
        [innocent, 3n],
        [innocent, 2n],
      ],
    ])
  })

  test('where its contract has another payee than was named, that one; nobody else’s word does', () => {
    const transfers = [pay(bridge, fresh, 9n)]
    expect(hopsOf({ ...settled({ payee: fresh, named: innocent }), transfers })).toEqual([
      [fresh, 9n],
    ])
    expect(hopsOf({ ...settled({ payee: fresh, named: null }), transfers })).toEqual([[fresh, 9n]])
    expect(hopsOf({ ...settled({ payee: fresh }), transfers })).toEqual([])
    expect(hopsOf({ ...settled({ payee: fresh, named: other }), transfers })).toEqual([])
  })

  test('of a packet and of what it pays the one that says more', () => {
    const settlements = [
      { bridge: 'LayerZero', key: 'k' },
      { bridge: 'Stargate', key: 'k', payee: innocent, amount: 9n },
    ]
    const transfers = [pay(bridge, innocent, 9n), pay(other, innocent, 8n)]
    expect(hopsOf({ settlements, transfers })).toEqual([[innocent, 9n]])
  })

  test('nothing comes out before it went in', () => {
    const transfers = [pay(bridge, innocent, 9n)]
    const told = { ...settled({}), transfers }
    expect(hopsOf(told, { ...passage, time: 1_060 })).toHaveLength(1)
    expect(hopsOf(told, { ...passage, time: 1_061 })).toEqual([])
    expect(hopsOf(told, { ...passage, chain: 'bip122:0', time: 8_200 })).toHaveLength(1)
    expect(hopsOf(told, { ...passage, chain: 'bip122:0', time: 8_201 })).toEqual([])
    expect(hopsOf(told, { ...passage, chain, block: 5 })).toEqual([])
    expect(hopsOf(told, { ...passage, chain, block: 4 })).toHaveLength(1)
  })
})
