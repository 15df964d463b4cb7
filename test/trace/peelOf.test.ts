import { expect, test } from 'vitest'
import { peelOf } from '#trace/peelOf.ts'

const coin = (id: string, address: string, amount: bigint) => ({ id, address, amount })
const spent = [coin('s:0', 'thief', 100n)]
const read = (made: ReturnType<typeof coin>[], from = spent) =>
  made.map((each) => peelOf({ spent: from, made }, each))

test('behavior: a small part is peeled off, the rest goes on at another address', () => {
  const [small, large] = [coin('t:0', 'shop', 33n), coin('t:1', 'fresh', 67n)]
  expect(read([small, large])).toEqual(['peeled', 'kept'])
  expect(read([large, small])).toEqual(['kept', 'peeled'])
  // Words cost nothing.
  expect(read([small, coin('t:2', 'script:1', 0n), large])).toEqual(['peeled', undefined, 'kept'])
})

test('behavior: halves, several, and change to whoever paid are no peel chain', () => {
  expect(read([coin('t:0', 'shop', 34n), coin('t:1', 'fresh', 66n)])).toEqual([
    undefined,
    undefined,
  ])
  expect(read([coin('t:0', 'a', 5n), coin('t:1', 'b', 5n), coin('t:2', 'c', 90n)])).toEqual([
    ...[undefined, undefined, undefined],
  ])
  expect(read([coin('t:0', 'shop', 5n), coin('t:1', 'thief', 95n)])).toEqual([undefined, undefined])
})
