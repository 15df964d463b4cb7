import { z } from 'zod'
import type { AskBridge } from '#types/bridgeApi.ts'
import { type Api, askApi } from '#utils/askApi.ts'
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

/** Swaps by the transaction of their deposit. @see https://midgard.ninerealms.com/v2/doc */
export function createMidgard(api: Api): AskBridge {
  return async ({ transaction }) => {
    const txid = transaction.replace(/^0x/, '').toUpperCase()
    const path = `/v2/actions?txid=${txid}`
    const { actions = [] } =
      (await askApi(api, { path, shape, lacks: 'Midgard does not answer' })) ?? {}
    const swap = actions.find(
      (each) => each.type === 'swap' && each.in.some(({ txID }) => txID === txid),
    )
    const goal = swap && parseThorMemo(swap.metadata.swap?.memo ?? '')
    if (!swap || !goal) return null
    const payee = goal.address.toLowerCase()
    const paid = swap.out.filter(
      ({ txID, address }) => txID !== '' && address.toLowerCase() === payee,
    )
    return {
      ...goal,
      key: `thorchain:${txid.toLowerCase()}`,
      paid: paid.map(({ txID }) => txID),
    }
  }
}
