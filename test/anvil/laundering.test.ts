import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Address, encodeFunctionData, parseEther as eth, parseAbi } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { renderText } from '#adapters/chat/terminal/renderText.ts'
import { type Anvil, hasAnvil, startAnvil } from '#test/support/anvil.ts'
import { startLiveHouse } from '#test/support/liveHouse.ts'
import {
  type Contract,
  createContracts,
  deployExchange,
  deployPool3,
  nobody,
} from '#test/support/realContracts.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Chain, Token } from '#types/chain.ts'
import { indexLabels } from '#utils/indexLabels.ts'
import { testMoverCode } from './testMover.ts'
import { testRouterCode } from './testRouter.ts'
import { stablecoinCode, stakedCode } from './testTokens.ts'

const address = (digits: string) => `0x${digits.repeat(20)}` as Address
const [thief, mule, hop, peer, last, saver, one, two] = [
  'a1',
  'b2',
  'c3',
  'd4',
  'e5',
  'f6',
  '17',
  '28',
].map(address) as [Address, Address, Address, Address, Address, Address, Address, Address]
const relayer = address('39')
const vault = address('4a')
const signers = address('5b')

const stablecoinAbi = parseAbi([
  'function addBlackList(address user)',
  'function removeBlackList(address user)',
  'function destroyBlackFunds(address user)',
  'function mint(address to, uint256 value)',
  'function approve(address spender, uint256 value) returns (bool)',
  'function transfer(address to, uint256 value) returns (bool)',
  'function balanceOf(address) view returns (uint256)',
])
const stakedAbi = parseAbi([
  'function submit() payable',
  'function rebase() payable',
  'function transferShares(address to, uint256 s)',
  'function redeem(uint256 s)',
  'function sharesOf(address) view returns (uint256)',
])
const routerAbi = parseAbi([
  'function depositWithExpiry(address vault, address asset, uint256 amount, string memo, uint256 expiration) payable',
])
const moverAbi = parseAbi(['function disperse(address[] to, uint256[] amounts) payable'])

const chainId = 'eip155:31337'
const native = { id: `${chainId}/slip44:60`, symbol: 'ETH', decimals: 18 }

