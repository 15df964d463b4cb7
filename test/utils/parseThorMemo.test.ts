import { describe, expect, test } from 'vitest'
import { parseThorMemo } from '#utils/parseThorMemo.ts'

describe('parseThorMemo', () => {
  test.each([
    // Of a deposit of 2022 on Ethereum, as thorchainmonitorbot (MIT) keeps its calldata.
    ['=:BTC.BTC:bc1q69fyncfg8x7pcv7tqn5ek74jys5dj4zg6l8:226152565:t:0', 'Bitcoin'],
    ['SWAP:LTC.LTC:ltc1qabc', 'Litecoin'],
    ['s:e:0x5a0b54d5dc17e0aadc383d2db43b0a0d3e029c4c', 'Ethereum'],
    ['=:b:bc1qabc/bc1qrefund:0/1/0', 'Bitcoin'],
    ['=<:ETH.USDC-0XA0B86991C6218B36C1D19D4A2E9EB0CE3606EB48:0x5a0b', 'Ethereum'],
  ])('a swap: %s', (memo, chain) => {
    const goal = memo.split(':')[2]?.split('/')[0]
    expect(parseThorMemo(memo)).toEqual({ chain, address: goal })
  })

  test.each([
    '',
    '=',
    'ADD:ETH.ETH:thor16xxn0cadruuw6a2qwpv35av0mehryvdzzjz3af',
    'OUT:298B902CE5E9C5C1',
    '=:NOPE.NOPE:bc1qabc',
    '=:BTC.BTC:',
    '=:BTC.BTC:@everyone `x`',
    `=:BTC.BTC:${'a'.repeat(101)}`,
    'hello there',
  ])('no swap: %s', (memo) => {
    expect(parseThorMemo(memo)).toBeNull()
  })
})
