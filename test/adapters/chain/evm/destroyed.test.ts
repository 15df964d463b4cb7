import { expect, test } from 'vitest'
import {
  destroyedTopic,
  type RawLog,
  type RawTransaction,
  transferTopic,
} from '#adapters/chain/evm/raw.ts'
import { readMoves } from '#adapters/chain/evm/readMoves.ts'
import { chainAssets } from '#test/support/chainAssets.ts'

const assets = chainAssets('eip155:1')
const usdt = [...assets.tokens.values()].find(({ asset }) => asset.symbol === 'USDT')!
const word = (digits: string) => digits.padStart(64, '0')
const holder = 'a'.repeat(40)
const transaction = {
  from: `0x${'b'.repeat(40)}`,
  to: usdt.contract,
  value: '0x0',
} as RawTransaction
const destroyed = {
  address: usdt.contract,
  topics: [destroyedTopic],
  data: `0x${word(holder)}${word('64')}`,
} as RawLog
const burned = {
  address: usdt.contract,
  topics: [transferTopic, `0x${word(holder)}`, `0x${word('0')}`],
  data: `0x${word('64')}`,
} as RawLog

test('behavior: what USDT’s issuer destroys leaves its holder, though no transfer says so', () => {
  const gone = { from: `0x${holder}`, to: `0x${'0'.repeat(40)}`, asset: usdt.asset.id }
  const read = (logs: RawLog[]) => readMoves(transaction, { logs, assets })
  expect(read([destroyed])).toMatchObject([{ ...gone, position: 'l0' }])
  expect(BigInt(read([destroyed])[0]!.amount)).toBe(100n)
  // Told twice it is gone once.
  expect(read([burned, destroyed])).toMatchObject([{ ...gone, position: 'l0' }])
  expect(read([burned, destroyed])).toHaveLength(1)
  // Nobody else's contract may say so.
  expect(read([{ ...destroyed, address: `0x${'c'.repeat(40)}` }])).toEqual([])
})
