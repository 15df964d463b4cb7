import { expect, test } from 'vitest'
import { ethereum } from '#config/chains/ethereum.ts'
import { EvidenceOfWithdrawalsError } from '#errors/evidence.ts'
import type { Context } from '#src/context.ts'
import { createFollower } from '#src/createFollower.ts'
import { gatherExhibit } from '#src/evidence/gatherExhibit.ts'
import { createMovingChain } from '#test/support/movingChain.ts'
import { createTestContext } from '#test/support/testContext.ts'
import type { Case } from '#types/case.ts'
import { indexLabels } from '#utils/indexLabels.ts'

const asset = ethereum.native.id
const [thief, one, two] = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(40)}`) as [
  string,
  string,
  string,
]
const theft: Case = {
  ...{ id: 'acme', name: 'Acme', chain: ethereum.id, stolenAt: 1_000_000, followAfter: 0 },
  ...{ assets: [ethereum.native], published: [] },
  sources: [{ address: thief, asset, amount: 100n }],
}

test('behavior: of an address that got withdrawals of validators no packet is made, of one before it one is', async () => {
  const near = createMovingChain(ethereum.id, { start: 1_000_000, every: 12 })
  const stop = new AbortController()
  const made: { context?: Context } = {}
  const follower = createFollower({
    context: () => made.context as Context,
    readers: new Map([[near.reader.chain, { reader: near.reader }]]),
    signal: stop.signal,
  })
  const labels = indexLabels([])
  const { context } = await createTestContext({
    ...{ cases: [theft], chains: [ethereum], labels, follower },
  })
  made.context = context
  follower.start([...context.cases.values()])
  const pay = (hash: string, from: string, to: string, amount: bigint) =>
    near.add([{ hash, transfers: [{ position: 'v', from, to, asset, amount }] }])
  pay('0x1', thief, one, 60n)
  pay('withdrawals:0x2', 'validators', one, 5n)
  pay('0x3', one, two, 65n)
  const open = context.cases.get('acme')!
  await expect.poll(() => open.head?.hash).toBe(near.tip())
  await expect(gatherExhibit(context, open, { asset, address: two })).rejects.toThrow(
    EvidenceOfWithdrawalsError,
  )
  // What came before them they do not touch.
  const { result } = await gatherExhibit(context, open, { asset, address: one })
  expect(result.uncovered).toEqual([])
  stop.abort()
  await follower.ended()
  await context.store.close()
})
