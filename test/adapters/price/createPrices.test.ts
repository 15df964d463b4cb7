import Keyv from 'keyv'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createPrices } from '#adapters/price/createPrices.ts'
import { bitcoin } from '#config/chains/bitcoin.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { type FakeApi, startApi } from '#test/support/apiServer.ts'

/** As the API answers, in the shape that its documentation gives. */
const recorded = {
  coins: {
    'coingecko:ethereum': { symbol: 'ETH', price: 2739.5, timestamp: 1740147371, confidence: 0.99 },
    'ethereum:0xdac17f958d2ee523a2206206994597c13d831ec7': {
      ...{ decimals: 6, symbol: 'USDT', price: 1.0001, timestamp: 1740147371, confidence: 0.99 },
    },
  },
}
const at = 1_740_147_371
const usdt = ethereum.tokens.find(({ asset }) => asset.symbol === 'USDT')!.asset

describe('createPrices', () => {
  let api: FakeApi
  const warnings: string[] = []
  const log = { warn: (_about: object, text: string) => void warnings.push(text) }

  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())
  beforeEach(() => {
    api.asked.length = 0
    api.answer = { status: 200, body: JSON.stringify(recorded) }
  })

  test('behavior: each asset at a moment is asked for once, those without a price too', async () => {
    const prices = createPrices({ url: api.url, cache: new Keyv(), log })
    const assets = [ethereum.native, usdt, bitcoin.native]
    const told = await prices({ assets, at })
    expect([...told]).toEqual([
      [ethereum.native.id, 2739.5],
      [usdt.id, 1.0001],
    ])
    expect(api.asked).toEqual([
      `/prices/historical/${at}/coingecko:ethereum,ethereum:${usdt.id.split(':').at(-1)},coingecko:bitcoin`,
    ])
    expect(await prices({ assets, at })).toEqual(told)
    expect(api.asked).toHaveLength(1)
  })

  test.each([
    ['another status', { status: 500, body: '' }],
    ['no JSON', { status: 200, body: '<html>' }],
    ['another shape', { status: 200, body: '{"coins":{"coingecko:ethereum":{"price":"high"}}}' }],
    [
      'a price below nothing',
      { status: 200, body: '{"coins":{"coingecko:ethereum":{"price":-1}}}' },
    ],
  ])('error: %s gives no price and one line in the log', async (_name, broken) => {
    warnings.length = 0
    api.answer = broken
    const prices = createPrices({ url: api.url, cache: new Keyv(), log })
    expect(await prices({ assets: [ethereum.native], at })).toEqual(new Map())
    expect(warnings).toEqual(['No prices'])
  })

  test('behavior: an asset that the API cannot know is not asked for', async () => {
    const prices = createPrices({ url: api.url, cache: new Keyv(), log })
    const own = { id: 'eip155:31337/erc20:0x01', symbol: 'OWN', decimals: 18 }
    expect(await prices({ assets: [own], at })).toEqual(new Map())
    expect(api.asked).toEqual([])
  })
})
