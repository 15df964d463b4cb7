import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainRules } from '#test/support/plainRules.ts'
import { applyChange, countChange, undoOf } from '#trace/applyChange.ts'
import { openLedger } from '#trace/draft.ts'
import { findTrades } from '#trace/findTrades.ts'
import { followBlock } from '#trace/followBlock.ts'
import { totalsOf } from '#trace/totals.ts'
import type { Block, Transaction, Transfer } from '#types/chain.ts'
import { type Rules, type Trail, trailPolicies } from '#types/trail.ts'

const chain = 'eip155:1'
const eth = `${chain}/slip44:60`
const usd = `${chain}/erc20:0x${'d'.repeat(40)}`
const staked = `${chain}/erc20:0x${'5'.repeat(40)}`
const junk = `${chain}/erc20:0x${'e'.repeat(40)}`
const at = (digit: string) => `0x${digit.repeat(40)}`
const [thief, mule, friend, other] = ['a', 'b', 'c', '9'].map(at) as [
  string,
  string,
  string,
  string,
]
const [pool, pool2, router] = ['1', '2', '3'].map(at) as [string, string, string]
const nobody = at('0')

/** `from asset amount to`, in order. */
function transaction(
  moves: readonly (readonly [string, string, bigint, string])[],
  { signer = thief, called }: { signer?: string; called?: string } = {},
): Transaction {
  return {
    hash: 'swap',
    transfers: moves.map(
      ([from, asset, amount, to], place): Transfer => ({
        ...{ position: `l${place}`, from, asset, amount, to },
        ...(asset === junk && { isUnlisted: true }),
      }),
    ),
    fee: { from: signer, asset: eth, amount: 0n },
    emitters: [pool, pool2, router, at('5')],
    ...(called !== undefined && { called }),
  }
}

const followed = new Set([thief])
const split = (given: Transaction, more: Partial<Rules> = {}) =>
  findTrades(given, {
    isFollowed: (_asset, address) => followed.has(address),
    rules: { ...plainRules, ...more },
  })

