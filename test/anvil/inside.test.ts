import {
  encodeFunctionData,
  parseEther as eth,
  getContractAddress,
  type Hex,
  parseAbi,
  type Address as ViemAddress,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEvmChain } from '#adapters/chain/evm/createEvmChain.ts'
import type { EvmProvider } from '#adapters/chain/evm/settings.ts'
import { type Anvil, anvilChain, hasAnvil, startAnvil } from '#test/support/anvil.ts'
import type { Transaction, Transfer } from '#types/chain.ts'
import { testMoverCode } from './testMover.ts'

const address = (digit: string): ViemAddress => `0x${digit.repeat(40)}`
const [thief, one, two, three] = [...'a123'].map(address) as [
  ViemAddress,
  ViemAddress,
  ViemAddress,
  ViemAddress,
]

const abi = parseAbi([
  'function disperse(address[] to, uint256[] amounts) payable',
  'function pay(address to, uint256 amount)',
  'function tip() payable',
  'function mix(address token, address to, uint256 tokens, address[] paid) payable',
  'function wrapAndSend(address weth, address to) payable',
  'function unwrapAndSend(address weth, address to, uint256 amount)',
  'function create(address heir) payable',
  'function tryPay(address to) payable',
])

describe.runIf(hasAnvil)('what contracts pay, on a real node', () => {
  let anvil: Anvil
  let mover: ViemAddress
  let weth: ViemAddress

  beforeAll(async () => {
    anvil = await startAnvil()
    weth = (await anvil.deploy()) as ViemAddress
    await anvil.endow(thief, eth('1000'))
    const hash = await anvil.send(thief, null, { data: testMoverCode, gas: 3_000_000n })
    await anvil.mine()
    mover = (await anvil.client.waitForTransactionReceipt({ hash })).contractAddress as ViemAddress
    mover = mover.toLowerCase() as ViemAddress
  })

  afterAll(() => anvil.stop())

  /** Reads the newest block as somebody who watches these addresses. */
  async function read(
    watched: readonly string[],
    {
      provider = {},
      hasContract = false,
    }: { provider?: Partial<EvmProvider>; hasContract?: boolean } = {},
  ): Promise<{ transactions: Transaction[]; calls: string[] }> {
    const calls: string[] = []
    const chain = anvilChain({ weth })
    const reader = createEvmChain(chain, {
      providers: [{ url: anvil.url, ...provider }],
      onCall: (method) => calls.push(method),
    })
    const block = await anvil.client.getBlock()
    const number = Number(block.number)
    const fetched = await reader.readBlockAfter(number - 1, { number, hash: block.hash as Hex })
    const transactions = await fetched?.readTransactions({
      isWatched: (each) => watched.includes(each),
      isService: () => false,
      hasContract,
    })
    return { transactions: transactions ?? [], calls }
  }

  async function run(
    functionName: (typeof abi)[number]['name'],
    args: readonly unknown[],
    { value = 0n, from = thief as string } = {},
  ): Promise<void> {
    const data = encodeFunctionData({ abi, functionName, args } as Parameters<
      typeof encodeFunctionData
    >[0])
    await anvil.send(from, mover, { value, data })
    await anvil.mine()
  }

  const show = (transfers: readonly Transfer[] = []) =>
    transfers.map(({ position, from, to, amount, isFee }) => [
      position,
      nameOf(from),
      nameOf(to),
      amount,
      ...(isFee ? ['fee'] : []),
    ])
  const nameOf = (of: string) =>
    ({ [thief]: 'thief', [mover]: 'mover', [one]: 'one', [two]: 'two', [weth]: 'weth' })[of] ?? of

  for (const traces of ['debug', 'parity'] as const) {
    test(`behavior: a disperser is seen through, by ${traces}`, async () => {
      await run(
        'disperse',
        [
          [one, two],
          [30n, 12n],
        ],
        { value: 42n },
      )
      const { transactions, calls } = await read([thief], { provider: { traces } })
      expect(show(transactions[0]?.transfers)).toEqual([
        ['v', 'thief', 'mover', 42n],
        ['i0', 'mover', 'one', 30n],
        ['i1', 'mover', 'two', 12n],
      ])
      const asked = traces === 'debug' ? 'debug_traceTransaction' : 'trace_transaction'
      expect(calls.filter((call) => call.includes('trace'))).toEqual([asked])
    })

    test(`behavior: payments and logs stand in the order in which they happened, by ${traces}`, async () => {
      await anvil.mint(weth, mover, 50n)
      await anvil.mine()
      await run('mix', [weth, two, 50n, [one, three]], { value: 11n })
      const { transactions } = await read([thief], { provider: { traces } })
      expect(show(transactions[0]?.transfers)).toEqual([
        ['v', 'thief', 'mover', 11n],
        ['i0', 'mover', 'one', 5n],
        ['l0', 'mover', 'two', 50n],
        ['i1', 'mover', three, 6n],
      ])
    })

    test(`behavior: what is wrapped or unwrapped inside changes no owner, by ${traces}`, async () => {
      await run('wrapAndSend', [weth, one], { value: 7n })
      const wrapped = await read([thief], { provider: { traces } })
      expect(show(wrapped.transactions[0]?.transfers)).toEqual([
        ['v', 'thief', 'mover', 7n],
        ['i0', 'mover', 'mover', 7n],
        ['l1', 'mover', 'one', 7n],
      ])
      await anvil.endow(weth, 100n)
      await anvil.mint(weth, mover, 9n)
      await anvil.mine()
      await run('unwrapAndSend', [weth, two, 9n])
      const { transactions } = await read([thief], { provider: { traces } })
      // To unwrap is a move to oneself.
      expect(show(transactions[0]?.transfers)).toEqual([
        ['l0', 'mover', 'mover', 9n],
        ['i1', 'mover', 'two', 9n],
      ])
    })

    test(`behavior: creation with value and self-destruction pay, what fails does not, by ${traces}`, async () => {
      await run('create', [one], { value: 5n })
      const child = getContractAddress({
        from: mover,
        nonce: BigInt((await anvil.client.getTransactionCount({ address: mover })) - 1),
      }).toLowerCase()
      const created = await read([thief], { provider: { traces } })
      expect(show(created.transactions[0]?.transfers)).toEqual([
        ['v', 'thief', 'mover', 5n],
        ['i0', 'mover', child, 5n],
        ['i1', child, 'one', 5n],
      ])
      await run('tryPay', [one], { value: 6n })
      const { transactions } = await read([thief], { provider: { traces } })
      expect(show(transactions[0]?.transfers)).toEqual([
        ['v', 'thief', 'mover', 6n],
        ['i0', 'mover', 'thief', 6n],
      ])
    })

    test(`behavior: what goes to whoever makes the block is a fee, by ${traces}`, async () => {
      await run('tip', [], { value: 3n })
      const { transactions } = await read([thief], { provider: { traces } })
      const zero = address('0')
      expect(show(transactions[0]?.transfers)).toEqual([
        ['v', 'thief', 'mover', 3n],
        ['i0', 'mover', zero, 3n, 'fee'],
      ])
    })

    test(`behavior: a contract that holds stolen value is seen when a stranger makes it pay, by ${traces}`, async () => {
      await anvil.pay(thief, mover, 80n)
      await anvil.mine()
      await anvil.endow(three, eth('1'))
      await run('pay', [two, 80n], { from: three })
      const { transactions, calls } = await read([mover], {
        provider: { traces },
        hasContract: true,
      })
      expect(show(transactions[0]?.transfers)).toEqual([['i0', 'mover', 'two', 80n]])
      const asked = traces === 'debug' ? 'debug_traceBlockByHash' : 'trace_block'
      expect(calls.filter((call) => call.includes('trace'))).toEqual([asked])
    })
  }

  test('behavior: a plain payment and one of a token cost no trace', async () => {
    await anvil.mint(weth, thief, 50n)
    await anvil.mine()
    await anvil.pay(thief, one, 5n)
    await anvil.transfer(thief, weth, two, 5n)
    await anvil.mine()
    const { transactions, calls } = await read([thief])
    expect(transactions.length).toBe(2)
    expect(transactions.some(({ isPartial }) => isPartial)).toBe(false)
    expect(calls.filter((call) => call.includes('trace'))).toEqual([])
  })

  test('behavior: without traces a transaction says that it is told in part', async () => {
    await run('disperse', [[one], [42n]], { value: 42n })
    const { transactions } = await read([thief], { provider: { traces: 'none' } })
    expect(transactions.map(({ isPartial }) => isPartial)).toEqual([true])
    expect(show(transactions[0]?.transfers)).toEqual([['v', 'thief', 'mover', 42n]])
  })

  test('behavior: whom a contract pays may pay on in the same block', async () => {
    await anvil.endow(one, eth('1'))
    const data = encodeFunctionData({
      abi,
      functionName: 'disperse',
      args: [[one], [eth('2')]],
    })
    await anvil.client.setNextBlockBaseFeePerGas({ baseFeePerGas: 0n }).catch(() => undefined)
    await anvil.send(thief, mover, { value: eth('2'), data })
    await anvil.pay(one, three, 77n)
    await anvil.mine()
    const { transactions } = await read([thief])
    expect(transactions.flatMap(({ transfers }) => show(transfers))).toContainEqual([
      'v',
      'one',
      three,
      77n,
    ])
  })
})
