import fc from 'fast-check'
import { getContractAddress, toEventSelector } from 'viem'
import { afterEach, describe, expect, test } from 'vitest'
import { checkBlock } from '#adapters/chain/evm/checkBlock.ts'
import { depositTopic, transferTopic, withdrawalTopic } from '#adapters/chain/evm/raw.ts'
import {
  openChain,
  person,
  readAll,
  readTransactions,
  testChain,
  usd,
  usdAsset,
  watchOf,
  weth,
} from '#test/support/evmChain.ts'
import {
  type BlockSpec,
  depositLog,
  type LogSpec,
  makeBlock,
  type TransactionSpec,
  toHex,
  toWord,
  transferLog,
  withdrawalLog,
  zeroHash,
} from '#test/support/fakeBlocks.ts'
import { createFakeNode, type FakeNode } from '#test/support/fakeNode.ts'
import type { Transaction, Watch } from '#types/chain.ts'

const nodes: FakeNode[] = []

afterEach(async () => {
  for (const node of nodes.splice(0)) await node.close()
})

async function open(blocks: BlockSpec[], receipts: 'receipts' | 'logs' = 'receipts') {
  const node = await createFakeNode({ blocks })
  nodes.push(node)
  return { node, ...openChain([{ url: node.url, receipts }]) }
}

async function read(blocks: BlockSpec[], watch: Watch, mode?: 'receipts' | 'logs') {
  const { reader } = await open(blocks, mode)
  return readTransactions(await readAll(reader), watch)
}

const native = testChain.native.id
const [alice, bob, carol, dave, shop] = [1, 2, 3, 4, 5].map(person) as [
  string,
  string,
  string,
  string,
  string,
]
const everybody: Watch = { isWatched: () => true, isService: () => false }
const unknownToken = `0x${'e0'.repeat(20)}`

/** What a transaction moves, worked out from its words alone. */
function expectedTransfers({ from, to, value = 0n, failed, logs = [] }: TransactionSpec) {
  if (failed) return []
  const moves: { position: string; from: string; to: string; asset: string; amount: bigint }[] = []
  let wrapped = false
  const wrap = logs.findIndex(
    ({ address, topics, data }) =>
      value > 0n &&
      to === weth &&
      address === weth &&
      topics[0] === depositTopic &&
      topics[1] === toWord(from) &&
      data === toWord(value),
  )
  if (value > 0n) {
    wrapped = wrap >= 0
    moves.push({
      position: 'v',
      from,
      to: wrapped ? from : String(to),
      asset: native,
      amount: value,
    })
  }
  for (const [place, { address, topics, data = '0x' }] of logs.entries()) {
    if (wrapped && place === wrap) continue
    if (address !== weth && address !== usd) continue
    if (BigInt(data) === 0n) continue
    const owner = (word: string | undefined) => `0x${String(word).slice(26)}`
    const isTransfer = topics[0] === transferTopic
    if (topics.length === 1) continue
    if (!isTransfer && address !== weth) continue
    moves.push({
      position: `l${place}`,
      from: owner(topics[1]),
      to: owner(isTransfer ? topics[2] : topics[1]),
      asset: address === weth ? native : usdAsset.id,
      amount: BigInt(data),
    })
  }
  return moves
}

const someone = fc.integer({ min: 1, max: 9 }).map(person)
const amount = fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 5n }))
const token = fc.constantFrom(weth, usd, unknownToken)
const someLog: fc.Arbitrary<LogSpec> = fc.oneof(
  fc.tuple(token, someone, someone, amount).map((parts) => transferLog(...parts)),
  fc.tuple(token, someone, amount).map((parts) => depositLog(...parts)),
  fc.tuple(token, someone, amount).map((parts) => withdrawalLog(...parts)),
  fc.record({
    address: token,
    topics: fc.constant<string[]>([toWord(9n)]),
    data: fc.constant(toWord(3n)),
  }),
)
const someTransaction: fc.Arbitrary<TransactionSpec> = fc.record({
  from: someone,
  to: fc.oneof(someone, fc.constant(weth)),
  value: amount,
  failed: fc.boolean(),
  logs: fc.array(someLog, { maxLength: 4 }),
})
/** A payment that is wrapped at once, or nearly so. */
const someWrap: fc.Arbitrary<TransactionSpec> = fc
  .tuple(someone, someone, amount, amount, fc.array(someLog, { maxLength: 2 }))
  .map(([from, other, paid, wrapped, logs]) => ({
    from,
    to: weth,
    value: paid,
    logs: [...logs, depositLog(weth, other, wrapped), depositLog(weth, from, wrapped), ...logs],
  }))