describe('findTrades', () => {
  test('a swap through a router: what came out goes to whom it came', () => {
    const { transfers, trades } = split(
      transaction([
        [thief, eth, 100n, router],
        [router, eth, 100n, pool],
        [pool, usd, 250n, thief],
      ]),
    )
    expect(transfers).toEqual([])
    expect(trades).toEqual([
      {
        ...{ payer: thief, asset: eth, amount: 100n },
        got: [{ to: thief, asset: usd, amount: 250n, position: 'l2' }],
      },
    ])
  })

  test('through a token that nobody has listed, to two recipients', () => {
    const { trades } = split(
      transaction([
        [thief, eth, 100n, pool],
        [pool, junk, 7n, pool2],
        [pool2, usd, 240n, mule],
        [pool2, usd, 10n, friend],
      ]),
    )
    expect(trades[0]?.got.map(({ to, amount }) => [to, amount])).toEqual([
      [mule, 240n],
      [friend, 10n],
    ])
  })

  test('a token made or redeemed, also where others take and pay out for its contract', () => {
    const manager = at('7')
    const issuerOf = (address: string) => (address === manager ? at('5') : undefined)
    const made = split(
      transaction([
        [thief, eth, 100n, manager],
        [nobody, staked, 90n, thief],
      ]),
      { issuerOf },
    )
    expect(made.trades[0]?.got.map(({ asset, amount }) => [asset, amount])).toEqual([[staked, 90n]])
    const redeemed = split(
      transaction([
        [thief, staked, 90n, nobody],
        [manager, eth, 99n, thief],
      ]),
      { issuerOf },
    )
    expect(redeemed.trades[0]?.got.map(({ asset, amount }) => [asset, amount])).toEqual([
      [eth, 99n],
    ])
  })

  test('two people who exchange a fortune for a coin are no pool', () => {
    const given = transaction([
      [thief, eth, 1_000n, mule],
      [mule, usd, 1n, thief],
    ])
    expect(split(given)).toEqual({ transfers: given.transfers, trades: [] })
  })

  test('a payment beside a swap stays a payment', () => {
    const { transfers, trades } = split(
      transaction([
        [thief, eth, 60n, pool],
        [pool, usd, 150n, thief],
        [thief, eth, 40n, friend],
      ]),
    )
    expect(trades.map(({ amount }) => amount)).toEqual([60n])
    expect(transfers).toEqual([
      { position: 'l2', from: thief, to: friend, asset: eth, amount: 40n },
    ])
  })

  test('two assets paid at once are no swap, nor is a worthless token that comes along', () => {
    for (const moves of [
      [
        [thief, eth, 60n, mule],
        [thief, usd, 40n, friend],
      ],
      [
        [thief, eth, 60n, mule],
        [other, junk, 40n, thief],
      ],
      [
        [thief, eth, 60n, mule],
        [other, usd, 1n, thief],
      ],
      [
        [thief, eth, 60n, mule],
        [mule, junk, 40n, thief],
      ],
    ] as const) {
      const given = transaction(moves)
      expect(split(given)).toEqual({ transfers: given.transfers, trades: [] })
    }
  })

  test('of a batch that a solver signs only what comes back to the payer is theirs', () => {
    const batch = transaction(
      [
        [thief, eth, 100n, router],
        [other, eth, 50n, router],
        [router, eth, 150n, pool],
        [pool, usd, 375n, router],
        [router, usd, 250n, thief],
        [router, usd, 125n, other],
      ],
      { signer: at('8') },
    )
    const { trades, transfers } = split(batch)
    expect(trades).toEqual([
      {
        ...{ payer: thief, asset: eth, amount: 100n },
        got: [{ to: thief, asset: usd, amount: 250n, position: 'l4' }],
      },
    ])
    expect(transfers).toEqual([
      { position: 'l2', from: other, to: pool, asset: eth, amount: 50n },
      { position: 'l5', from: pool, to: other, asset: usd, amount: 125n },
    ])
    // Where it comes back to somebody else, nobody can tell whose it is.
    const away = transaction(
      [
        [thief, eth, 100n, pool],
        [pool, usd, 250n, friend],
      ],
      { signer: at('8') },
    )
    expect(split(away).trades).toEqual([])
    expect(split({ ...away, called: thief }).trades.length).toBe(1)
  })

  test('what a mixer or a bridge gives a receipt for is no swap', () => {
    const given = transaction([
      [thief, eth, 100n, pool],
      [pool, usd, 100n, thief],
    ])
    for (const kind of ['mixer', 'bridge', 'exchange'] as const) {
      expect(split(given, { serviceOf: (it) => (it === pool ? kind : null) }).trades).toEqual([])
    }
    expect(split(given, { serviceOf: (it) => (it === pool ? 'dex' : null) }).trades.length).toBe(1)
  })
})

