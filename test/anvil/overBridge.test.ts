import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Address, parseEther as eth, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBitcoinChain } from '#adapters/chain/bitcoin/createBitcoinChain.ts'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { collectBooks } from '#src/case/collectBooks.ts'
import { logBooks } from '#src/upkeep/logBooks.ts'
import { type Anvil, anvilChain, hasAnvil, startAnvil } from '#test/support/anvil.ts'
import {
  type Bcoin,
  createPurse,
  type OwnCoin,
  type Purse,
  regtest,
  startBcoin,
} from '#test/support/bcoinPeer.ts'
import { startLiveHouse } from '#test/support/liveHouse.ts'
import { type Contract, createContracts, nobody } from '#test/support/realContracts.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Chain } from '#types/chain.ts'
import { indexLabels } from '#utils/indexLabels.ts'
import { testRouterCode } from './testRouter.ts'

const address = (digits: string) => `0x${digits.repeat(20)}` as Address
const [thief, vault, back] = [address('a1'), address('4a'), address('b7')]
const chainId = 'eip155:31337'
const native = { id: `${chainId}/slip44:60`, symbol: 'ETH', decimals: 18 }
const forever = 10n ** 12n
/** What THORChain calls it in a memo; its regtest stands in. */
const bitcoin: Chain = { ...regtest, name: 'Bitcoin' }
const btc = regtest.native.id

const routerAbi = parseAbi([
  'function depositWithExpiry(address vault, address asset, uint256 amount, string memo, uint256 expiration) payable',
  'function transferOut(address to, address asset, uint256 amount, string memo) payable',
])

