import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyChange, countChange, undoOf } from '#trace/applyChange.ts'
import { openLedger } from '#trace/draft.ts'
import { followBlock } from '#trace/followBlock.ts'
import { stolenIn } from '#trace/policies.ts'
import { traceTransactions } from '#trace/traceTransactions.ts'
import type { Block, Coin, Transaction } from '#types/chain.ts'
import { type Rules, type Trail, trailPolicies } from '#types/trail.ts'

const asset = 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328/slip44:0'
const chain = 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328'
const services = new Set(['x1', 'x2'])
const rules: Rules = {
  serviceOf: (address) => (services.has(address) ? 'exchange' : null),
  isListed: () => false,
  isJudged: () => false,
  dustPerMillion: 0n,
  busyStrangers: null,
}
const source = { address: 'a0', amount: 700n, coins: [{ id: 't0:0', amount: 1_000n }] }

function openTrail(): Trail {
  const ledger = openLedger({ asset, policies: trailPolicies, sources: [source] })
  return { caseId: 'case', chain, ledgers: new Map([[asset, ledger]]) }
}

const blockOf = (number: number, transactions: Transaction[]): Block => {
  const hash = `h${number}`
  return { chain, number, hash, parentHash: `h${number - 1}`, time: number, transactions }
}

function spend(hash: string, spent: Coin[], made: [string, bigint][]): Transaction {
  const coins = made.map(([address, amount], index) => ({
    id: `${hash}:${index}`,
    address,
    amount,
  }))
  return { hash, transfers: [], coins: { asset, spent, made: coins } }
}

const first: Coin = { id: 't0:0', address: 'a0', amount: 1_000n }

/** Random spending of all coins there are: clean ones come in from nowhere. */
const plans = fc.array(
  fc.record({
    picks: fc.array(fc.nat(50), { minLength: 1, maxLength: 3 }),
    fresh: fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined }),
    payees: fc.array(fc.constantFrom('a1', 'a2', 'a3', 'a4', 'x1', 'x2'), {
      minLength: 1,
      maxLength: 4,
    }),
    cuts: fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 4, maxLength: 4 }),
    fee: fc.nat(20),
  }),
  { minLength: 1, maxLength: 25 },
)

function play(steps: typeof plans extends fc.Arbitrary<infer Plan> ? Plan : never): Transaction[] {
  let coins: Coin[] = [first]
  return steps.flatMap(({ picks, fresh, payees, cuts, fee }, step) => {
    const spent = [...new Set(picks.map((pick) => coins[pick % Math.max(coins.length, 1)]))].filter(
      (coin) => coin !== undefined,
    )
    if (fresh !== undefined) {
      spent.push({ id: `n${step}:0`, address: `n${step}`, amount: BigInt(fresh) })
    }
    const total = spent.reduce((sum, { amount }) => sum + amount, 0n)
    if (total === 0n) return []
    let left = total > BigInt(fee) ? total - BigInt(fee) : total
    const made = payees.flatMap((payee, index): [string, bigint][] => {
      const isLast = index === payees.length - 1
      const amount = isLast ? left : (left * BigInt(cuts[index] ?? 0)) / 1_000n
      left -= amount
      return amount > 0n ? [[payee, amount]] : []
    })
    const transaction = spend(`s${step}`, spent, made)
    const gone = new Set(spent.map(({ id }) => id))
    const kept = (transaction.coins?.made ?? []).filter(({ address }) => !services.has(address))
    coins = [...coins.filter(({ id }) => !gone.has(id)), ...kept]
    return [transaction]
  })
}

