import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { commands } from '#commands/index.ts'
import { bitcoin } from '#config/chains/bitcoin.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { runLegs } from '#src/case/openLegs.ts'
import type { Context } from '#src/context.ts'
import { createDesk } from '#src/createDesk.ts'
import { createFollower } from '#src/createFollower.ts'
import { runRetraces } from '#src/retrace/runRetraces.ts'
import { runCommand } from '#src/runCommand.ts'
import { createBridgeAsker } from '#src/upkeep/askBridges.ts'
import { createMovingChain } from '#test/support/movingChain.ts'
import { createTestContext } from '#test/support/testContext.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Case } from '#types/case.ts'
import type { Coin, Crossing, Transaction } from '#types/chain.ts'
import { indexLabels } from '#utils/indexLabels.ts'

const eth = ethereum.native.id
const btc = bitcoin.native.id
const of = (digit: string) => `0x${digit.repeat(40)}`
const [thief, bridge, home, away] = [of('a'), of('b'), of('c'), of('d')]
/** An address as BIP-173 has it. */
const goal = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'
const shop = '1BoatSLRHtKNngkdXEeobR76b53LETtpyT'
const theft: Case = {
  id: 'acme',
  name: 'Acme',
  chain: ethereum.id,
  stolenAt: 1_000_000,
  followAfter: 0,
  assets: [ethereum.native],
  sources: [{ address: thief, asset: eth, amount: 1_000n }],
  published: [],
}
const flip = of('7')
const label = { source: 'test', date: '', confidence: 1, isStale: false }
const labels = indexLabels([
  { ...label, address: bridge, name: 'Router', kind: 'bridge' },
  { ...label, address: flip, name: 'Chainflip: Vault', kind: 'bridge' },
  { ...label, address: shop, name: 'Shop', kind: 'exchange' },
])

type Step =
  | { what: 'pay'; to: string; amount: number }
  | { what: 'deposit'; amount: number }
  | { what: 'settle'; of: number; amount: number; lies: boolean }
  | { what: 'spend'; of: number; toShop: boolean }
  | { what: 'back'; of: number }
  | { what: 'home'; of: number; amount: number }
  | { what: 'refund'; of: number; amount: number; lies: boolean }
  | { what: 'undo'; near: boolean; depth: number; keeps: number }

const steps: fc.Arbitrary<{ step: Step; waits: boolean }[]> = fc.array(
  fc.record({
    waits: fc.boolean(),
    step: fc.oneof(
      fc.record({
        what: fc.constant('pay' as const),
        to: fc.constantFrom(home, away),
        amount: fc.integer({ min: 1, max: 300 }),
      }),
      fc.record({
        what: fc.constant('deposit' as const),
        amount: fc.integer({ min: 1, max: 300 }),
      }),
      fc.record({
        what: fc.constant('deposit' as const),
        amount: fc.integer({ min: 1, max: 300 }),
      }),
      fc.record({
        what: fc.constant('settle' as const),
        of: fc.nat(5),
        amount: fc.integer({ min: 1, max: 900 }),
        lies: fc.boolean(),
      }),
      fc.record({ what: fc.constant('spend' as const), of: fc.nat(5), toShop: fc.boolean() }),
      fc.record({ what: fc.constant('back' as const), of: fc.nat(5) }),
      fc.record({
        what: fc.constant('home' as const),
        of: fc.nat(5),
        amount: fc.integer({ min: 1, max: 500 }),
      }),
      fc.record({
        what: fc.constant('refund' as const),
        of: fc.nat(5),
        amount: fc.integer({ min: 1, max: 300 }),
        lies: fc.boolean(),
      }),
      fc.record({
        what: fc.constant('undo' as const),
        near: fc.boolean(),
        depth: fc.integer({ min: 1, max: 3 }),
        keeps: fc.nat(7),
      }),
    ),
  }),
  { minLength: 2, maxLength: 14 },
)