describe.runIf(hasAnvil)('over a bridge to Bitcoin and back', () => {
  let anvil: Anvil
  let bcoin: Bcoin
  let folder: string
  let house: Awaited<ReturnType<typeof startLiveHouse>>
  let router: Contract
  let contracts: ReturnType<typeof createContracts>
  let pool: OwnCoin
  /** What is left of the peel chain. */
  let tail: OwnCoin
  const home = createMemoryChat({ name: 'terminal' })
  const [thorVault, launderer, exchange] = [createPurse(), createPurse(), createPurse()]
  const show = (message: Parameters<typeof renderText>[0]) =>
    renderText(message, { width: 200, colours: false, timeZone: 'UTC' })

  beforeAll(async () => {
    ;[anvil, bcoin] = await Promise.all([startAnvil(), startBcoin()])
    folder = mkdtempSync(join(tmpdir(), 'posse-'))
    contracts = createContracts(anvil)
    await anvil.endow(contracts.deployer, eth('100000'))
    for (const each of [thief, vault, back]) await anvil.endow(each, eth('10'))
    router = await contracts.deployCode(testRouterCode, routerAbi)
    pool = await bcoin.mint(thorVault)
    const chain: Chain = {
      ...anvilChain(),
      ...{ id: chainId, name: 'Ethereum', native, tokens: [], confirmations: 3 },
      bridges: [{ contract: router.address, protocol: 'THORChain' }],
    }
    const label = { source: 'test', date: '', confidence: 1, isStale: false }
    house = await startLiveHouse({
      ...{ anvil, file: join(folder, 'bridge.sqlite'), chats: [home], chain },
      labels: indexLabels([
        { ...label, address: router.address, name: 'THORChain: Router', kind: 'bridge' },
        { ...label, address: exchange.address, name: 'Big Exchange', kind: 'exchange' },
      ]),
      others: [
        {
          chain: bitcoin,
          reader: createBitcoinChain(bitcoin, {
            providers: [{ url: bcoin.url, api: 'core' }],
            pollMs: 50,
          }),
          head: () => bcoin.rpc<number>('getblockcount'),
        },
      ],
      now: () => 1_700_000_600,
    })
    const theft = await anvil.pay(contracts.deployer, thief, eth('1000'))
    await anvil.mine()
    await home.say(`case open "Acme" ${thief}=1000ETH@${theft} chain:${chainId}`)
  }, 60_000)

  afterAll(async () => {
    await house.stop()
    await Promise.all([anvil.stop(), bcoin.stop()])
    rmSync(folder, { recursive: true })
  })

  const leg = () =>
    [...house.context.cases.values()].find(({ case: { legOf } }) => legOf === 'acme')

  async function heldBy(caseId: string, asset: string, holder: string): Promise<bigint[]> {
    await house.settle()
    const saved = await house.store.readAccounts(caseId, [holder])
    const [account] = saved.find((each) => each.asset === asset)?.accounts ?? []
    return account?.holdings.map(stolenIn) ?? []
  }

  /** Every asset balances under every policy on both chains. */
  function expectBalance(): void {
    for (const { trail } of house.context.cases.values()) {
      for (const {
        totals,
        fees,
        dropped,
        swappedIn,
        swappedOut,
        stolen,
      } of trail.ledgers.values()) {
        for (const index of [0, 1, 2]) {
          const held = [...totals.values()].reduce(
            (sum, parts) => sum + (parts[index]?.amount ?? 0n),
            0n,
          )
          expect(held + fees[index]! + dropped[index]! + swappedOut[index]!).toBe(
            stolen + swappedIn[index]!,
          )
        }
      }
    }
  }

  async function deposit(goal: string, value: bigint): Promise<string> {
    const args = [vault, nobody, 0n, `=:BTC.BTC:${goal}:0:t:0`, forever]
    await contracts.call(thief, router, 'depositWithExpiry', args, { value })
    const block = await anvil.client.getBlock()
    return block.transactions[0]?.slice(2) ?? ''
  }

  /** What the bridge pays out of its vault, the rest back to it; its memo names what it pays for. */
  async function payOut(to: Purse, amount: bigint, txid: string): Promise<OwnCoin> {
    const rest = pool.amount - amount - 1_000n
    const paid = await bcoin.spend(
      [pool],
      [
        { purse: to, amount },
        { purse: thorVault, amount: rest },
      ],
      { memo: `OUT:${txid.toUpperCase()}` },
    )
    await bcoin.mine()
    const [coin, change] = paid.coins
    if (!coin || !change) throw new Error('No coins.')
    pool = change
    return coin
  }

  test('behavior: expected first, then settled: so much of what comes out is stolen as of what went in', async () => {
    const txid = await deposit(launderer.address, eth('400'))
    await expect.poll(leg, { timeout: 10_000 }).toBeDefined()
    await house.settle()
    expect(leg()?.case).toMatchObject({ legOf: 'acme', name: 'Acme on Bitcoin', chain: regtest.id })
    expect(show(await home.say('trail acme'))).toMatch(/Bitcoin .* expected/)
    const id = leg()?.case.id ?? ''
    const coin = await payOut(launderer, 5_00000000n, txid)
    // Of 400 ETH and 10 of the thief's own that lay below them, in the order in which they came.
    const [fifo = 0n] = (await house.store.readHops('acme')).at(-1)?.stolen ?? []
    expect((await heldBy(id, btc, launderer.address))[0]).toBe((5_00000000n * fifo) / eth('400'))
    expect(coin.amount).toBe(5_00000000n)
    expect(show(await home.say('trail acme'))).toContain('arrived')
    expectBalance()
  })

  test('behavior: a peel chain to an exchange, every satoshi of it, and change goes on', async () => {
    const id = leg()?.case.id ?? ''
    const own = await heldBy(id, btc, launderer.address)
    const [arrival] = await house.store.readHops(id)
    let [coin] = [
      { id: `${arrival?.transaction}:0`, amount: 5_00000000n, purse: launderer } as OwnCoin,
    ]
    let fees = 0n
    const peels = [1_50000000n, 90000000n, 70000000n]
    for (const [place, peel] of peels.entries()) {
      const next = createPurse()
      const { coins } = await bcoin.spend(
        [coin],
        [
          { purse: exchange, amount: peel },
          { purse: next, amount: coin.amount - peel - 700n },
        ],
      )
      fees += 700n
      if (place !== 1) await bcoin.mine()
      coin = coins[1] as OwnCoin
    }
    await house.settle()
    const total = peels.reduce((sum, peel) => sum + peel, 0n)
    const { totals, fees: paid } = leg()!.trail.ledgers.get(btc)!
    const last = await heldBy(id, btc, coin.purse.address)
    for (const index of [0, 1, 2]) {
      const held = totals.get('exchange')?.[index]?.amount ?? 0n
      expect(held + last[index]! + paid[index]!).toBe(own[index])
    }
    // By taint first the exchange got all that it was paid, and of what is left at most the fees are lost.
    expect(totals.get('exchange')?.[1]?.amount).toBe(total)
    expect(last[1]).toBeGreaterThanOrEqual(own[1]! - total - fees)
    tail = coin
    const cards = home.messages.map(({ message }) => show(message)).join('\n')
    expect(cards).toContain('Big Exchange')
    const about = show(await home.say(`lookup ${coin.purse.address}`))
    expect(about).toContain('BTC')
    expect(about).toMatch(/kept\s+in\s+a\s+peel\s+chain/)
    expect(show(await home.say(`lookup ${exchange.address}`))).toMatch(/peeled\s+off/)
    expectBalance()
  })

  test('behavior: back over the bridge: the vault is parked, what comes out at home is stolen', async () => {
    const id = leg()?.case.id ?? ''
    const own = await heldBy(id, btc, tail.purse.address)
    const { txid } = await bcoin.spend([tail], [{ purse: thorVault, amount: tail.amount - 900n }], {
      memo: `=:ETH.ETH:${back}`,
    })
    await bcoin.mine()
    await house.settle()
    const [hop] = (await house.store.readHops(id)).slice(-1)
    expect(hop).toMatchObject({
      to: thorVault.address,
      crossing: { chain: 'Ethereum', address: back, isClaimed: true },
    })
    const args = [back, nobody, 0n, `OUT:${txid.toUpperCase()}`]
    await contracts.call(vault, router, 'transferOut', args, { value: eth('7') })
    const held = await heldBy('acme', native.id, back)
    for (const index of [0, 1, 2]) {
      const part = hop?.stolen[index] ?? 0n
      expect(held[index]).toBe((eth('7') * part) / (tail.amount - 900n))
      expect(part).toBeLessThanOrEqual(own[index]!)
    }
    expect(held[1]).toBeGreaterThan(eth('6.9'))
    expectBalance()
  })

  test('behavior: the books say where everything is, on both chains, to 100 %', async () => {
    await house.settle()
    for (const open of house.context.cases.values()) {
      for (const { rows, whole, asset } of await collectBooks(house.context, open, {
        freezes: [],
      })) {
        const { stolen, swappedIn } = open.trail.ledgers.get(asset.id)!
        expect(rows.reduce((sum, { amount }) => sum + amount, 0n)).toBe(stolen + swappedIn[0]!)
        expect(whole).toBe(stolen + swappedIn[0]!)
      }
    }
    const status = show(await home.say('status acme'))
    expect(status).toContain('over THORChain, followed on Bitcoin')
    expect(status).toContain('On Bitcoin, as of block')
    expect(status).toContain('at exchanges')
    expect(status).toContain('moving')
    await logBooks(house.context)
    const kept = house.context.standing.books.size
    expect(kept).toBe(2)
    await anvil.pay(thief, back, eth('3'))
    await anvil.mine()
    await deposit(createPurse().address, eth('5'))
    await house.settle()
    await logBooks(house.context)
    const lines = show(await home.say('timeline acme'))
    expect(lines).toMatch(/in flight over THORChain to Bitcoin 0 ETH to 5/)
    // Nothing has changed since: nothing is written.
    const { length } = await house.store.readTimeline('acme', { limit: 100 })
    await logBooks(house.context)
    expect(await house.store.readTimeline('acme', { limit: 100 })).toHaveLength(length)
  })

  test('behavior: words that lie bring nobody anything: another payee, another transaction, no bridge', async () => {
    const id = leg()?.case.id ?? ''
    const before = (await house.store.readHops(id)).length
    const innocent = createPurse()
    const txid = await deposit(launderer.address, eth('1'))
    await payOut(innocent, 10_000_000n, txid)
    await payOut(launderer, 10_000_000n, 'ab'.repeat(32))
    await house.settle()
    expect(await heldBy(id, btc, innocent.address)).toEqual([])
    expect(await house.store.readHops(id)).toHaveLength(before)
    expectBalance()
  })

  test('behavior: what Bitcoin undoes is undone, and comes again', async () => {
    const id = leg()?.case.id ?? ''
    const txid = await deposit(launderer.address, eth('10'))
    await payOut(launderer, 30_000_000n, txid)
    await house.settle()
    const held = await heldBy(id, btc, launderer.address)
    await bcoin.undo()
    await bcoin.mine(2)
    await house.settle()
    expect(await heldBy(id, btc, launderer.address)).toEqual(held)
    expectBalance()
  })

  test('behavior: what the near side undoes is taken back on the far side', async () => {
    const id = leg()?.case.id ?? ''
    const held = await heldBy(id, btc, launderer.address)
    const snapshot = await anvil.client.snapshot()
    const txid = await deposit(launderer.address, eth('20'))
    await payOut(launderer, 60_000_000n, txid)
    await house.settle()
    expect((await heldBy(id, btc, launderer.address))[1]).toBe(held[1]! + 60_000_000n)
    await anvil.client.revert({ id: snapshot })
    await anvil.mine()
    await anvil.mine()
    await anvil.mine()
    await house.settle()
    expect(await heldBy(id, btc, launderer.address)).toEqual(held)
    expectBalance()
  })

  test('behavior: a theft on Bitcoin itself, opened by command with its transaction', async () => {
    const [owner, robber] = [createPurse(), createPurse()]
    const coin = await bcoin.mint(owner)
    const { txid } = await bcoin.spend([coin], [{ purse: robber, amount: coin.amount - 500n }])
    await bcoin.mine()
    const lacking = await home.say(`case open "Robbed" ${robber.address}=1BTC chain:${regtest.id}`)
    expect(show(lacking)).toContain('Which coins of')
    const opened = await home.say(
      `case open "Robbed" ${robber.address}=1BTC@${txid} chain:${regtest.id}`,
    )
    expect(show(opened)).toContain('Robbed')
    await bcoin.spend(
      [{ id: `${txid}:0`, amount: coin.amount - 500n, purse: robber }],
      [{ purse: exchange, amount: coin.amount - 1_000n }],
    )
    await bcoin.mine()
    await house.settle()
    const [hop] = await house.store.readHops('robbed')
    // Of the coin the first bitcoin was stolen: what came first goes first.
    expect(hop).toMatchObject({ to: exchange.address, stop: 'exchange' })
    expect(hop?.stolen[0]).toBe(100_000_000n)
    expectBalance()
  })
})
