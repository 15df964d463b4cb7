import { describe, expect, test } from 'vitest'
import type { RawLog, RawTransaction } from '#adapters/chain/evm/raw.ts'
import { readCallTrace, readFlatTrace, splitBlockTrace } from '#adapters/chain/evm/readTrace.ts'

const at = (digit: string) => `0x${digit.repeat(40)}`
const [thief, fund, one, token] = ['a', 'b', 'c', 'd'].map(at) as [string, string, string, string]
const transaction = { hash: '0x1', from: thief, to: fund, value: '0x5' } as RawTransaction
const log = { address: token, topics: [], data: '0x' } as unknown as RawLog
const root = { type: 'CALL', from: thief, to: fund, value: '0x5' }
const pays = { type: 'CALL', from: fund, to: one, value: '0x3' }
const calls = { type: 'CALL', from: fund, to: token, value: '0x0' }

describe('what a node says of the inside of a transaction', () => {
  test('logs without places go behind the call of their contract', () => {
    const trace = { ...root, calls: [calls, pays] }
    const steps = readCallTrace(trace, { transaction, logs: [log] })
    expect(steps.map((step) => ('log' in step ? step.log : step.to))).toEqual([fund, token, 0, one])
  })

  test('code in the name of its caller pays nothing, and what fails takes its calls with it', () => {
    const borrowed = { ...pays, type: 'DELEGATECALL' }
    const failed = { ...calls, error: 'reverted', calls: [pays] }
    const steps = readCallTrace({ ...root, calls: [borrowed, failed] }, { transaction, logs: [] })
    expect(steps.map((step) => ('log' in step ? step.log : step.to))).toEqual([fund])
  })

  test.each([
    ['nothing', null],
    ['text', 'nonsense'],
    ['another payer', { ...root, from: one }],
    ['another payee', { ...root, to: one }],
    ['another value', { ...root, value: '0x6' }],
    ['a failure that the receipt does not know', { ...root, error: 'reverted' }],
    ['a broken amount', { ...root, calls: [{ ...pays, value: '-5' }] }],
    ['a payment to nobody', { ...root, calls: [{ ...pays, to: 'x' }] }],
    ['calls that are no list', { ...root, calls: 'x' }],
    ['logs that are no list', { ...root, logs: 5 }],
  ])('is refused: %s', (_what, answer) => {
    expect(() => readCallTrace(answer, { transaction, logs: [] })).toThrow()
  })

  test('calls that never end are refused and not followed', () => {
    let deep: Record<string, unknown> = pays
    for (let depth = 0; depth < 3_000; depth += 1) deep = { ...pays, calls: [deep] }
    expect(() => readCallTrace({ ...root, calls: [deep] }, { transaction, logs: [] })).toThrow()
  })

  test('flat traces out of order, without a first call or of whole blocks in pieces are refused', () => {
    const flat = (path: number[], action: object) => ({ type: 'call', traceAddress: path, action })
    const first = flat([], { callType: 'call', ...root })
    const inner = flat([0], { callType: 'call', ...pays })
    expect(readFlatTrace([first, inner], { transaction, logs: [] }).length).toBe(2)
    for (const broken of [[], [inner, first], [flat([0, 1], pays)], [5]]) {
      expect(() => readFlatTrace(broken, { transaction, logs: [] })).toThrow()
    }
    expect(() => splitBlockTrace({}, { mode: 'debug', hashes: [] })).toThrow()
    expect(() => splitBlockTrace([5], { mode: 'parity', hashes: [] })).toThrow()
  })
})