/** Posse with its loops on two chains. */
async function open(near: Moving, far: Moving) {
  const stop = new AbortController()
  const { signal } = stop
  const made: { context?: Context } = {}
  const follower = createFollower({
    context: () => made.context as Context,
    readers: new Map([near, far].map(({ reader }) => [reader.chain, { reader }])),
    signal,
  })
  const { context, log, chat } = await createTestContext({
    ...{ cases: [theft], chains: [ethereum, bitcoin], labels, follower },
  })
  made.context = context
  chat.listen((call) => runCommand(context, commands, call), createDesk(context, commands))
  follower.start([...context.cases.values()])
  const loops = [runRetraces(context, { signal }), runLegs(context, { signal })]
  const tips = new Map([near, far].map((moving) => [moving.reader.chain, moving.tip]))
  return {
    context,
    say: async (text: string) =>
      renderText(await chat.say(text), { width: 400, colours: false, timeZone: 'UTC' }),
    async settle(): Promise<void> {
      const isAbreast = () => {
        const { passage, retrace } = context.standing
        const parts = [...context.cases.values()]
        const needsLeg = [...passage.values()].some(({ to }) => to.chain === bitcoin.id)
        return (
          retrace.size === 0 &&
          (!needsLeg || parts.length > 1) &&
          parts.every(({ head, case: { chain } }) => head?.hash === tips.get(chain)?.())
        )
      }
      await expect.poll(isAbreast, { timeout: 10_000, interval: 2 }).toBe(true)
      expect(log).toEqual([])
    },
    async stop() {
      stop.abort()
      await Promise.all([follower.ended(), ...loops])
      await context.store.close()
    },
  }
}

type Moving = ReturnType<typeof createMovingChain>

function expectBalanced({ cases }: Context): void {
  for (const { trail } of cases.values()) {
    for (const { totals, fees, dropped, swappedIn, swappedOut, stolen } of trail.ledgers.values()) {
      for (const index of [0, 1, 2]) {
        const held = [...totals.values()].reduce(
          (sum, parts) => sum + (parts[index]?.amount ?? 0n),
          0n,
        )
        const gone = (fees[index] ?? 0n) + (dropped[index] ?? 0n) + (swappedOut[index] ?? 0n)
        expect(held + gone).toBe(stolen + (swappedIn[index] ?? 0n))
      }
    }
  }
}

/** What every address holds on both chains, and what is on its way or has arrived. */
async function endOf({ cases, store, standing }: Context) {
  const held: string[] = []
  for (const { case: theft, trail } of cases.values()) {
    for (const asset of trail.ledgers.keys()) {
      for await (const page of store.scanAccounts(theft.id, asset)) {
        for (const { address, stop, holdings } of page) {
          const amounts = holdings.map(stolenIn)
          if (amounts.some((amount) => amount > 0n)) {
            held.push([theft.chain, address, stop, ...amounts].join(' '))
          }
        }
      }
    }
  }
  const passages = [...standing.passage].map(
    ([key, { amount, stolen, to }]) => `${key} ${amount} ${stolen.join()} ${to.address}`,
  )
  const arrivals = [...standing.arrival].map(
    ([key, { amount, stolen }]) => `${key} ${amount} ${stolen.join()}`,
  )
  return { held: held.sort(), passages: passages.sort(), arrivals: arrivals.sort() }
}