/** FIFO said differently: every coin is a list of satoshi stretches, stolen or not, cut off from the front. */
function fifoOracle(transactions: readonly Transaction[]): {
  held: Map<string, bigint>
  fees: bigint
} {
  type Stretch = { amount: bigint; stolen: boolean }
  const coins = new Map<string, { address: string; stretches: Stretch[] }>([
    [
      't0:0',
      {
        address: 'a0',
        stretches: [
          { amount: 700n, stolen: true },
          { amount: 300n, stolen: false },
        ],
      },
    ],
  ])
  const atServices = new Map<string, bigint>()
  let fees = 0n
  const stolen = (stretches: Stretch[]) =>
    stretches.reduce((sum, stretch) => sum + (stretch.stolen ? stretch.amount : 0n), 0n)
  for (const { coins: moved } of transactions) {
    let queue: Stretch[] = []
    for (const { id, amount } of moved?.spent ?? []) {
      queue = [...queue, ...(coins.get(id)?.stretches ?? [{ amount, stolen: false }])]
      coins.delete(id)
    }
    for (const { id, address, amount } of moved?.made ?? []) {
      const taken: Stretch[] = []
      for (let left = amount; left > 0n; ) {
        const [head, ...rest] = queue
        if (!head) break
        const part = head.amount < left ? head.amount : left
        taken.push({ ...head, amount: part })
        queue = part < head.amount ? [{ ...head, amount: head.amount - part }, ...rest] : rest
        left -= part
      }
      if (services.has(address)) {
        atServices.set(address, (atServices.get(address) ?? 0n) + stolen(taken))
      } else coins.set(id, { address, stretches: taken })
    }
    fees += stolen(queue)
  }
  const held = new Map(atServices)
  for (const { address, stretches } of coins.values()) {
    held.set(address, (held.get(address) ?? 0n) + stolen(stretches))
  }
  return { held: new Map([...held].filter(([, amount]) => amount > 0n)), fees }
}

