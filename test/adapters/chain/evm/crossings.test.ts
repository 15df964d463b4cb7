import {
  type AbiEvent,
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  parseAbiItem,
  toHex,
} from 'viem'
import { describe, expect, test } from 'vitest'
import type { RawLog, RawTransaction } from '#adapters/chain/evm/raw.ts'
import { readCrossings } from '#adapters/chain/evm/readCrossings.ts'
import { bridgeContracts } from '#config/chains/bridges.ts'

const of = (protocol: string) =>
  bridgeContracts.find((each) => each.chain === 'eip155:1' && each.protocol === protocol)
    ?.contract ?? ''
const bridges = bridgeContracts.filter(({ chain }) => chain === 'eip155:1')
const plain = { hash: `0x${'ab'.repeat(32)}`, to: of('THORChain'), input: '0x' } as RawTransaction
const word = (digits: string) => `0x${digits.padStart(64, '0')}` as Hex
const someone = '5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c'

/** A log as the contract would write it. */
function logOf(address: string, event: string, args: Record<string, unknown>): RawLog {
  const item = parseAbiItem(event as string) as AbiEvent
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
const burn =
  'event DepositForBurn(uint64 indexed nonce, address indexed burnToken, uint256 amount, address indexed depositor, bytes32 mintRecipient, uint32 destinationDomain, bytes32 destinationTokenMessenger, bytes32 destinationCaller)'

describe('readCrossings', () => {
  const vault = `0x${someone}`
  const chain = 'eip155:1'

  test('THORChain: as an event of its test net on Ethereum has it (THORNode, MIT), no swap goes nowhere', () => {
    const data =
      '0x0000000000000000000000000000000000000000000000004563918244f40000000000000000000000000000000000000000000000000000000000000000004000000000000000000000000000000000000000000000000000000000000000384144443a4554482e4554483a7474686f72313678786e30636164727575773661327177707633356176306d6568727976647a7a6a7a3361660000000000000000'
    const topics = [
      '0xef519b7eb82aaf6ac376a6df2d793843ebfd593de5f1a0601d3cc6ab49ebb395',
      '0x00000000000000000000000058e99c9c4a20f5f054c737389fdd51d7ed9c7d2a',
      word('0'),
    ]
    const log = { address: of('THORChain'), topics, data } as unknown as RawLog
    expect(readCrossings(plain, { chain, logs: [log], bridges })).toEqual([])
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
      logOf(of('CCTP'), burn, {
        ...{ nonce: 1n, burnToken: vault, amount: 1n, depositor: vault },
        ...{ mintRecipient: word(someone), destinationDomain: 6 },
        ...{ destinationTokenMessenger: word('1'), destinationCaller: word('0') },
      }),
    ]
    const told = readCrossings(plain, { chain, logs, bridges })
    expect(told.map(({ bridge, chain, address }) => [bridge, chain, address])).toEqual([
      ['THORChain', 'Bitcoin', bitcoin],
      ['Chainflip', 'Bitcoin', bitcoin],
      ['Across', 'eip155:42161', vault],
      ['CCTP', 'Base', vault],
    ])
  })

  test('what is no listed bridge says nothing, and broken events do not either', () => {
    const memo = '=:BTC.BTC:bc1qabc'
    const args = { to: vault, asset: vault, amount: 1n, memo }
    const forged = logOf(vault, deposit, args)
    const sound = logOf(of('THORChain'), deposit, args)
    const broken = { ...sound, data: sound.data.slice(0, 70) }
    expect(readCrossings(plain, { chain, logs: [forged, broken], bridges })).toEqual([])
  })

  test('a memo that came with a plain payment is a claim', () => {
    const input = toHex('=:BTC.BTC:bc1qabc')
    const told = readCrossings({ ...plain, to: vault, input }, { chain, logs: [], bridges })
    expect(told).toEqual([
      {
        ...{ bridge: 'THORChain', by: vault, chain: 'Bitcoin', address: 'bc1qabc' },
        ...{ isClaimed: true, key: `thorchain:${plain.hash.slice(2)}` },
      },
    ])
    expect(readCrossings({ ...plain, input: '0x3d3a00ff' }, { chain, logs: [], bridges })).toEqual(
      [],
    )
  })
})
