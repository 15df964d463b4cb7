import { expect, test } from 'vitest'
import { crossingOf } from '#trace/crossings.ts'
import type { Crossing } from '#types/chain.ts'
import type { Account } from '#types/trail.ts'

const bridge = { address: '0xb', stop: 'bridge' } as Account
const transfer = { position: 'v', from: '0xa', to: '0xb', asset: 'eth', amount: 0n }
const say = (address: string, amount?: bigint): Crossing => ({
  ...{ bridge: 'Across', by: '0xb', chain: 'eip155:10', address, isClaimed: false },
  ...(amount !== undefined && { amount }),
})

test('behavior: of two deposits in one transaction each payment has its own, a decoy takes no other', () => {
  const crossings = [say('decoy', 1n), say('thief', 999n), say('thief again', 999n)]
  const used = new Set<Crossing>()
  const of = (amount: bigint) =>
    crossingOf(crossings, used, { payee: bridge, transfer: { ...transfer, amount } })?.address
  expect([of(999n), of(1n), of(999n), of(999n), of(5n)]).toEqual([
    'thief',
    'decoy',
    'thief again',
    undefined,
    undefined,
  ])
})

test('behavior: a single one belongs to the payment, whatever a token takes of it', () => {
  const crossings = [say('thief', 990n)]
  const found = crossingOf(crossings, new Set(), {
    ...{ payee: bridge, transfer: { ...transfer, amount: 1_000n } },
  })
  expect(found?.address).toBe('thief')
})

test('behavior: what is paid for the message in another asset crosses nothing', () => {
  const crossings = [{ ...say('thief'), asset: 'usdc' }]
  const of = (asset: string) =>
    crossingOf(crossings, new Set(), { payee: bridge, transfer: { ...transfer, asset } })?.address
  expect([of('eth'), of('usdc')]).toEqual([undefined, 'thief'])
})

test('behavior: what is burned goes on where any contract says so, once', () => {
  const burned = { address: `0x${'0'.repeat(40)}`, stop: 'burn' } as Account
  const crossings = [{ ...say('thief'), by: '0xe', isClaimed: true }]
  expect(crossingOf(crossings, new Set(), { payee: burned, transfer })?.address).toBe('thief')
  expect(crossingOf(crossings, new Set(), { payee: bridge, transfer })).toBeUndefined()
})