/** Plays steps against both chains: transactions of one kind name those of others by their place. */
function createPlayer(near: Moving, far: Moving) {
  const deposits: string[] = []
  const returns: string[] = []
  let coins: Coin[] = []
  let count = 0
  return ({ what, ...step }: Step): void => {
    count += 1
    const hash = `${String(count).padStart(4, '0')}`
    const transfer = { position: 'v', from: thief, asset: eth }
    if (what === 'pay') {
      const { to, amount } = step as Extract<Step, { what: 'pay' }>
      near.add([{ hash, transfers: [{ ...transfer, to, amount: BigInt(amount) }] }])
    } else if (what === 'deposit') {
      const { amount } = step as Extract<Step, { what: 'deposit' }>
      const crossing = { bridge: 'THORChain', by: bridge, chain: 'Bitcoin', address: goal }
      near.add([
        {
          hash,
          transfers: [{ ...transfer, to: bridge, amount: BigInt(amount) }],
          crossings: [{ ...crossing, isClaimed: false, key: `thorchain:${hash}` }],
        },
      ])
      deposits.push(hash)
    } else if (what === 'settle') {
      const { of: at, amount, lies } = step as Extract<Step, { what: 'settle' }>
      const txid = deposits[at % Math.max(deposits.length, 1)] ?? 'none'
      const vault = { id: `v${hash}:0`, address: 'vault', amount: BigInt(amount) + 5n }
      const made = [{ id: `${hash}:0`, address: lies ? 'innocent' : goal, amount: BigInt(amount) }]
      const settlements = [{ bridge: 'THORChain', key: `thorchain:${txid}` }]
      far.add([{ hash, transfers: [], coins: { asset: btc, spent: [vault], made }, settlements }])
      if (!lies) coins.push(...made)
    } else if (what === 'spend' || what === 'back') {
      const coin = coins[(step as { of: number }).of % Math.max(coins.length, 1)]
      if (!coin) return
      coins = coins.filter((each) => each !== coin)
      far.add([spendOf(hash, coin, what === 'back' ? null : (step as { toShop: boolean }).toShop)])
      if (what === 'back') returns.push(hash)
      else coins.push({ id: `${hash}:1`, address: `peel${hash}`, amount: coin.amount / 2n })
    } else if (what === 'home') {
      const { of: at, amount } = step as Extract<Step, { what: 'home' }>
      const key = `thorchain:${returns[at % Math.max(returns.length, 1)] ?? 'none'}`
      const paid = { position: 'i0', from: bridge, to: home, asset: eth, amount: BigInt(amount) }
      near.add([{ hash, transfers: [paid], settlements: [{ bridge: 'THORChain', key }] }])
    } else if (what === 'refund') {
      const { of: at, amount, lies } = step as Extract<Step, { what: 'refund' }>
      const key = `thorchain:${deposits[at % Math.max(deposits.length, 1)] ?? 'none'}`
      const to = lies ? of('f') : thief
      const paid = { position: 'i0', from: bridge, to, asset: eth, amount: BigInt(amount) }
      const settlements = [{ bridge: 'THORChain', key, isRefund: true as const }]
      near.add([{ hash, transfers: [paid], settlements }])
    } else {
      const { near: isNear, depth, keeps } = step as Extract<Step, { what: 'undo' }>
      const keepsOne = (each: string) => ((keeps >> (Number(each) % 3)) & 1) === 1
      ;(isNear ? near : far).rebuild(depth, keepsOne)
    }
  }
}

function spendOf(hash: string, coin: Coin, toShop: boolean | null): Transaction {
  if (toShop === null) {
    const crossing = { bridge: 'THORChain', by: 'vault', chain: 'Ethereum', address: home }
    return {
      hash,
      transfers: [],
      coins: {
        asset: btc,
        spent: [coin],
        made: [{ id: `${hash}:0`, address: 'vault', amount: coin.amount }],
      },
      crossings: [{ ...crossing, isClaimed: true, key: `thorchain:${hash}` }],
    }
  }
  const half = coin.amount / 2n
  const made = [
    { id: `${hash}:0`, address: toShop ? shop : `other${hash}`, amount: coin.amount - half },
    { id: `${hash}:1`, address: `peel${hash}`, amount: half },
  ]
  return { hash, transfers: [], coins: { asset: btc, spent: [coin], made } }
}