describe.runIf(hasAnvil)('laundering through real contracts', () => {
  let anvil: Anvil
  let folder: string
  let house: Awaited<ReturnType<typeof startLiveHouse>>
  let made: Awaited<ReturnType<typeof build>>
  const home = createMemoryChat({ name: 'terminal' })
  const show = (message: Parameters<typeof renderText>[0]) =>
    renderText(message, { width: 200, colours: false, timeZone: 'UTC' })

  async function build() {
    const contracts = createContracts(anvil)
    const { deployer, deploy, deployCode, call } = contracts
    await anvil.endow(deployer, eth('100000'))
    const stable = await deployCode(stablecoinCode, stablecoinAbi)
    await call(deployer, stable, 'mint', [deployer, 10n ** 15n])
    const middle = await deploy('token', 'string, string', ['Middle', 'MID'])
    await call(deployer, middle, 'mint', [deployer, eth('1000000')])
    const counterfeit = await deploy('token', 'string, string', ['Stable', 'STB'])
    const exchange = await deployExchange(contracts, [stable, middle], eth('5000'))
    const { weth, router, forever } = exchange
    const pool = [stable.address, middle.address, 10n ** 14n, eth('100000'), 0n, 0n]
    await call(deployer, router, 'addLiquidity', [...pool, deployer, forever])
    const staked = await deployCode(stakedCode, stakedAbi)
    await call(deployer, staked, 'submit', [], { value: eth('30') })
    await call(deployer, staked, 'rebase', [], { value: eth('7') })
    await call(deployer, weth, 'deposit', [], { value: eth('2000') })
    const other = await deploy('token', 'string, string', ['Liquid', 'LIQ'])
    await call(deployer, other, 'mint', [deployer, eth('2000')])
    const pool3 = await deployPool3(contracts, {
      weth,
      tokens: [weth, other],
      amount: eth('1000'),
    })
    const mover = await deployCode(testMoverCode, moverAbi)
    const bridge = await deployCode(testRouterCode, routerAbi)
    const safe = await deploy('safe')
    const proxies = await deploy('proxies')
    return {
      contracts,
      stable,
      middle,
      counterfeit,
      exchange,
      staked,
      other,
      pool3,
      mover,
      bridge,
      safe,
      proxies,
    }
  }

  beforeAll(async () => {
    anvil = await startAnvil()
    folder = mkdtempSync(join(tmpdir(), 'posse-'))
    for (const each of [thief, mule, hop, peer, last, saver, relayer])
      await anvil.endow(each, eth('10'))
    made = await build()
    const token = ({ address: contract }: Contract, symbol: string, decimals = 18): Token => ({
      contract,
      asset: { id: `${chainId}/erc20:${contract}`, symbol, decimals },
    })
    const chain: Chain = {
      ...{ id: chainId, name: 'Anvil', native, confirmations: 3 },
      tokens: [
        { contract: made.exchange.weth.address, asset: native, wrapsNative: true },
        { ...token(made.stable, 'STB', 6), signers: [signers] },
        token(made.other, 'LIQ'),
        { ...token(made.staked, 'STK'), countsShares: true },
      ],
      bridges: [{ contract: made.bridge.address, protocol: 'THORChain' }],
      explorer: {
        address: 'https://explorer.example/address/',
        transaction: 'https://explorer.example/tx/',
      },
    }
    house = await startLiveHouse({
      ...{ anvil, file: join(folder, 'laundering.sqlite'), chats: [home], chain },
      labels: indexLabels([
        {
          ...{
            address: made.bridge.address,
            name: 'THORChain: Router',
            kind: 'bridge',
            source: 'test',
          },
          ...{ date: '', confidence: 1, isStale: false },
        },
      ]),
      now: () => 1_700_000_600,
    })
    const theft = await anvil.pay(made.contracts.deployer, thief, eth('1000'))
    await anvil.mine()
    await home.say(`case open "Acme" ${thief}=1000ETH@${theft}`)
  }, 60_000)

  afterAll(async () => {
    await house.stop()
    await anvil.stop()
    rmSync(folder, { recursive: true })
  })

  /** Stolen base units of an address by taint first, by the symbol of the asset. */
  async function heldBy(holder: string): Promise<Record<string, bigint>> {
    await house.settle()
    const open = house.context.cases.get('acme')
    const saved = await house.store.readAccounts('acme', [holder])
    return Object.fromEntries(
      saved.flatMap(({ asset, accounts: [account] }) => {
        const amount = account?.holdings[1] ? stolenIn(account.holdings[1]) : 0n
        const symbol = open?.case.assets.find(({ id }) => id === asset)?.symbol ?? asset
        return amount > 0n ? [[symbol, amount]] : []
      }),
    )
  }

  /** Every asset balances under every policy, and nobody holds any but those that the thief has paid. */
  async function expectNoFalseHop(): Promise<void> {
    await house.settle()
    const hops = await house.store.readHops('acme')
    const own = [
      thief,
      mule,
      hop,
      peer,
      last,
      saver,
      one,
      two,
      safeOf.address,
      made.mover.address,
      made.bridge.address,
      vault,
      // What an issuer destroys.
      nobody,
    ]
    expect(hops.map(({ to }) => to).filter((to) => !own.includes(to as Address))).toEqual([])
    for (const ledger of house.context.cases.get('acme')?.trail.ledgers.values() ?? []) {
      for (const index of [0, 1, 2]) {
        const held = [...ledger.totals.values()].reduce(
          (sum, parts) => sum + (parts[index]?.amount ?? 0n),
          0n,
        )
        const { fees, dropped, swappedIn, swappedOut, stolen } = ledger
        expect(held + fees[index]! + dropped[index]! + swappedOut[index]!).toBe(
          stolen + swappedIn[index]!,
        )
      }
    }
  }

  let safeOf: Contract = { address: nobody, abi: [] }

  test('behavior: over Uniswap V2, directly and through a token that nobody has listed', async () => {
    const { contracts, exchange, stable, middle } = made
    const { weth, router, forever } = exchange
    const { call, balanceOf } = contracts
    const direct = [0n, [weth.address, stable.address], mule, forever]
    await call(thief, router, 'swapExactETHForTokens', direct, { value: eth('100') })
    const first = await balanceOf(stable, mule)
    expect(await heldBy(mule)).toEqual({ STB: first })
    const round = [0n, [weth.address, middle.address, stable.address], mule, forever]
    await call(thief, router, 'swapExactETHForTokens', round, { value: eth('50') })
    const both = await balanceOf(stable, mule)
    expect(both).toBeGreaterThan(first)
    expect(await heldBy(mule)).toEqual({ STB: both })
    await expectNoFalseHop()
    const cards = home.messages.map(({ message }) => show(message)).join()
    expect(cards).toContain('came out of a swap of 100 ETH')
  })

  test('behavior: a token swapped back into the native asset, in part', async () => {
    const { contracts, exchange, stable } = made
    const { weth, router, forever } = exchange
    const all = await contracts.balanceOf(stable, mule)
    await contracts.call(mule, stable, 'approve', [router.address, all])
    const before = await anvil.client.getBalance({ address: hop })
    const given = [all / 3n, 0n, [stable.address, weth.address], hop, forever]
    await contracts.call(mule, router, 'swapExactTokensForETH', given)
    const came = (await anvil.client.getBalance({ address: hop })) - before
    expect(await heldBy(hop)).toEqual({ ETH: came })
    expect(await heldBy(mule)).toEqual({ STB: all - all / 3n })
    await expectNoFalseHop()
  })

  test('behavior: wrapped, and over Uniswap V3 to somebody else', async () => {
    const { contracts, exchange, other, pool3 } = made
    const { weth } = exchange
    await contracts.call(thief, weth, 'deposit', [], { value: eth('20') })
    await contracts.call(thief, weth, 'approve', [pool3.router.address, eth('20')])
    await contracts.call(thief, pool3.router, 'exactInputSingle', [
      {
        ...{ tokenIn: weth.address, tokenOut: other.address, fee: pool3.fee, recipient: peer },
        ...{ deadline: exchange.forever, amountIn: eth('20'), amountOutMinimum: 0n },
        sqrtPriceLimitX96: 0n,
      },
    ])
    expect(await heldBy(peer)).toEqual({ LIQ: await contracts.balanceOf(other, peer) })
    await expectNoFalseHop()
  })

  test('behavior: staked in shares, grown, handed on and redeemed', async () => {
    const { contracts, staked } = made
    await contracts.call(thief, staked, 'submit', [], { value: eth('40') })
    const shares = (await contracts.read(staked, 'sharesOf', [thief])) as bigint
    expect((await heldBy(thief)).STK).toBe(shares)
    await contracts.call(contracts.deployer, staked, 'rebase', [], { value: eth('5') })
    await contracts.call(thief, staked, 'transferShares', [saver, shares])
    expect(await heldBy(saver)).toEqual({ STK: shares })
    const before = await anvil.client.getBalance({ address: saver })
    const { gasUsed, effectiveGasPrice } = await contracts.call(saver, staked, 'redeem', [shares])
    const after = await anvil.client.getBalance({ address: saver })
    const came = after - before + gasUsed * effectiveGasPrice
    expect(came).toBeGreaterThan(eth('40'))
    // Gas is paid last, and stolen value first by this rule.
    expect(await heldBy(saver)).toEqual({ ETH: came - gasUsed * effectiveGasPrice })
    await expectNoFalseHop()
  })

  test('behavior: dispersed by a contract, and out of a Safe that a stranger runs', async () => {
    const { contracts, mover, safe, proxies } = made
    const { call, read } = contracts
    const parts = [
      [one, two],
      [eth('3'), eth('4')],
    ]
    await call(thief, mover, 'disperse', parts, { value: eth('7') })
    expect([await heldBy(one), await heldBy(two)]).toEqual([{ ETH: eth('3') }, { ETH: eth('4') }])
    const setup = encodeFunctionData({
      abi: safe.abi,
      functionName: 'setup',
      args: [[thief], 1n, nobody, '0x', nobody, nobody, 0n, nobody],
    })
    const born = await call(thief, proxies, 'createProxyWithNonce', [safe.address, setup, 1n])
    const log = born.logs.find((each) => each.address.toLowerCase() === proxies.address)
    safeOf = { address: `0x${log?.topics[1]?.slice(26)}`, abi: safe.abi }
    await contracts.pay(thief, safeOf.address, eth('60'))
    expect(await heldBy(safeOf.address)).toEqual({ ETH: eth('60') })
    const payment = [last, eth('25'), '0x', 0, 0n, 0n, 0n, nobody, nobody] as const
    const hash = await read(safeOf, 'getTransactionHash', [...payment, 0n])
    await call(thief, safeOf, 'approveHash', [hash])
    const signature = `0x${'0'.repeat(24)}${thief.slice(2)}${'0'.repeat(64)}01`
    await call(relayer, safeOf, 'execTransaction', [...payment, signature])
    expect(await heldBy(last)).toEqual({ ETH: eth('25') })
    expect(await heldBy(safeOf.address)).toEqual({ ETH: eth('35') })
    await expectNoFalseHop()
  })

  test('behavior: over a bridge: chain and address are told before anything settles there', async () => {
    const { contracts, bridge, exchange } = made
    const goal = 'bc1q69fyncfg8x7pcv7tqn5ek74jys5dj4zg6l8'
    const args = [vault, nobody, 0n, `=:BTC.BTC:${goal}:226152565:t:0`, exchange.forever]
    await contracts.call(thief, bridge, 'depositWithExpiry', args, { value: eth('30') })
    await house.settle()
    const hops = await house.store.readHops('acme')
    expect(hops.at(-1)).toMatchObject({
      ...{ to: bridge.address, stop: 'bridge', amount: eth('30') },
      crossing: { bridge: 'THORChain', chain: 'Bitcoin', address: goal, isClaimed: false },
    })
    const { totals } = house.context.cases.get('acme')!.trail.ledgers.get(native.id)!
    expect(totals.get('bridge')?.[1]).toEqual({ amount: eth('30'), addresses: 1 })
    // Native value may go to a vault without a contract, with its memo as calldata.
    const memo = `0x${Buffer.from('s:LTC.LTC:ltc1qx0example').toString('hex')}` as const
    await anvil.send(thief, vault, { value: eth('2'), data: memo })
    await anvil.mine()
    await house.settle()
    const cards = home.messages.map(({ message }) => show(message)).join('\n')
    expect(cards).toContain(`Bitcoin: ${goal}, expected: says THORChain`)
    expect(cards).toContain('Litecoin: ltc1qx0example, says a message in the words of THORChain')
    expect(show(await home.say('trail acme'))).toContain(goal)
    await expectNoFalseHop()
  })

  test('behavior: the issuer freezes: asked for, done and undone, each told once and red', async () => {
    const { contracts, stable } = made
    const { deployer, call } = contracts
    const before = home.messages.length
    const inner = encodeFunctionData({
      abi: stablecoinAbi,
      functionName: 'addBlackList',
      args: [mule],
    })
    const submit = encodeFunctionData({
      abi: parseAbi(['function submitTransaction(address destination, uint256 value, bytes data)']),
      args: [stable.address, 0n, inner],
    })
    await anvil.send(deployer, signers, { data: submit })
    // Asked of somebody else it means nothing.
    await anvil.send(deployer, relayer, { data: submit })
    await anvil.mine()
    await call(deployer, stable, 'addBlackList', [mule])
    await call(deployer, stable, 'addBlackList', [address('6c')])
    await call(deployer, stable, 'removeBlackList', [mule])
    await house.settle()
    const told = home.messages.slice(before).map(({ message }) => message)
    expect(told.map(({ severity }) => severity)).toEqual(['red', 'red', 'amber'])
    const texts = told.map(show)
    expect(texts[0]).toContain('a freeze waits for signatures of the issuer')
    expect(texts[1]).toContain('STB: frozen by the issuer')
    expect(texts[2]).toContain('no longer frozen')
    expect(texts[1]).toContain((await heldBy(mule)).STB ? ' STB' : 'nothing')
    // What it destroys is gone from the trail, and nobody's afterwards.
    const { STB: held = 0n } = await heldBy(mule)
    await call(deployer, stable, 'addBlackList', [mule])
    await call(deployer, stable, 'destroyBlackFunds', [mule])
    expect(await heldBy(mule)).toEqual({})
    const { totals } = [...house.context.cases.get('acme')!.trail.ledgers.values()].find(
      ({ asset }) => asset.endsWith(made.stable.address),
    )!
    expect(totals.get('burn')?.[0]?.amount).toBe(held)
    await call(deployer, stable, 'mint', [relayer, held + 1n])
    await call(deployer, stable, 'removeBlackList', [mule])
    await house.settle()
    await expectNoFalseHop()
  })

  test('behavior: spam around it is no hop: a counterfeit, payments of nothing, and a wild pool', async () => {
    const { contracts, counterfeit, stable } = made
    const { deployer, call } = contracts
    const before = (await house.store.readHops('acme')).length
    await call(deployer, counterfeit, 'mint', [thief, eth('1000')])
    await call(thief, counterfeit, 'transfer', [relayer, eth('500')])
    await call(relayer, stable, 'transfer', [thief, 0n])
    await call(mule, stable, 'transfer', [relayer, 0n])
    await house.settle()
    expect((await house.store.readHops('acme')).length).toBe(before)
    await expectNoFalseHop()
  })

  test('behavior: worked out again it is the same, and the books add up to what they say', async () => {
    await house.settle()
    const open = house.context.cases.get('acme')!
    const before = JSON.stringify([...open.trail.ledgers.values()].map(booksOf))
    const balances = await Promise.all([thief, mule, hop, peer, saver, last].map(heldBy))
    await home.say(`flag ${relayer} person`)
    await home.say(`flag ${two} exchange "Two" `)
    await house.settle()
    await home.say(`unflag ${two}`)
    await house.settle()
    const after = house.context.cases.get('acme')!
    expect(JSON.stringify([...after.trail.ledgers.values()].map(booksOf))).toBe(before)
    expect(await Promise.all([thief, mule, hop, peer, saver, last].map(heldBy))).toEqual(balances)
    const status = show(await home.say('status acme'))
    expect(status).toContain('swapped for another asset')
    expect(status).toContain('from swaps')
  })

  const booksOf = ({ totals, ...ledger }: { totals: ReadonlyMap<string, unknown> }) =>
    JSON.stringify(
      {
        ...ledger,
        ...{ accounts: null, dust: null },
        totals: [...totals].filter(([place]) => place === 'on the trail'),
      },
      (_key, value) => (typeof value === 'bigint' ? `${value}` : value),
    )
})
