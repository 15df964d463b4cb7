import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import {
  type AbiEvent,
  type AbiParameter,
  concat,
  decodeAbiParameters,
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  parseAbiItem,
  parseAbiParameters,
  slice,
  toHex,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { protocols } from '#adapters/chain/evm/bridges/index.ts'
import type { RawLog, RawTransaction } from '#adapters/chain/evm/raw.ts'
import {
  readCrossings,
  readHanded,
  readPayout,
  readSettlements,
} from '#adapters/chain/evm/readCrossings.ts'
import { selectTransactions, touchesWatched } from '#adapters/chain/evm/selectTransactions.ts'
import { bridgeContracts } from '#config/chains/bridges.ts'
import { chains } from '#config/chains/index.ts'
import { chainAssets } from '#test/support/chainAssets.ts'
import type { Watch } from '#types/chain.ts'

const of = (protocol: string, name?: string) =>
  bridgeContracts.find(
    (each) =>
      each.chain === 'eip155:1' && each.protocol === protocol && (!name || each.name === name),
  )?.contract ?? ''
const assets = chainAssets('eip155:1')
const plain = { hash: `0x${'ab'.repeat(32)}`, to: of('THORChain'), input: '0x' } as RawTransaction
const word = (digits: string) => `0x${digits.padStart(64, '0')}` as Hex
const someone = '5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'

/** A log as the contract would write it. */
function logOf(address: string, event: string | AbiEvent, args: Record<string, unknown>): RawLog {
  const item = typeof event === 'string' ? (parseAbiItem(event as string) as AbiEvent) : event
  const topics = encodeEventTopics({ abi: [item], eventName: item.name, args })
  const rest = item.inputs.filter((input) => !('indexed' in input && input.indexed))
  const data = encodeAbiParameters(rest, rest.map(({ name }) => args[name ?? '']) as never)
  return { address, topics, data } as unknown as RawLog
}

const swapNative =
  'event SwapNative(uint32 dstChain, bytes dstAddress, uint32 dstToken, uint256 amount, address indexed sender, bytes cfParameters)'
const deposit =
  'event Deposit(address indexed to, address indexed asset, uint256 amount, string memo)'
const fundsDeposited =
  'event FundsDeposited(bytes32 inputToken, bytes32 outputToken, uint256 inputAmount, uint256 outputAmount, uint256 indexed destinationChainId, uint256 indexed depositId, uint32 quoteTimestamp, uint32 fillDeadline, uint32 exclusivityDeadline, bytes32 indexed depositor, bytes32 recipient, bytes32 exclusiveRelayer, bytes message)'
describe('readCrossings', () => {
  const vault = `0x${someone}`

  test('THORChain: as an event of its test net on Ethereum has it (THORNode, MIT), no swap goes nowhere', () => {
    const data =
      '0x0000000000000000000000000000000000000000000000004563918244f40000000000000000000000000000000000000000000000000000000000000000004000000000000000000000000000000000000000000000000000000000000000384144443a4554482e4554483a7474686f72313678786e30636164727575773661327177707633356176306d6568727976647a7a6a7a3361660000000000000000'
    const topics = [
      '0xef519b7eb82aaf6ac376a6df2d793843ebfd593de5f1a0601d3cc6ab49ebb395',
      '0x00000000000000000000000058e99c9c4a20f5f054c737389fdd51d7ed9c7d2a',
      word('0'),
    ]
    const log = { address: of('THORChain'), topics, data } as unknown as RawLog
    expect(readCrossings(plain, { logs: [log], assets })).toEqual([])
  })

  test('each bridge says where to', () => {
    const memo = '=:BTC.BTC:bc1q69fyncfg8x7pcv7tqn5ek74jys5dj4zg6l8:0'
    const bitcoin = 'bc1q69fyncfg8x7pcv7tqn5ek74jys5dj4zg6l8'
    const logs = [
      logOf(of('THORChain'), deposit, { to: vault, asset: vault, amount: 1n, memo }),
      logOf(of('Chainflip'), swapNative, {
        ...{ dstChain: 3, dstAddress: toHex(bitcoin), dstToken: 5, amount: 1n },
        ...{ sender: vault, cfParameters: '0x' },
      }),
      logOf(of('Across'), fundsDeposited, {
        ...{ inputToken: word('1'), outputToken: word('2'), inputAmount: 1n, outputAmount: 1n },
        ...{ destinationChainId: 42161n, depositId: 7n, quoteTimestamp: 1, fillDeadline: 2 },
        ...{ exclusivityDeadline: 3, depositor: word(someone), recipient: word(someone) },
        ...{ exclusiveRelayer: word('0'), message: '0x' },
      }),
    ]
    const told = readCrossings(plain, { logs, assets })
    expect(told.map(({ bridge, chain, address }) => [bridge, chain, address])).toEqual([
      ['THORChain', 'Bitcoin', bitcoin],
      ['Chainflip', 'Bitcoin', bitcoin],
      ['Across', 'eip155:42161', vault],
    ])
  })

  test('what is no listed bridge says nothing, and broken events do not either', () => {
    const memo = '=:BTC.BTC:bc1qabc'
    const args = { to: vault, asset: vault, amount: 1n, memo }
    const forged = logOf(vault, deposit, args)
    const sound = logOf(of('THORChain'), deposit, args)
    const broken = { ...sound, data: sound.data.slice(0, 70) }
    expect(readCrossings(plain, { logs: [forged, broken], assets })).toEqual([])
  })

  test('a memo that came with a plain payment is a claim', () => {
    const input = toHex('=:BTC.BTC:bc1qabc')
    const told = readCrossings({ ...plain, to: vault, input }, { logs: [], assets })
    expect(told).toEqual([
      {
        ...{ bridge: 'THORChain', by: vault, chain: 'Bitcoin', address: 'bc1qabc' },
        ...{ isClaimed: true, key: `thorchain:${plain.hash.slice(2)}` },
      },
    ])
    expect(readCrossings({ ...plain, input: '0x3d3a00ff' }, { logs: [], assets })).toEqual([])
  })
})

/** A log as it was recorded, and where. `pair` holds the two ends of one crossing. */
type Recorded = {
  what: string
  chain: string
  transaction: string
  address: string
  topics: Hex[]
  data: Hex
  source: string
  pair?: string
  leg?: 'source' | 'destination'
}

const recorded: Recorded[] = JSON.parse(
  readFileSync(new URL('../../../data/bridge-events/events.json', import.meta.url), 'utf8'),
)
const isShipped = ({ chain }: Recorded) => chains.some(({ id }) => id === chain)
const crossingsOf = ({ chain, transaction: hash, ...log }: Recorded) =>
  readCrossings({ hash } as RawTransaction, {
    logs: [log as unknown as RawLog],
    assets: chainAssets(chain),
  })
const keysOf = ({ chain, ...log }: Recorded) =>
  readSettlements({ logs: [log as unknown as RawLog], assets: chainAssets(chain) }).map(
    ({ key }) => key,
  )
const pairs = [...Map.groupBy(recorded, ({ pair }) => pair)].flatMap(([pair, ends]) => {
  const source = ends.find(({ leg }) => leg === 'source')
  const target = ends.find(({ leg }) => leg === 'destination')
  return pair && source && target
    ? [[source.what.split(' - ')[1] ?? '', source, target] as const]
    : []
})

describe('events as they were recorded', () => {
  const told = pairs.filter(([, source]) => !source.what.startsWith('OFTSent') && isShipped(source))

  test('there are both ends of many', () => {
    expect(told.length).toBe(13)
    expect(pairs.length).toBeGreaterThan(told.length)
  })

  test.each(told)('%s: the near side says where to, the far side for what', (_, source, target) => {
    const [crossing, ...more] = crossingsOf(source)
    expect(more).toEqual([])
    expect(crossing?.isClaimed).toBe(false)
    expect([crossing?.key]).toEqual(keysOf(target))
    const name = chains.find(({ id }) => id === target.chain)
    expect([name?.id, name?.name]).toContain(crossing?.chain)
    expect(crossing?.address).toMatch(/^0x[0-9a-f]{40}$/)
    if (crossing?.bridge === 'LayerZero') return
    // What it took is an asset that ships, and the far side names the same payee.
    const { tokens, native } = chainAssets(source.chain)
    const assets = [native, ...[...tokens.values()].map(({ asset }) => asset.id)]
    expect(assets).toContain(crossing?.asset)
    expect(`${target.data}${target.topics.join('')}`).toContain(crossing?.address.slice(2))
  })

  const received = pairs.filter(([, source, target]) => {
    const isToken = source.what.startsWith('OFTSent')
    return isToken && isShipped(target)
  })
  test.each(received)('%s: the far side names the packet and the payee', (_, source, target) => {
    expect(keysOf(target)).toEqual([`layerzero:${source.topics[1]}`])
    const payee = readPayout(target as unknown as RawLog, chainAssets(target.chain))?.payout.payee
    expect(payee).toBe(`0x${target.topics[2]?.slice(26)}`)
  })

  test('deBridge: a filled order names itself and its payee', () => {
    const [, source, target] = pairs.find(([, { what }]) => what.startsWith('deBridge')) ?? []
    if (!source || !target) throw new RangeError('No order was recorded.')
    const order = source.data.slice(2 + 64, 2 + 128)
    expect(keysOf(target)).toEqual([`debridge:0x${order}`])
    const payout = readPayout(target as unknown as RawLog, chainAssets(target.chain))?.payout
    expect(target.data).toContain(payout?.payee?.slice(2))
    expect(payout?.amount).toBe(4_944_539_875_793_200n)
  })

  test('Wormhole: a transfer to Solana names chain, token and number', () => {
    const message = recorded.find(({ what }) => what.startsWith('Wormhole LogMessagePublished'))
    if (!message) throw new RangeError('No message was recorded.')
    expect(crossingsOf(message)).toMatchObject([
      {
        ...{ bridge: 'Wormhole', chain: 'Solana', isClaimed: false },
        address: 'HAPmdfm1CrhAEXtHbAMP5KLNvVhNxyHYJcGNKQoRDSuY',
        asset: 'eip155:1/erc20:0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48',
        key: `wormhole:2:0x3ee18b2214aff97000d974cf647e7c347e8fa585:${0x212b2}`,
      },
    ])
  })

  test('Circle: the message of a burn says what the event of the same transaction says', () => {
    const { data, topics } =
      recorded.find(({ what }) => what.startsWith('CCTP v1 DepositFor')) ?? {}
    const sent = recorded.find(({ what }) => what === 'CCTP v1 MessageSent of the same tx')
    if (!data || !topics || !sent) throw new RangeError('No burn was recorded.')
    const words = Array.from({ length: 5 }, (_, place) => slice(data, 32 * place, 32 * place + 32))
    const [amount = '0x', payee = '0x', domain = '0x'] = words
    expect(Number(domain)).toBe(2)
    expect(crossingsOf(sent)).toMatchObject([
      {
        ...{ bridge: 'CCTP', chain: 'OP Mainnet', isClaimed: false, amount: BigInt(amount) },
        address: `0x${payee.slice(26)}`,
        asset: `eip155:1/erc20:0x${topics[2]?.slice(26)}`,
        key: `cctp:0:${BigInt(topics[1] ?? 0)}`,
      },
    ])
  })

  test('LayerZero: USDT0 says whom it pays', () => {
    const sent = recorded.find(({ what }) => what.startsWith('LayerZero V2 PacketSent: USDT0'))
    if (!sent) throw new RangeError('No packet was recorded.')
    expect(crossingsOf(sent)).toMatchObject([
      { bridge: 'LayerZero', by: of('LayerZero', 'USDT0'), chain: 'eip155:137', isClaimed: false },
    ])
  })

  test('LayerZero: a packet is named by the hash of its number and path', () => {
    const sent = recorded.find(({ what }) => what.startsWith('LayerZero V2 PacketSent: Stargate'))
    if (!sent) throw new RangeError('No packet was recorded.')
    const [packet] = decodeAbiParameters(parseAbiParameters('bytes, bytes, address'), sent.data)
    const part = (start: number, end: number) => slice(packet, start, end)
    // It went to Optimism, in a bus, which names nobody.
    expect(Number(part(45, 49))).toBe(30111)
    const delivered = logOf(
      of('LayerZero'),
      'event PacketDelivered((uint32 srcEid, bytes32 sender, uint64 nonce) origin, address receiver)',
      {
        origin: {
          srcEid: Number(part(9, 13)),
          sender: part(13, 45),
          nonce: BigInt(part(1, 9)),
        },
        receiver: part(61, 81),
      },
    )
    const optimism = chainAssets('eip155:10')
    expect(readSettlements({ logs: [delivered], assets: optimism })).toEqual([
      { bridge: 'LayerZero', key: `layerzero:${part(81, 113)}` },
    ])
    const own = { ...sent, chain: 'eip155:1', address: of('LayerZero') }
    expect(crossingsOf(own)).toEqual([])
  })
})

/** Any value of a Solidity type, as a contract of anybody may write it. */
function anyOf({
  type,
  components = [],
}: AbiParameter & { components?: readonly AbiParameter[] }): fc.Arbitrary<unknown> {
  if (type === 'tuple') {
    return fc.record(Object.fromEntries(components.map((each) => [each.name, anyOf(each)])))
  }
  if (type === 'string') return fc.string()
  if (type === 'address') return fc.constant(`0x${someone}`)
  const bits = /^uint(\d+)$/.exec(type)?.[1]
  if (bits) {
    const max = 2n ** BigInt(bits) - 1n
    return fc.bigInt({ min: 0n, max }).map((each) => (Number(bits) > 48 ? each : Number(each)))
  }
  const size = /^bytes(\d+)$/.exec(type)?.[1]
  const length = size ? { minLength: Number(size), maxLength: Number(size) } : { maxLength: 200 }
  return fc.uint8Array(length).map((bytes) => toHex(bytes))
}

describe('what contracts of bridges may write', () => {
  const events = Object.entries(protocols).flatMap(([name, protocol]) =>
    [...(protocol?.deposits ?? []), ...(protocol?.payouts ?? [])].flatMap((item) =>
      item.type === 'event' ? [[`${name}: ${item.name}`, name, item] as const] : [],
    ),
  )

  test.each(events)('property: whatever stands in %s, the block can be read', (_, name, item) => {
    const contracts = bridgeContracts.filter(
      ({ chain, protocol }) => chain === 'eip155:1' && protocol === name,
    )
    const args = fc.record(
      Object.fromEntries(item.inputs.map((input) => [input.name ?? '', anyOf(input)])),
    )
    fc.assert(
      fc.property(args, (given) => {
        for (const { contract } of contracts) {
          const log = logOf(contract, item, given)
          expect(() => {
            readCrossings(plain, { logs: [log], assets })
            readSettlements({ logs: [log], assets })
            readHanded({ logs: [log], assets })
          }).not.toThrow()
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('LayerZero', () => {
  const endpoint = of('LayerZero')
  const sentBy = (sender: string, message: Hex) =>
    logOf(endpoint, 'event PacketSent(bytes encodedPayload, bytes options, address sendLibrary)', {
      encodedPayload: concat([
        ...(['0x01', word('7').replace(/^0x0{48}/, '0x') as Hex, '0x00007595'] as Hex[]),
        ...([word(sender.slice(2)), '0x000075e8', word('9'), word('abc'), message] as Hex[]),
      ]),
      ...{ options: '0x', sendLibrary: endpoint },
    })
  const toSomeone = concat([word(someone), '0x0000000000000001'])
  const taxi = concat(['0x01', '0x000d', word(someone), '0x0000000000000001'])
  const read = (log: RawLog) => readCrossings(plain, { logs: [log], assets })

  test('a token and a pool say whom they pay', () => {
    const about = { bridge: 'LayerZero', chain: 'eip155:8453', address: `0x${someone}` }
    const key = `layerzero:${word('abc')}`
    const listed = of('Stargate', 'Token Messaging')
    expect(read(sentBy(listed, taxi))).toEqual([{ ...about, by: listed, isClaimed: false, key }])
    const usdt0 = of('LayerZero', 'USDT0')
    expect(read(sentBy(usdt0, toSomeone))).toEqual([{ ...about, by: usdt0, isClaimed: false, key }])
  })

  test('behavior: what a contract says that nobody has listed is a claim', () => {
    const own = `0x${'e'.repeat(40)}`
    expect(read(sentBy(own, toSomeone))).toMatchObject([{ by: own, isClaimed: true }])
    // Other messages name nobody.
    expect(read(sentBy(own, '0x1234'))).toEqual([])
    expect(read(sentBy(own, concat([word('f'.repeat(64)), '0x0000000000000001'])))).toEqual([])
  })
})

describe('what is read of a block', () => {
  const named = `0x${someone}`
  const watch = { isWatched: (address: string) => address === named, isService: () => true }
  const called = (to: string) =>
    ({ hash: '0x1', from: `0x${'9'.repeat(40)}`, to, value: '0x0', input: '0x' }) as RawTransaction
  const isRead = (to: string, logs: RawLog[], more: Partial<Watch> = {}) => {
    const contents = { transactions: [called(to)], logs: [logs], assets }
    const [whole, all] = [touchesWatched, selectTransactions].map((read) =>
      read(contents, { ...watch, ...more }),
    )
    expect(whole).toBe(Array.isArray(all) && all.length > 0)
    return whole
  }

  test('a payout that names nobody, where it is waited for', () => {
    const bridgeOf = of('Wormhole', 'Token Bridge')
    const redeemed = logOf(
      bridgeOf,
      'event TransferRedeemed(uint16 indexed emitterChainId, bytes32 indexed emitterAddress, uint64 indexed sequence)',
      { emitterChainId: 30, emitterAddress: word('abc'), sequence: 7n },
    )
    const [{ key } = { key: '' }] = readSettlements({ logs: [redeemed], assets })
    expect(isRead(bridgeOf, [redeemed])).toBe(false)
    expect(isRead(bridgeOf, [redeemed], { isExpected: (each) => each === key })).toBe(true)
    // Nobody else's event is believed.
    const forged = { ...redeemed, address: named.replace('5a', '5b') }
    expect(isRead(bridgeOf, [forged], { isExpected: () => true })).toBe(false)
  })

  test('a call of a vault that pays out without a word, while that is waited for', () => {
    const vault = of('Chainflip')
    expect(isRead(vault, [])).toBe(false)
    expect(isRead(vault, [], { mayPayOut: (address) => address === vault })).toBe(true)
  })

  test('whoever was named, and whoever is paid in their place', () => {
    const claim =
      'event WithdrawalClaimed(uint256 indexed requestId, address indexed owner, address indexed receiver, uint256 amountOfETH)'
    const other = `0x${'e'.repeat(40)}`
    const log = logOf(of('Lido'), claim, {
      ...{ requestId: 7n, owner: named, receiver: other, amountOfETH: 5n },
    })
    expect(isRead(of('Lido'), [log])).toBe(true)
    expect(readSettlements({ logs: [log], assets })).toEqual([
      {
        ...{ bridge: 'Lido', key: 'lido:7', named, payee: other },
        ...{ asset: assets.native, amount: 5n },
      },
    ])
  })

  test('of several deposits in one transaction each that the far side does not name has its own key', () => {
    const swap = (text: string, amount: bigint) =>
      logOf(of('Chainflip'), swapNative, {
        ...{ dstChain: 3, dstAddress: toHex(text), dstToken: 5, amount },
        ...{ sender: named, cfParameters: '0x' },
      })
    const goals = [
      'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4',
      '1BoatSLRHtKNngkdXEeobR76b53LETtpyT',
    ]
    const logs = [swap(goals[0] ?? '', 99n), swap(goals[1] ?? '', 1n)]
    const keys = readCrossings(plain, { logs, assets }).map(({ key }) => key)
    expect(keys).toEqual([`chainflip:${plain.hash}:l0`, `chainflip:${plain.hash}:l1`])
  })
})

describe('queues of staked tokens', () => {
  const owner = `0x${someone}`
  test.each([
    [
      'Lido',
      'event WithdrawalRequested(uint256 indexed requestId, address indexed requestor, address indexed owner, uint256 amountOfStETH, uint256 amountOfShares)',
      { requestId: 7n, requestor: owner, owner, amountOfStETH: 5n, amountOfShares: 4n },
      'event WithdrawalClaimed(uint256 indexed requestId, address indexed owner, address indexed receiver, uint256 amountOfETH)',
      { requestId: 7n, owner, receiver: owner, amountOfETH: 5n },
    ],
    [
      'mETH',
      'event UnstakeRequestCreated(uint256 indexed id, address indexed requester, uint256 mETHLocked, uint256 ethRequested, uint256 cumulativeETHRequested, uint256 blockNumber)',
      {
        ...{ id: 7n, requester: owner, mETHLocked: 4n, ethRequested: 5n },
        ...{ cumulativeETHRequested: 9n, blockNumber: 1n },
      },
      'event UnstakeRequestClaimed(uint256 indexed id, address indexed requester, uint256 mETHLocked, uint256 ethRequested, uint256 cumulativeETHRequested, uint256 blockNumber)',
      {
        ...{ id: 7n, requester: owner, mETHLocked: 4n, ethRequested: 5n },
        ...{ cumulativeETHRequested: 9n, blockNumber: 1n },
      },
    ],
  ])('%s: a request and its claim name each other', (bridge, request, asked, claim, claimed) => {
    const [log, back] = [logOf(of(bridge), request, asked), logOf(of(bridge), claim, claimed)]
    const [crossing] = readCrossings(plain, { logs: [log], assets })
    expect(crossing).toMatchObject({ bridge, chain: 'eip155:1', address: owner, amount: 4n })
    expect(readSettlements({ logs: [back], assets })).toMatchObject([
      { bridge, key: crossing?.key, payee: owner },
    ])
  })
})

describe('THORChain', () => {
  test('what goes through a router as a vault pays is handed on', () => {
    const event =
      'event TransferOut(address indexed vault, address indexed to, address asset, uint256 amount, string memo)'
    const [vault, to] = [`0x${'e'.repeat(40)}`, `0x${someone}`]
    const zero = `0x${'0'.repeat(40)}`
    const log = logOf(of('THORChain'), event, { vault, to, asset: zero, amount: 5n, memo: 'OUT:' })
    expect(readHanded({ logs: [log], assets })).toEqual([
      { by: of('THORChain'), from: vault, to, asset: assets.native, amount: 5n },
    ])
  })
})