describe('followBlock over swaps', () => {
  const people = [thief, mule, friend, other]
  const move = fc.record({
    kind: fc.constantFrom('pay', 'swap', 'swap for', 'batch', 'make'),
    from: fc.constantFrom(...people),
    to: fc.constantFrom(...people),
    asset: fc.constantFrom(eth, usd),
    amount: fc.bigInt({ min: 1n, max: 1_000n }),
    rate: fc.integer({ min: 1, max: 40 }),
  })
  type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never

  function toMoves({ kind, from, to, asset, amount, rate }: Move) {
    const into = asset === eth ? usd : eth
    const out = (amount * BigInt(rate)) / 10n + 1n
    switch (kind) {
      case 'pay':
        return [[from, asset, amount, to] as const]
      case 'make':
        return [[from, asset, amount, at('5')] as const, [nobody, staked, out, to] as const]
      case 'batch':
        return [
          [from, asset, amount, router] as const,
          [to, asset, amount, router] as const,
          [router, asset, amount * 2n, pool] as const,
          [pool, into, out * 2n, router] as const,
          [router, into, out, from] as const,
          [router, into, out, to] as const,
        ]
      default:
        return [
          [from, asset, amount, router] as const,
          [router, asset, amount, pool] as const,
          [pool, junk, 1n, pool2] as const,
          [pool2, into, out, kind === 'swap' ? from : to] as const,
          [from, asset, 1n, friend] as const,
        ]
    }
  }

  /** Balances as the chain has them; nobody pays what they do not have. */
  function createWorld() {
    const balances = new Map<string, bigint>()
    const key = (asset: string, address: string) => `${asset} ${address}`
    const read = (asset: string, address: string) => balances.get(key(asset, address)) ?? 0n
    for (const rich of [pool, pool2, router, nobody, at('5')]) {
      for (const asset of [eth, usd, staked, junk]) balances.set(key(asset, rich), 10n ** 12n)
    }
    return {
      read,
      add: (asset: string, address: string, amount: bigint) =>
        void balances.set(key(asset, address), read(asset, address) + amount),
      can(moves: readonly (readonly [string, string, bigint, string])[]): boolean {
        const left = new Map(balances)
        return moves.every(([from, asset, amount, to]) => {
          const have = left.get(key(asset, from)) ?? 0n
          if (have < amount) return false
          left.set(key(asset, from), have - amount)
          left.set(key(asset, to), (left.get(key(asset, to)) ?? 0n) + amount)
          return true
        })
      },
    }
  }

  test('property: every asset balances after every block, known balances are those of the chain, and undoing is exact', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(move, fc.constantFrom(thief, other, at('8'))), { maxLength: 25 }),
        (steps) => {
          const sources = [{ address: thief, amount: 3_000n }]
          const trail: Trail = {
            caseId: 'test',
            chain,
            ledgers: new Map([
              [eth, openLedger({ asset: eth, policies: trailPolicies, sources, time: 0 })],
            ]),
          }
          const world = createWorld()
          world.add(eth, thief, 3_000n)
          for (const each of people) world.add(usd, each, 500n)
          let number = 0
          for (const [step, signer] of steps) {
            const moves = toMoves(step)
            if (!world.can(moves)) continue
            number += 1
            const block: Block = {
              ...{ chain, number, hash: `${number}`, parentHash: '', time: number },
              transactions: [{ ...transaction(moves, { signer }), hash: `${number}` }],
            }
            const balances = new Map<string, Map<string, bigint>>()
            let change = followBlock(trail, block, { rules: plainRules, balances })
            while (change.missing.length > 0) {
              for (const { asset, address } of change.missing) {
                const known = balances.get(asset) ?? new Map<string, bigint>()
                balances.set(asset, known)
                known.set(address, world.read(asset, address))
              }
              change = followBlock(trail, block, { rules: plainRules, balances })
            }
            const before = JSON.stringify([...trail.ledgers].map(show))
            const undo = undoOf(trail, change.ledgers)
            const saved = countChange(trail, change.ledgers)
            applyChange(trail, saved)
            applyChange(trail, undo)
            expect(JSON.stringify([...trail.ledgers].filter(isUsed).map(show))).toBe(before)
            applyChange(trail, saved)
            for (const [from, asset, amount, to] of moves) {
              world.add(asset, from, -amount)
              world.add(asset, to, amount)
            }
            for (const [asset, ledger] of trail.ledgers) {
              for (const index of trailPolicies.keys()) {
                const sums = totalsOf(ledger, index)
                expect(sums.held + sums.fees + sums.dropped + sums.swappedOut).toBe(
                  sums.stolen + sums.swappedIn,
                )
              }
              for (const { address, received, paid } of ledger.accounts.values()) {
                if (!people.includes(address)) continue
                expect([asset, address, received - paid]).toEqual([
                  asset,
                  address,
                  world.read(asset, address),
                ])
              }
            }
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  const isUsed = ([, { accounts, stolen }]: [
    string,
    { accounts: Map<string, unknown>; stolen: bigint },
  ]) => accounts.size > 0 || stolen > 0n
  const show = ([asset, ledger]: [string, object]) => [
    asset,
    JSON.stringify(ledger, (_key, value) =>
      typeof value === 'bigint' ? `${value}n` : value instanceof Map ? [...value] : value,
    ),
  ]
})
