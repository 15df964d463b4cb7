import { z } from 'zod'
import type { AskBridge } from '#types/bridgeApi.ts'
import { fetchJson } from '#utils/fetchJson.ts'

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
export function createChainflip({
  url,
  log,
  timeoutMs = 5_000,
}: {
  url: string
  log: { warn(about: object, text: string): void }
  timeoutMs?: number
}): AskBridge {
  return async ({ transaction }) => {
    try {
      const target = `${url.replace(/\/$/, '')}/v2/swaps/${encodeURIComponent(transaction)}`
      const swap = await fetchJson(target, { shape, timeoutMs })
      if (!swap?.destAddress) return null
      const paid = [swap.swapEgress, swap.fallbackEgress].flatMap((each) => each?.txRef ?? [])
      return { chain: names[swap.destChain] ?? swap.destChain, address: swap.destAddress, paid }
    } catch (error) {
      const about = { host: URL.parse(url)?.host, kind: (error as Error).name }
      log.warn(about, 'A bridge’s API does not answer')
      return null
    }
  }
}
