import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createChainflip } from '#adapters/bridge/createChainflip.ts'
import { createMidgard } from '#adapters/bridge/createMidgard.ts'
import { type FakeApi, startApi } from '#test/support/apiServer.ts'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../data/bridge-events/${name}`, import.meta.url), 'utf8'))

describe('APIs of bridges', () => {
  let api: FakeApi
  const warnings: object[] = []
  const log = { warn: (about: object) => void warnings.push(about) }
  const payment = { chain: 'eip155:1', transaction: `0x${'ab'.repeat(32)}` }

  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())
  beforeEach(() => {
    api.asked.length = 0
    warnings.length = 0
    api.answer = { status: 200, body: '' }
  })

  /** Swaps as ShapeShift recorded Midgard's answers, by what was paid out. */
  const swaps = (
    read('thorchain.json') as { what: string; transaction: string; midgard?: object }[]
  )
    .filter(({ what, midgard }) => midgard && /Outbound(Eth|Token)? tx/.test(what))
    .map((each) => [each.what, each] as const)

  test('there are recorded answers', () => expect(swaps).toHaveLength(6))

  test.each(swaps)('Midgard, as recorded: %s', async (_, { transaction, midgard }) => {
    const { actions } = midgard as {
      actions: { in: { txID: string }[]; out: { txID: string; address: string }[] }[]
    }
    api.answer.body = JSON.stringify(midgard)
    const into = actions[0]?.in[0]?.txID ?? ''
    const told = await createMidgard({ url: api.url, log })({
      ...payment,
      transaction: `0x${into}`,
    })
    expect(api.asked).toEqual([`/v2/actions?txid=${into}`])
    const paid = transaction.replace(/^0x/, '').toUpperCase()
    // A part may have been given back to the same address.
    expect(told?.paid).toContain(paid)
    expect(told?.key).toBe(`thorchain:${into.toLowerCase()}`)
    const payee = actions[0]?.out.find(({ txID }) => txID === paid)?.address
    expect(told?.address.toLowerCase()).toBe(payee?.toLowerCase())
    // Of another payment it says nothing.
    expect(await createMidgard({ url: api.url, log })(payment)).toBeNull()
  })

  test('Chainflip, as its documentation records a swap', async () => {
    const { answer: swap } = read('chainflip.json')
    api.answer.body = JSON.stringify(swap)
    const ask = createChainflip({ url: api.url, log })
    expect(await ask({ chain: 'bip122:0', transaction: swap.deposit.txRef })).toEqual({
      ...{ chain: 'Ethereum', address: '0xbbfefb09727136a6c3ddd28bd4abdf259b9351c1' },
      paid: ['0xc8646625910babc04b1612526c27fbac68aacf6cc489affbae69d1d430f5fcb1'],
    })
    expect(api.asked).toEqual([`/v2/swaps/${swap.deposit.txRef}`])
    // On its way: it says where to, and nothing of what came out.
    api.answer.body = JSON.stringify({ ...swap, state: 'SENDING', swapEgress: undefined })
    expect((await ask(payment))?.paid).toEqual([])
  })

  test.each([
    createMidgard,
    createChainflip,
  ])('error: what cannot be right says nothing', async (create) => {
    const ask = create({ url: api.url, log })
    for (const [status, body] of [
      [500, '{}'],
      [200, '<html>secret</html>'],
      [200, '{"actions":[{"type":"swap","in":"all of it"}]}'],
    ] as const) {
      api.answer = { status, body }
      expect(await ask(payment)).toBeNull()
    }
    expect(warnings).toHaveLength(3)
    expect(JSON.stringify(warnings)).not.toContain('secret')
    api.answer = { status: 404, body: 'nothing' }
    expect(await ask(payment)).toBeNull()
    expect(warnings).toHaveLength(3)
  })
})
