import { toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import type { RawTransaction } from '#adapters/chain/evm/raw.ts'
import { readDelegated } from '#adapters/chain/evm/readDelegated.ts'

test('whoever signs that code may act for them is known, and broken signatures are nobody’s', async () => {
  const account = privateKeyToAccount(`0x${'1'.repeat(64)}`)
  const signed = await account.signAuthorization({
    ...{ chainId: 1, nonce: 7, address: `0x${'c'.repeat(40)}` },
  })
  const raw = {
    ...{ chainId: '0x1', nonce: '0x7', address: `0x${'c'.repeat(40)}` },
    ...{ r: signed.r, s: signed.s, yParity: toHex(signed.yParity ?? 0) },
  }
  const found = await readDelegated([
    { type: '0x2' },
    { type: '0x4', authorizationList: [raw, { ...raw, r: '0x' }, 'nonsense', null] },
    { type: '0x4', authorizationList: 'nonsense' },
  ] as RawTransaction[])
  expect([...found]).toEqual([[1, [account.address.toLowerCase()]]])
  const other = await readDelegated([
    { type: '0x4', authorizationList: [{ ...raw, nonce: '0x8' }] },
  ] as unknown as RawTransaction[])
  expect(other.get(0)).not.toContain(account.address.toLowerCase())
})
