import { expect, test } from 'vitest'
import { crossingOf } from '#trace/crossings.ts'
import type { Crossing } from '#types/chain.ts'
import type { Account } from '#types/trail.ts'

const bridge = { address: '0xb', stop: 'bridge' } as Account
const say = (address: string, amount?: bigint): Crossing => ({
  ...{ bridge: 'Across', by: '0xb', chain: 'eip155:10', address, isClaimed: false },
  ...(amount !== undefined && { amount }),
})

test('behavior: of two deposits in one transaction each payment has its own, a decoy takes no other', () => {
  const crossings = [say('decoy', 1n), say('thief', 999n), say('thief again', 999n)]
  const transaction = { hash: '0x', transfers: [], crossings }
  const used = new Set<Crossing>()
  const of = (amount: bigint) => crossingOf(transaction, used, { payee: bridge, amount })?.address
  expect([of(999n), of(1n), of(999n), of(999n), of(5n)]).toEqual([
    'thief',
    'decoy',
    'thief again',
    undefined,
    undefined,
  ])
})

test('behavior: a single one belongs to the payment, whatever a token takes of it', () => {
  const transaction = { hash: '0x', transfers: [], crossings: [say('thief', 990n)] }
  const found = crossingOf(transaction, new Set(), { payee: bridge, amount: 1_000n })
  expect(found?.address).toBe('thief')
})
