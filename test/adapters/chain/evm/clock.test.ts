import { afterEach, expect, test, vi } from 'vitest'
import { headOf, openChain, readAll } from '#test/support/evmChain.ts'
import { createFakeNode } from '#test/support/fakeNode.ts'

afterEach(() => {
  vi.useRealTimers()
})

test.each([
  -86_400_000, 86_400_000,
])('heads and blocks come on after the clock has jumped by %i ms', async (jump) => {
  // From the start, so that the jump is seen whoever took hold of the clock meanwhile.
  vi.useFakeTimers({ toFake: ['Date'] })
  const node = await createFakeNode({ blocks: [{}, {}] })
  const { reader } = openChain([{ url: node.url, requestsPerSecond: 50 }])
  const known = await headOf(reader)
  vi.setSystemTime(Date.now() + jump)
  node.addBlocks({})
  const began = performance.now()
  const head = await reader.waitForHead({ known, signal: AbortSignal.timeout(3_000) })
  expect(head?.number).toBe(3)
  expect(performance.now() - began).toBeLessThan(2_000)
  expect((await readAll(reader)).length).toBe(3)
  // A node that fails and comes back is asked again, too.
  node.inject({ type: 'drop' }, { answers: 2 })
  node.addBlocks({})
  const next = await reader.waitForHead({
    ...(head && { known: head }),
    signal: AbortSignal.timeout(5_000),
  })
  expect(next?.number).toBe(4)
  await node.close()
})
