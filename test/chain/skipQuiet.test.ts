import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ethereum } from '#config/chains/ethereum.ts'
import { runChain } from '#src/runChain.ts'
import { createScriptedChain } from '#test/support/scriptedChain.ts'
import { createTestContext } from '#test/support/testContext.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Case } from '#types/case.ts'
import type { Block, ChainReader } from '#types/chain.ts'

const asset = ethereum.native.id
const party = (place: number) => `0x${String(place).padStart(40, '0')}`
const theft: Case = {
  id: 'acme',
  name: 'Acme',
  chain: ethereum.id,
  stolenAt: 0,
  followAfter: 0,
  assets: [ethereum.native],
  sources: [{ address: party(0), asset, amount: 1_000n }],
  published: [],
}

/** Payments among eight people, each in one of 400 blocks. */
const payments = fc.array(
  fc.record({
    block: fc.integer({ min: 1, max: 400 }),
    from: fc.nat(7),
    to: fc.nat(7),
    amount: fc.integer({ min: 1, max: 400 }),
  }),
  { maxLength: 30 },
)

type Payments = typeof payments extends fc.Arbitrary<infer List> ? List : never

function blocksOf(list: Payments): Block[] {
  return Array.from({ length: 400 }, (_, at): Block => {
    const number = at + 1
    const transactions = list
      .filter(({ block }) => block === number)
      .map(({ from, to, amount }, place) => ({
        hash: `${number}-${place}`,
        transfers: [
          { position: 'v', from: party(from), to: party(to), asset, amount: BigInt(amount) },
        ],
      }))
    const [hash, parentHash] = [`h${number}`, number === 1 ? 'h0' : `h${number - 1}`]
    return { chain: ethereum.id, number, hash, parentHash, time: number * 12, transactions }
  })
}

async function follow(blocks: Block[], finalized: number, hasHistory: boolean) {
  const { context, opened } = await createTestContext({ cases: [theft] })
  let read = 0
  const scripted = createScriptedChain([{ blocks, finalized }])
  const reader: ChainReader = {
    ...scripted,
    async readBlockAfter(number, head) {
      read += 1
      return scripted.readBlockAfter(number, head)
    },
    ...(hasHistory && {
      async nextActive({ addresses, after, upTo }) {
        const next = blocks.find(
          ({ number, transactions }) =>
            number > after &&
            number <= upTo &&
            transactions.some(({ transfers }) =>
              transfers.some(({ from, to }) => addresses.includes(from) || addresses.includes(to)),
            ),
        )
        return next?.number ?? upTo + 1
      },
    }),
  }
  const { signal } = new AbortController()
  await runChain(context, reader, { cases: opened, signal })
  const accounts: string[] = []
  for await (const page of context.store.scanAccounts(theft.id, asset)) {
    for (const { address, received, paid, holdings, activeAt } of page) {
      accounts.push([address, received, paid, activeAt, ...holdings.map(stolenIn)].join(' '))
    }
  }
  const hops = await context.store.readHops(theft.id)
  const head = opened[0]?.head?.number
  await context.store.close()
  return { end: { accounts, hops, head }, read }
}

describe('catching up by the history of addresses', () => {
  test('property: is the same as reading every block', async () => {
    await fc.assert(
      fc.asyncProperty(payments, fc.constantFrom(0, 200, 400), async (list, finalized) => {
        const blocks = blocksOf(list)
        const [whole, quick] = [
          await follow(blocks, finalized, false),
          await follow(blocks, finalized, true),
        ]
        expect(quick.end).toEqual(whole.end)
        expect(whole.read).toBeGreaterThanOrEqual(400)
        if (finalized === 400) expect(quick.read).toBeLessThan(2 * list.length + 8)
      }),
      { numRuns: 25 },
    )
  }, 60_000)
})