/** The thief pays 400 to whoever says in it where they go on. */
function depositOf(crossing: Crossing): Transaction {
  const transfer = { position: 'v', from: thief, to: crossing.by, asset: eth, amount: 400n }
  return { hash: '0xd1', transfers: [transfer], crossings: [crossing] }
}

const nearOptions = { start: 1_000_000, every: 12 }
const farOptions = { start: 1_000_000, every: 30 }

describe('two chains and a bridge between them', () => {
  test('property: the books balance after whatever either chain undoes, and end as if only the last had been', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const near = createMovingChain(ethereum.id, nearOptions)
        const far = createMovingChain(bitcoin.id, farOptions)
        const posse = await open(near, far)
        const play = createPlayer(near, far)
        near.add([])
        far.add([])
        for (const { step, waits } of plan) {
          play(step)
          if (!waits) continue
          await posse.settle()
          expectBalanced(posse.context)
        }
        await posse.settle()
        expectBalanced(posse.context)
        const end = await endOf(posse.context)
        await posse.stop()
        const again = [
          createMovingChain(ethereum.id, nearOptions),
          createMovingChain(bitcoin.id, farOptions),
        ] as const
        for (const transactions of near.blocks().slice(1)) again[0].add(transactions)
        for (const transactions of far.blocks().slice(1)) again[1].add(transactions)
        const clean = await open(...again)
        await clean.settle()
        expect(end).toEqual(await endOf(clean.context))
        await clean.stop()
      }),
      { numRuns: Number(process.env.TWO_CHAINS_RUNS ?? 25) },
    )
  }, 120_000)

  test('behavior: where a bridge names nothing, candidates are shown, followed once a lead has said which, and let go again', async () => {
    const near = createMovingChain(ethereum.id, nearOptions)
    const far = createMovingChain(bitcoin.id, farOptions)
    const posse = await open(near, far)
    const { context, say } = posse
    const crossing = { bridge: 'Chainflip', by: bridge, chain: 'Bitcoin', address: goal }
    const key = 'chainflip:0xd1'
    near.add([depositOf({ ...crossing, isClaimed: false, key, isUntied: true })])
    far.add([])
    await posse.settle()
    const [first, second] = ['e'.repeat(64), 'f'.repeat(64)]
    for (const hash of [first, second]) {
      const spent = [{ id: `v${hash}:0`, address: 'vault', amount: 90n }]
      const made = [{ id: `${hash}:0`, address: goal, amount: 80n }]
      far.add([{ hash, transfers: [], coins: { asset: btc, spent, made } }])
    }
    await posse.settle()
    const part = [...context.cases.keys()].find((id) => id !== 'acme') ?? ''
    expect(await context.store.readHops(part)).toEqual([])
    const trail = await say('trail acme')
    expect(trail).toContain('expected; may have come out by')
    expect(trail.match(/\(50 %\)/g)).toHaveLength(2)
    expect(await say('timeline acme')).toContain(`may have come out of the bridge in ${first}`)
    expect(await say(`settle ${'a'.repeat(64)} acme`)).toContain('is no candidate')
    expect(await say(`settle ${second} acme`)).toContain('Settled by')
    await posse.settle()
    const [hop] = await context.store.readHops(part)
    expect(hop).toMatchObject({ to: goal, transaction: second, stolen: [80n, 80n, 80n] })
    expect(hop?.arrived).toMatchObject({ bridge: 'Chainflip', transaction: '0xd1' })
    expect(await say('trail acme')).toContain('arrived: ')
    expectBalanced(context)
    expect(await say(`settle ${second} acme undo:yes`)).toContain('Took back')
    await posse.settle()
    expect(await context.store.readHops(part)).toEqual([])
    expect(context.standing.arrival.size).toBe(0)
    await posse.stop()
  })

  test('behavior: what a bridge gives back is followed on, to whoever paid and to nobody else', async () => {
    const near = createMovingChain(ethereum.id, nearOptions)
    const far = createMovingChain(bitcoin.id, farOptions)
    const posse = await open(near, far)
    const { context, say } = posse
    const crossing = { bridge: 'THORChain', by: bridge, chain: 'Bitcoin', address: goal }
    const key = 'thorchain:d1'
    near.add([depositOf({ ...crossing, isClaimed: false, key })])
    far.add([])
    await posse.settle()
    const settlements = [{ bridge: 'THORChain', key, isRefund: true as const }]
    for (const [hash, to] of [
      ['0xd2', of('f')],
      ['0xd3', thief],
    ] as const) {
      const paid = { position: 'i0', from: bridge, to, asset: eth, amount: 150n }
      near.add([{ hash, transfers: [paid], settlements }])
    }
    const transfer = { position: 'v', from: thief, to: away, asset: eth, amount: 750n }
    near.add([{ hash: '0xd4', transfers: [transfer] }])
    await posse.settle()
    expectBalanced(context)
    const { held } = await endOf(context)
    expect(held).toContain(`${ethereum.id} ${away}  750 750 750`)
    expect(held.join()).not.toContain(of('f'))
    expect(await say('trail acme')).toContain('given back')
    const status = await say('status acme')
    expect(status).toMatch(/given back by THORChain +0\.0{15}15/)
    expect(status).toMatch(/in flight over THORChain to Bitcoin +0\.0{15}25/)
    await posse.stop()
  })

  test('behavior: the API of a bridge says where a channel leads and what came out; what a person takes back stays so', async () => {
    const near = createMovingChain(ethereum.id, nearOptions)
    const far = createMovingChain(bitcoin.id, farOptions)
    const posse = await open(near, far)
    const { context, say } = posse
    const [channel, first, second] = [of('f'), 'e'.repeat(64), 'f'.repeat(64)]
    const asked: string[] = []
    let paid = [`0x${'9'.repeat(64)}`]
    context.bridgeApis = new Map([
      [
        'Chainflip',
        async ({ transaction }) => {
          asked.push(transaction)
          return transaction === '0xd1' ? { chain: 'Bitcoin', address: goal, paid } : null
        },
      ],
    ])
    const askBridges = createBridgeAsker(context)
    const step = { position: 'v', asset: eth, amount: 400n }
    near.add([{ hash: '0xd1', transfers: [{ ...step, from: thief, to: channel }] }])
    near.add([{ hash: '0xd2', transfers: [{ ...step, from: channel, to: flip }] }])
    far.add([])
    for (const hash of [first, second]) {
      const spent = [{ id: `v${hash}:0`, address: 'vault', amount: 90n }]
      const made = [{ id: `${hash}:0`, address: goal, amount: 80n }]
      far.add([{ hash, transfers: [], coins: { asset: btc, spent, made } }])
    }
    await posse.settle()
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      await askBridges()
      expect(asked).toEqual(['0xd1'])
      await posse.settle()
      expect(await say('trail acme')).toContain('expected; may have come out by')
      expect(await say('timeline acme')).toContain(`goes to ${goal} on Bitcoin`)
      // Nothing of what it names was seen at that address.
      vi.advanceTimersByTime(3_600_000)
      await askBridges()
      const part = [...context.cases.keys()].find((id) => id !== 'acme') ?? ''
      expect(await context.store.readHops(part)).toEqual([])
      paid = [second]
      vi.advanceTimersByTime(3_600_000)
      await askBridges()
      await posse.settle()
      expect(await context.store.readHops(part)).toMatchObject([
        { to: goal, transaction: second, stolen: [80n, 80n, 80n] },
      ])
      expectBalanced(context)
      expect(await say(`settle ${second} acme undo:yes`)).toContain('Took back')
      await posse.settle()
      vi.advanceTimersByTime(3_600_000)
      await askBridges()
      await posse.settle()
      expect(await context.store.readHops(part)).toEqual([])
      expect(await say(`settle ${second} acme`)).toContain('Settled by')
      await posse.settle()
      expect(await context.store.readHops(part)).toHaveLength(1)
    } finally {
      vi.useRealTimers()
      await posse.stop()
    }
  })

  test('behavior: what waits in a queue comes back on its own chain, to whoever asked for it alone', async () => {
    const near = createMovingChain(ethereum.id, nearOptions)
    const far = createMovingChain(bitcoin.id, farOptions)
    const posse = await open(near, far)
    const { context, say } = posse
    const [owner, buyer] = [of('e'), of('f')]
    const crossing = { bridge: 'Lido', by: bridge, chain: ethereum.id, address: owner }
    const key = 'lido:1'
    near.add([depositOf({ ...crossing, isClaimed: false, key })])
    await posse.settle()
    expect(await say('trail acme')).toContain('Ethereum')
    for (const [hash, to] of [
      ['0xd2', buyer],
      ['0xd3', owner],
    ] as const) {
      const paid = { position: 'i0', from: bridge, to, asset: eth, amount: 410n }
      near.add([{ hash, transfers: [paid], settlements: [{ bridge: 'Lido', key }] }])
    }
    await posse.settle()
    expectBalanced(context)
    expect([...context.cases.keys()]).toEqual(['acme'])
    const { held } = await endOf(context)
    expect(held).toContain(`${ethereum.id} ${owner}  410 410 410`)
    expect(held.join()).not.toContain(buyer)
    expect(await say('status acme')).toContain('over Lido, followed on Ethereum')
    await posse.stop()
  })

  test('behavior: a payout that came before its payment counts for nothing, however often it is worked out again', async () => {
    const near = createMovingChain(ethereum.id, nearOptions)
    const posse = await open(near, createMovingChain(bitcoin.id, farOptions))
    const { context, say } = posse
    const [key, much] = ['thorchain:d1', 1_000_000_000_000n]
    // The hash of a payment is known once it is signed: anybody may write it before.
    const early = { position: 'i0', from: of('9'), to: thief, asset: eth, amount: much }
    near.add([{ hash: '0xe1', transfers: [early], settlements: [{ bridge: 'THORChain', key }] }])
    const crossing = { bridge: 'THORChain', by: bridge, chain: 'Ethereum', address: thief }
    const into = { position: 'v', from: thief, to: bridge, asset: eth, amount: much + 1_000n }
    near.add([
      { hash: '0xd1', transfers: [into], crossings: [{ ...crossing, isClaimed: false, key }] },
    ])
    await posse.settle()
    for (const text of [
      `flag ${bridge} service Router`,
      `unflag ${bridge}`,
      `flag ${home} person`,
    ]) {
      await say(text)
      await posse.settle()
    }
    expect([...context.standing.passage.values()].map(({ stolen }) => stolen)).toEqual([
      [1_000n, 1_000n, 1_000n],
    ])
    expectBalanced(context)
    await posse.stop()
  })

  test('behavior: what was given back accuses nobody once its payment is off the trail', async () => {
    const near = createMovingChain(ethereum.id, nearOptions)
    const far = createMovingChain(bitcoin.id, farOptions)
    const posse = await open(near, far)
    const { context, say } = posse
    const mid = of('5')
    const pay = (hash: string, from: string, to: string, amount: bigint) => ({
      hash,
      transfers: [{ position: 'v', from, to, asset: eth, amount }],
    })
    const key = 'thorchain:d1'
    const crossing = { bridge: 'THORChain', by: bridge, chain: 'Bitcoin', address: goal }
    near.add([pay('0x11', thief, mid, 400n)])
    near.add([pay('0x12', mid, home, 400n)])
    near.add([
      { ...pay('0xd1', home, bridge, 400n), crossings: [{ ...crossing, isClaimed: false, key }] },
    ])
    far.add([])
    await posse.settle()
    const settlements = [{ bridge: 'THORChain', key, isRefund: true as const }]
    near.add([{ ...pay('0xd2', bridge, home, 150n), settlements }])
    near.add([pay('0x13', home, away, 150n)])
    await posse.settle()
    expect((await endOf(context)).held).toContain(`${ethereum.id} ${away}  150 150 150`)
    await say(`flag ${mid} exchange Shop sure:1`)
    await posse.settle()
    const { held, passages, arrivals } = await endOf(context)
    expect([passages, arrivals]).toEqual([[], []])
    expect(held.join()).not.toContain(away)
    await posse.stop()
  })

  test('behavior: dust to the address that was named hides no payout, and an API may name several', async () => {
    const near = createMovingChain(ethereum.id, nearOptions)
    const far = createMovingChain(bitcoin.id, farOptions)
    const posse = await open(near, far)
    const { context } = posse
    const crossing = { bridge: 'Chainflip', by: bridge, chain: 'Bitcoin', address: goal }
    near.add([depositOf({ ...crossing, isClaimed: false, key: 'chainflip:0xd1', isUntied: true })])
    far.add([])
    await posse.settle()
    const give = (hash: string, amount: bigint) => ({
      ...{ hash, transfers: [] },
      coins: {
        ...{ asset: btc, spent: [{ id: `v${hash}:0`, address: 'own', amount }] },
        made: [{ id: `${hash}:0`, address: goal, amount }],
      },
    })
    far.add(Array.from({ length: 25 }, (_, place) => give(`${place}`.padStart(64, 'a'), 1n)))
    const [first, second] = ['e'.repeat(64), 'f'.repeat(64)]
    far.add([give(first, 190n), give(second, 200n)])
    await posse.settle()
    expect(context.standing.candidate.size).toBe(20)
    const told = { chain: 'Bitcoin', address: goal, paid: [first, second] }
    context.bridgeApis = new Map([['Chainflip', async () => told]])
    await createBridgeAsker(context)()
    await posse.settle()
    const part = [...context.cases.keys()].find((id) => id !== 'acme') ?? ''
    const hops = await context.store.readHops(part)
    expect(hops.map(({ transaction }) => transaction)).toEqual([first, second])
    await posse.stop()
  })

  test('behavior: memos alone on both sides accuse nobody', async () => {
    const near = createMovingChain(ethereum.id, nearOptions)
    const far = createMovingChain(bitcoin.id, farOptions)
    const posse = await open(near, far)
    const { context, say } = posse
    // The thief pays an address of their own with a memo that names an innocent, and writes the answer too.
    const crossing = { bridge: 'THORChain', by: away, chain: 'Bitcoin', address: goal }
    const key = 'thorchain:d1'
    near.add([depositOf({ ...crossing, isClaimed: true, key })])
    far.add([])
    await posse.settle()
    const hash = 'e'.repeat(64)
    const spent = [{ id: 'v:0', address: 'own', amount: 90n }]
    const made = [{ id: `${hash}:0`, address: goal, amount: 80n }]
    const settlements = [{ bridge: 'THORChain', key }]
    far.add([{ hash, transfers: [], coins: { asset: btc, spent, made }, settlements }])
    await posse.settle()
    const part = [...context.cases.keys()].find((id) => id !== 'acme') ?? ''
    expect(await context.store.readHops(part)).toEqual([])
    expect(await say('trail acme')).toContain('may have come out by')
    // A part is seen by whoever sees the case, and marked with it.
    expect(await say(`mark case ${part} AMBER`)).toContain('AMBER')
    expect([...context.standing.mark.keys()]).toEqual(['case:acme'])
    expect(await say(`status ${part}`)).toContain('TLP:AMBER')
    expect(await say(`settle ${hash} acme`)).toContain('Settled by')
    await posse.settle()
    expect(await context.store.readHops(part)).toMatchObject([
      { to: goal, stolen: [80n, 80n, 80n] },
    ])
    await posse.stop()
  })
})