describe('followCoins', () => {
  test('property: as an oracle of stretches says, balanced after every block, and undone exactly', () => {
    fc.assert(
      fc.property(plans, (steps) => {
        const transactions = play(steps)
        const trail = openTrail()
        const undos: ReturnType<typeof undoOf>[] = []
        const start = structuredClone(trail.ledgers)
        for (const [index, transaction] of transactions.entries()) {
          const block = blockOf(index + 1, [transaction])
          // Every address that is reached is asked for once; coins stand for themselves.
          const asked = followBlock(trail, block, { rules, balances: new Map() })
          const zeros = new Map(asked.missing.map(({ address }) => [address, 0n]))
          const change = followBlock(trail, block, { rules, balances: new Map([[asset, zeros]]) })
          expect(change.missing).toEqual([])
          undos.push(undoOf(trail, change.ledgers))
          // Throws where the books do not add up.
          applyChange(trail, countChange(trail, change.ledgers))
        }
        const ledger = trail.ledgers.get(asset)
        const { held, fees } = fifoOracle(transactions)
        const found = new Map(
          [...(ledger?.accounts.values() ?? [])].flatMap(({ address, holdings: [holding] }) => {
            const amount = holding ? stolenIn(holding) : 0n
            return amount > 0n ? [[address, amount] as const] : []
          }),
        )
        expect(found).toEqual(held)
        expect(ledger?.fees[0]).toBe(fees)
        for (const account of ledger?.accounts.values() ?? []) {
          for (const [index, holding] of account.holdings.entries()) {
            const inCoins = (account.coins ?? []).reduce(
              (sum, { holdings }) => sum + (holdings[index] ? stolenIn(holdings[index]) : 0n),
              0n,
            )
            if (account.stop === null) expect(inCoins).toBe(stolenIn(holding))
          }
        }
        for (const undo of undos.toReversed()) applyChange(trail, undo)
        expect(trail.ledgers).toEqual(start)
      }),
      { numRuns: 300 },
    )
  })

  test('behavior: the same from the store as from the file, by every rule', () => {
    const [made] = fc.sample(plans, { numRuns: 1, seed: 7 })
    const transactions = play(made ?? [])
    for (const policy of ['lifo', 'haircut', 'poison', 'fifo'] as const) {
      const { ledger } = traceTransactions(
        transactions.map((transaction, time) => ({ transaction, time })),
        { asset, policy, sources: [source], serviceOf: rules.serviceOf },
      )
      const held = [...ledger.accounts.values()].reduce(
        (sum, { holdings: [holding] }) => sum + (holding ? stolenIn(holding) : 0n),
        0n,
      )
      if (policy === 'poison') expect(held).toBeGreaterThanOrEqual(700n - (ledger.fees[0] ?? 0n))
      else expect(held + (ledger.fees[0] ?? 0n)).toBe(700n)
    }
  })

  test('behavior: where many mix their coins the trail stops, unless a person has judged', () => {
    const others = ['b1', 'b2', 'b3', 'b4'].map((address, index) => {
      return { id: `m${index}:0`, address, amount: 200_000n }
    })
    const big = { id: 't0:0', address: 'a0', amount: 300_000n }
    const made: [string, bigint][] = [
      ...['c1', 'c2', 'c3', 'c4', 'c5'].map((address): [string, bigint] => [address, 150_000n]),
      ['c6', 340_000n],
    ]
    const mixed = spend('mix', [...others, big], made)
    const trail = openTrail()
    const opened = openLedger({
      asset,
      policies: trailPolicies,
      sources: [{ address: 'a0', amount: 300_000n, coins: [big] }],
    })
    trail.ledgers.set(asset, opened)
    const change = followBlock(trail, blockOf(1, [mixed]), { rules, balances: new Map() })
    expect(change.hops).toMatchObject([{ to: 'coinjoin:mix', stop: 'mixer' }])
    const judged = { ...rules, isJudged: (address: string) => address === 'coinjoin:mix' }
    const followed = followBlock(trail, blockOf(1, [mixed]), { rules: judged, balances: new Map() })
    expect(followed.hops.every(({ stop }) => stop === null)).toBe(true)
    const asMixer = { ...judged, serviceOf: () => 'mixer' as const }
    const agreed = followBlock(trail, blockOf(1, [mixed]), { rules: asMixer, balances: new Map() })
    expect(agreed.hops).toMatchObject([{ to: 'coinjoin:mix', stop: 'mixer' }])
  })

  test('behavior: a coin older than the trail is clean, whoever holds it', () => {
    const trail = openTrail()
    const paid = spend('p', [{ id: 'old:0', address: 'a0', amount: 5_000n }], [['a1', 4_999n]])
    const change = followBlock(trail, blockOf(1, [paid]), { rules, balances: new Map() })
    expect(change.hops).toEqual([])
  })

  test('behavior: words of a bridge on a payment of the thief to themselves mint nothing', () => {
    const key = 'thorchain:d1'
    const passage = {
      ...{
        caseId: 'case',
        from: 'case',
        chain: 'eip155:1',
        block: 1,
        time: 1,
        transaction: '0xd1',
      },
      ...{ bridge: 'THORChain', key, asset: 'eth', amount: 10n, stolen: [10n, 10n, 10n], hops: 1 },
      payer: '0xa',
      ...{ to: { chain, name: 'Bitcoin', address: 'a0' }, isClaimed: false },
    }
    const trail = openTrail()
    const paid = spend('self', [first], [['a0', 990n]])
    const lied = { ...paid, settlements: [{ bridge: 'THORChain', key }] }
    const withPassage = { ...rules, passageOf: () => passage }
    const change = followBlock(trail, blockOf(1, [lied]), {
      rules: withPassage,
      balances: new Map(),
    })
    expect(change.hops).toEqual([])
    expect(change.ledgers[0]?.swappedIn).toEqual([0n, 0n, 0n])
  })

  test('behavior: a hot wallet that uses one address again is parked as anybody', () => {
    const trail = openTrail()
    const busy = { ...rules, busyStrangers: 5 }
    const apply = (number: number, transactions: Transaction[]) => {
      const block = blockOf(number, transactions)
      const asked = followBlock(trail, block, { rules: busy, balances: new Map() })
      const zeros = new Map(asked.missing.map(({ address }) => [address, 0n]))
      const options = { rules: busy, balances: new Map([[asset, zeros]]) }
      const change = followBlock(trail, block, options)
      applyChange(trail, countChange(trail, change.ledgers))
      return change
    }
    apply(1, [spend('in', [first], [['hot', 1_000n]])])
    let pot: Coin = { id: 'old:0', address: 'hot', amount: 100_000n }
    const parked = Array.from({ length: 12 }, (_, at) => {
      const next = spend(
        `out${at}`,
        [pot],
        [
          [`stranger${at}`, 100n],
          ['hot', pot.amount - 100n],
        ],
      )
      pot = { id: `out${at}:1`, address: 'hot', amount: pot.amount - 100n }
      return apply(at + 2, [next]).parked.length
    })
    expect(parked.filter((count) => count > 0)).toEqual([1])
  })
})