const someBlocks = fc.array(
  fc.record({ transactions: fc.array(fc.oneof(someTransaction, someWrap), { maxLength: 6 }) }),
  { minLength: 1, maxLength: 3 },
)

describe('what a block moved', () => {
  test('the topics are those of the events', () => {
    expect(transferTopic).toBe(toEventSelector('Transfer(address,address,uint256)'))
    expect(depositTopic).toBe(toEventSelector('Deposit(address,uint256)'))
    expect(withdrawalTopic).toBe(toEventSelector('Withdrawal(address,uint256)'))
  })

  test('whatever the blocks hold, receipts and logs tell the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        someBlocks,
        fc.uniqueArray(someone, { maxLength: 3 }),
        fc.uniqueArray(someone, { maxLength: 2 }),
        async (blocks, watched, services) => {
          const node = await createFakeNode({ blocks })
          try {
            for (const watch of [watchOf(watched, services), everybody]) {
              const told = await Promise.all(
                (['receipts', 'logs'] as const).map(async (receipts) => {
                  const { reader } = openChain([{ url: node.url, receipts }])
                  return readTransactions(await readAll(reader), watch)
                }),
              )
              expect(told[0]).toEqual(told[1])
              if (watch !== everybody) continue
              const specs = blocks.flatMap(({ transactions }) => transactions)
              // Tokens that nobody has listed only show who traded with whom.
              const listed = told[0]?.map(({ transfers }) =>
                transfers.filter(({ isUnlisted }) => !isUnlisted),
              )
              expect(listed).toEqual(specs.map(expectedTransfers))
            }
          } finally {
            await node.close()
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  test('behavior: whom the watched pay joins, with what it did earlier in the block', async () => {
    const transactions = [
      { from: bob, to: carol, value: 1n },
      { from: dave, to: shop, value: 2n },
      { from: alice, to: bob, value: 3n },
      { from: carol, to: shop, value: 4n },
      { from: shop, to: dave, value: 5n },
    ]
    const told = await read([{ transactions }], watchOf([alice], [shop]))
    // Dave is paid by a service only, but paid the shop, which joined.
    expect(told.map(({ transfers }) => transfers[0]?.amount)).toEqual([1n, 2n, 3n, 4n, 5n])
    const alone = await read([{ transactions }], watchOf([alice], [bob]))
    expect(alone.map(({ transfers }) => transfers[0]?.amount)).toEqual([1n, 3n])
  })

  test('behavior: nothing is told where nobody is watched, in either case of an address', async () => {
    const mixed = usd.toUpperCase().replace('X', 'x')
    const logs = [transferLog(mixed, alice, person(10), 4n)]
    const transactions = [{ from: shop, to: mixed, logs }]
    expect(await read([{ transactions }], watchOf([bob]))).toEqual([])
    const [told] = await read([{ transactions }], watchOf([person(10)]))
    expect(told?.transfers).toEqual([
      { position: 'l0', from: alice, to: person(10), asset: usdAsset.id, amount: 4n },
    ])
  })

  test.each([
    'receipts',
    'logs',
  ] as const)('behavior: to wrap and to unwrap are moves to oneself, each told once, by %s', async (mode) => {
    const transactions = [
      {
        from: alice,
        to: weth,
        value: 5n,
        logs: [depositLog(weth, bob, 5n), depositLog(weth, alice, 5n), depositLog(weth, alice, 5n)],
      },
      { from: alice, to: shop, logs: [withdrawalLog(weth, alice, 2n)] },
      { from: alice, to: weth, value: 5n, logs: [depositLog(weth, alice, 4n)] },
      { from: bob, to: weth, value: 1n, logs: [depositLog(weth, bob, 1n)] },
      { from: carol, to: weth, value: 1n, logs: [depositLog(weth, carol, 1n)] },
    ]
    const told = await read([{ transactions }], watchOf([alice]), mode)
    const self = { from: alice, to: alice, asset: native }
    expect(told.map(({ transfers }) => transfers)).toEqual([
      [
        { ...self, position: 'v', amount: 5n },
        { position: 'l0', from: bob, to: bob, asset: native, amount: 5n },
        { ...self, position: 'l2', amount: 5n },
      ],
      [{ ...self, position: 'l0', amount: 2n }],
      [
        { position: 'v', from: alice, to: weth, asset: native, amount: 5n },
        { ...self, position: 'l0', amount: 4n },
      ],
    ])
  })

  test('behavior: malformed logs are no transfers', async () => {
    const sound = transferLog(usd, alice, bob, 4n)
    const logs = [
      { ...sound, data: '0x' },
      { ...sound, data: `${sound.data}00` },
      { ...sound, topics: [...sound.topics, toWord(1n)] },
      { ...sound, topics: sound.topics.slice(0, 2) },
      sound,
    ]
    const [told] = await read([{ transactions: [{ from: alice, to: usd, logs }] }], everybody)
    expect(told?.transfers.map(({ position }) => position)).toEqual(['l4'])
  })
})

async function feeOf(spec: Partial<TransactionSpec>): Promise<Transaction['fee']> {
  const transactions = [{ from: alice, to: bob, value: 1n, ...spec }]
  const [told] = await read([{ transactions }], everybody)
  expect(told?.fee).toMatchObject({ from: alice, asset: native })
  return told?.fee
}

describe('fees and creations', () => {
  test('gas at the effective price', async () => {
    expect((await feeOf({ gasUsed: 100, gasPrice: 3n }))?.amount).toBe(300n)
  })

  test('a failed transaction moves nothing and costs its gas', async () => {
    const transactions = [{ from: alice, to: bob, value: 1n, failed: true, gasUsed: 10 }]
    const told = await read([{ transactions }], everybody)
    expect(told).toMatchObject([{ transfers: [], fee: { amount: 70n } }])
  })

  test('old receipts: a root in place of a status, no effective price', async () => {
    const receipt = { status: undefined, root: toWord(1n), effectiveGasPrice: undefined }
    const transactions = [{ from: alice, to: bob, value: 1n, gasPrice: 5n, gasUsed: 4, receipt }]
    const [told] = await read([{ transactions }], everybody)
    expect(told?.transfers).toHaveLength(1)
    expect(told?.fee?.amount).toBe(20n)
  })

  test('blobs are paid for', async () => {
    const receipt = { blobGasUsed: toHex(1000), blobGasPrice: toHex(2) }
    expect((await feeOf({ type: '0x3', gasUsed: 10, receipt }))?.amount).toBe(2070n)
    expect((await feeOf({ type: '0x2', gasUsed: 10, receipt }))?.amount).toBe(70n)
  })

  test('a rollup takes what its base chain and its operator cost', async () => {
    const scalars = { operatorFeeScalar: toHex(2_000_000), operatorFeeConstant: toHex(5) }
    const receipt = { l1Fee: toHex(1000), ...scalars }
    expect((await feeOf({ gasUsed: 10, receipt }))?.amount).toBe(70n + 1000n + 20n + 5n)
    const jovian = { ...scalars, operatorFeeScalar: toHex(2), daFootprintGasScalar: toHex(400) }
    expect((await feeOf({ gasUsed: 10, receipt: jovian }))?.amount).toBe(70n + 2000n + 5n)
    expect((await feeOf({ type: '0x7e', gasUsed: 10, receipt }))?.amount).toBe(0n)
  })

  test.each(['receipts', 'logs'] as const)('a created contract is paid, by %s', async (mode) => {
    const from = alice as `0x${string}`
    const contract = getContractAddress({ from, nonce: 0n })
    const receipt = { contractAddress: contract }
    const transactions = [{ from: alice, to: null, value: 9n, receipt }]
    const watch = watchOf([contract.toLowerCase()])
    const [told] = await read([{ transactions }], watch, mode)
    expect(told?.transfers).toMatchObject([{ position: 'v', to: contract.toLowerCase() }])
  })
})

describe('withdrawals of validators', () => {
  const paid = (address: string, amount: string) => {
    return { index: '0x1', validatorIndex: '0x2', address, amount }
  }
  const withdrawals = [
    paid(bob, '0x5'),
    paid(alice.toUpperCase().replace('0X', '0x'), '0x3b9aca00'),
  ]

  test.each([
    'receipts',
    'logs',
  ] as const)('come after the transactions, in Gwei, by %s', async (mode) => {
    const told = await read(
      [{ transactions: [{ from: alice, to: carol, value: 1n }], withdrawals }, { withdrawals }],
      watchOf([alice]),
      mode,
    )
    const whole = { from: 'validators', to: alice, asset: native, amount: 10n ** 18n }
    expect(told).toHaveLength(3)
    expect(told[1]?.hash).toMatch(/^withdrawals:0x[0-9a-f]{64}$/)
    expect(told.slice(1).map(({ transfers }) => transfers)).toEqual([
      [{ position: 'w1', ...whole }],
      [{ position: 'w1', ...whole }],
    ])
    expect(told[1]?.fee).toBeUndefined()
  })

  test('behavior: whom the watched pay is paid too; of others nothing is told', async () => {
    const blocks = [{ transactions: [{ from: carol, to: bob, value: 1n }], withdrawals }]
    const [, last] = await read(blocks, watchOf([carol]))
    expect(last?.transfers.map(({ to }) => to)).toEqual([bob])
    expect(await read([{ withdrawals }], watchOf([carol]))).toEqual([])
  })

  test.each([
    ['no list', 5],
    ['no amount', [{ address: bob }]],
    ['no address', [paid('bob', '0x1')]],
  ])('error: %s is refused', (_what, broken) => {
    const { header } = makeBlock(1, zeroHash, {})
    const sound = { ...header, transactions: [], withdrawals: [paid(bob, '0x1')] }
    expect(checkBlock(sound, { number: 1 })).toBe(sound)
    expect(() => checkBlock({ ...sound, withdrawals: broken }, { number: 1 })).toThrow(
      /withdrawals/,
    )
  })
})

describe('calls', () => {
  const quiet = {
    transactions: [{ from: alice, to: bob, value: 1n, logs: [transferLog(usd, alice, bob, 1n)] }],
  }

  test.each(['receipts', 'logs'] as const)('two calls a block, by %s', async (mode) => {
    const { node, reader } = await open(
      Array.from({ length: 20 }, () => quiet),
      mode,
    )
    const blocks = await readAll(reader)
    expect(await readTransactions(blocks, watchOf([shop]))).toEqual([])
    const heads = node.calls.get('eth_getBlockByNumber') ?? 0
    const rest = node.countCalls() - heads - (node.calls.get('eth_chainId') ?? 0)
    // Two of them are for heads: the newest and the finalized. The last block is asked for by its hash.
    expect(heads - 2 + rest).toBe(2 * blocks.length)
  })

  test('by logs, one call more for each transaction that touches what is watched', async () => {
    const { node, reader } = await open(
      [{ transactions: [...quiet.transactions, { from: shop }, { from: bob, to: carol }] }],
      'logs',
    )
    const blocks = await readAll(reader)
    node.clearCalls()
    expect(await readTransactions(blocks, watchOf([alice]))).toHaveLength(2)
    expect([...node.calls]).toEqual([['eth_getTransactionReceipt', 2]])
  })
})
