import { z } from 'zod'
import type { AskBridge } from '#types/bridgeApi.ts'
import { fetchJson } from '#utils/fetchJson.ts'
import { parseThorMemo } from '#utils/parseThorMemo.ts'

const side = z.array(z.object({ txID: z.string(), address: z.string() }))
const shape = z.object({
  actions: z.array(
    z.object({
      type: z.string(),
      in: side,
      out: side,
      metadata: z.object({ swap: z.object({ memo: z.string().default('') }).optional() }),
    }),
  ),
})

/** @see https://midgard.ninerealms.com/v2/doc */
export function createMidgard({
  url,
  log,
  timeoutMs = 5_000,
}: {
  url: string
  log: { warn(about: object, text: string): void }
  timeoutMs?: number
}): AskBridge {
  return async ({ transaction }) => {
    const txid = transaction.replace(/^0x/, '').toUpperCase()
    try {
      const target = `${url.replace(/\/$/, '')}/v2/actions?txid=${txid}`
      const { actions = [] } = (await fetchJson(target, { shape, timeoutMs })) ?? {}
      const swap = actions.find(
        (each) => each.type === 'swap' && each.in.some(({ txID }) => txID === txid),
      )
      const goal = swap && parseThorMemo(swap.metadata.swap?.memo ?? '')
      if (!swap || !goal) return null
      const payee = goal.address.toLowerCase()
      const paid = swap.out.filter(
        ({ txID, address }) => txID !== '' && address.toLowerCase() === payee,
      )
      return { ...goal, paid: paid.map(({ txID }) => txID) }
    } catch (error) {
      const about = { host: URL.parse(url)?.host, kind: (error as Error).name }
      log.warn(about, 'A bridge’s API does not answer')
      return null
    }
  }
}
