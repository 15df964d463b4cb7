import { z } from 'zod'
import type { AskBridge } from '#types/bridgeApi.ts'
import { type Api, askApi } from '#utils/askApi.ts'

const egress = z.object({ txRef: z.string().nullish() }).nullish()
const shape = z.object({
  destChain: z.string(),
  destAddress: z.string().nullish(),
  swapEgress: egress,
  fallbackEgress: egress,
})

/** Chains that it names in another way than people do. */
const names: Partial<Record<string, string>> = { Arbitrum: 'Arbitrum One', Bsc: 'BNB Smart Chain' }

/** Swaps by the transaction of their deposit. @see https://docs.chainflip.io/lp/integrations/sdk (getStatusV2) */
export function createChainflip(api: Api): AskBridge {
  return async ({ transaction }) => {
    const path = `/v2/swaps/${encodeURIComponent(transaction)}`
    const swap = await askApi(api, { path, shape, lacks: 'Chainflip’s API does not answer' })
    if (!swap?.destAddress) return null
    const paid = [swap.swapEgress, swap.fallbackEgress].flatMap((each) => each?.txRef ?? [])
    return { chain: names[swap.destChain] ?? swap.destChain, address: swap.destAddress, paid }
  }
}
