import { getAddress } from 'viem'
import * as known from 'viem/chains'
import { describe, expect, test } from 'vitest'
import { defineChain } from '#config/chains/defineChain.ts'
import { chains } from '#config/chains/index.ts'
import type { Chain } from '#types/chain.ts'

const ofViem = (id: string) =>
  Object.values(known).find((chain) => `eip155:${chain.id}` === id && !('testnet' in chain))

const ofEvm = chains.filter(({ coins }) => !coins)

describe('chains that ship', () => {
  test('there are nine, each once', () => {
    expect(new Set(chains.map(({ id }) => id)).size).toBe(9)
    expect(new Set(chains.map(({ native }) => native.id)).size).toBe(9)
  })

  test.each(
    ofEvm.map((chain) => [chain.name, chain] as [string, Chain]),
  )('%s is as viem knows it', (_name, chain) => {
    const { nativeCurrency } = ofViem(chain.id) ?? {}
    expect(nativeCurrency).toMatchObject({
      symbol: chain.native.symbol,
      decimals: chain.native.decimals,
    })
    const [wrapper, ...others] = chain.tokens
    for (const { contract, asset } of others) {
      expect(asset.id).toBe(`${chain.id}/erc20:${contract}`)
      expect(getAddress(contract as `0x${string}`).toLowerCase()).toBe(contract)
    }
    expect(wrapper).toMatchObject({ asset: chain.native, wrapsNative: true })
    expect(wrapper?.contract).toBe(getAddress(wrapper?.contract as `0x${string}`).toLowerCase())
    for (const page of Object.values(chain.explorer)) expect(page).toMatch(/^https:.*\/$/)
  })

  test('error: a slip in an address of a wrapper is found by its checksum', () => {
    const given = {
      id: 1,
      name: 'A',
      symbol: 'A',
      coin: 60,
      confirmations: 1,
      explorer: 'https://a',
    }
    const wrapper = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc3'
    expect(() => defineChain({ ...given, wrapper })).toThrow(/checksum/i)
  })
})
