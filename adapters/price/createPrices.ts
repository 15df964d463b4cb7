import type Keyv from 'keyv'
import { z } from 'zod'
import type { Asset } from '#types/chain.ts'
import type { ReadPrices } from '#types/price.ts'
import { type Api, askApi } from '#utils/askApi.ts'

/** Chains as the API names them. */
const chains: Record<string, string> = {
  ...{ 'eip155:1': 'ethereum', 'eip155:42161': 'arbitrum', 'eip155:8453': 'base' },
  ...{ 'eip155:10': 'optimism', 'eip155:56': 'bsc', 'eip155:137': 'polygon' },
  ...{ 'eip155:43114': 'avax', 'eip155:5000': 'mantle' },
}

/** Native assets by their number in SLIP-44, as CoinGecko names them. */
const natives: Record<string, string> = {
  ...{ 0: 'bitcoin', 60: 'ethereum', 714: 'binancecoin', 966: 'polygon-ecosystem-token' },
  ...{ 9005: 'avalanche-2' },
}

const answerShape = z.object({
  coins: z.record(z.string(), z.object({ price: z.number().positive() })),
})

/** A price of one moment never changes; one that is missing may come, milliseconds later. */
const missingMs = 3_600_000

/**
 * Prices from an API of DefiLlama's kind, each asked for once. Where the API fails there are none: figures go without.
 * @see https://api-docs.defillama.com
 */
export function createPrices({ cache, ...api }: Api & { cache: Keyv }): ReadPrices {
  async function ask(coins: readonly string[], at: number): Promise<Map<string, number>> {
    const path = `/prices/historical/${at}/${coins.map(encodeURIComponent).join(',')}`
    const answer = await askApi(api, { path, shape: answerShape, lacks: 'No prices' })
    return new Map(Object.entries(answer?.coins ?? {}).map(([coin, { price }]) => [coin, price]))
  }

  return async ({ assets, at }) => {
    const prices = new Map<string, number>()
    const unknown: { asset: Asset; coin: string }[] = []
    for (const asset of assets) {
      const coin = coinOf(asset)
      if (coin === null) continue
      const known = await cache.get<number | null>(keyOf(coin, at))
      if (typeof known === 'number') prices.set(asset.id, known)
      else if (known === undefined) unknown.push({ asset, coin })
    }
    if (unknown.length === 0) return prices
    const found = await ask([...new Set(unknown.map(({ coin }) => coin))], at)
    for (const { asset, coin } of unknown) {
      const price = found.get(coin)
      if (price !== undefined) prices.set(asset.id, price)
      if (price !== undefined) await cache.set(keyOf(coin, at), price)
      else await cache.set(keyOf(coin, at), null, missingMs)
    }
    return prices
  }
}

function keyOf(coin: string, at: number): string {
  return `price:${coin}:${at}`
}

/** An asset as the API names it: by CAIP-19. */
function coinOf({ id }: Asset): string | null {
  const [chain = '', rest = ''] = id.split('/')
  const [kind, reference = ''] = rest.split(':')
  if (kind === 'slip44') return natives[reference] ? `coingecko:${natives[reference]}` : null
  return kind === 'erc20' && chains[chain] ? `${chains[chain]}:${reference}` : null
}
