import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBitcoinChain } from '#adapters/chain/bitcoin/createBitcoinChain.ts'
import { type Bcoin, createPurse, regtest, startBcoin } from '#test/support/bcoinPeer.ts'
import type { Watch } from '#types/chain.ts'

let bcoin: Bcoin
beforeAll(async () => {
  bcoin = await startBcoin()
})
afterAll(() => bcoin.stop())

const signal = AbortSignal.timeout(30_000)

function watchOf(...watched: string[]): Watch {
  return { isWatched: (address) => watched.includes(address), isService: () => false }
}

describe('bitcoin over JSON-RPC, on a real node', () => {
  test('behavior: coins, change, words and chains within a block are read to the satoshi', async () => {
    const reader = createBitcoinChain(regtest, {
      providers: [{ url: bcoin.url, api: 'core' }],
      pollMs: 50,
    })
    const [thief, friend, other] = [createPurse(), createPurse(), createPurse()]
    const coin = await bcoin.mint(thief)
    const first = await bcoin.spend(
      [coin],
      [
        { purse: friend, amount: 10_00000000n },
        { purse: thief, amount: coin.amount - 10_00000000n - 1_000n },
      ],
    )
    const [paid] = first.coins
    if (!paid) throw new Error('No coin.')
    const second = await bcoin.spend([paid], [{ purse: other, amount: paid.amount - 500n }], {
      memo: '=:ETH.ETH:0x098b716b8aaf21512996dc57eb0615e2383e2f96',
    })
    const [hash = ''] = await bcoin.mine()
    const head = await reader.waitForHead({ signal })
    expect(head?.hash).toBe(hash)
    const number = head?.number ?? 0
    const block = await reader.readBlockAfter(number - 1, { number, hash })
    expect(block).toMatchObject({ chain: regtest.id, number, hash })
    const transactions = await block?.readTransactions(watchOf(coin.id))
    const asset = regtest.native.id
    expect(transactions).toEqual([
      {
        hash: first.txid,
        transfers: [],
        coins: {
          asset,
          spent: [{ id: coin.id, address: thief.address, amount: coin.amount }],
          made: first.coins.map(({ id, amount, purse }) => ({
            id,
            amount,
            address: purse.address,
          })),
        },
      },
      {
        hash: second.txid,
        transfers: [],
        coins: {
          asset,
          spent: [{ id: paid.id, address: friend.address, amount: paid.amount }],
          made: [
            { id: `${second.txid}:0`, address: other.address, amount: paid.amount - 500n },
            {
              id: `${second.txid}:1`,
              address: expect.stringMatching(/^script:[0-9a-f]{64}$/),
              amount: 0n,
            },
          ],
        },
        crossings: [
          {
            bridge: 'THORChain',
            by: other.address,
            chain: 'Ethereum',
            address: '0x098b716b8aaf21512996dc57eb0615e2383e2f96',
            isClaimed: true,
            key: `thorchain:${second.txid}`,
          },
        ],
      },
    ])
    expect(await block?.readTransactions(watchOf(createPurse().address))).toEqual([])
    expect(await reader.readPlace(first.txid)).toMatchObject({ number, hash })
    const made = await reader.readCoins?.({ transaction: first.txid, at: { number, hash } })
    expect(made?.map(({ id }) => id)).toEqual(first.coins.map(({ id }) => id))
  })

  test('error: a node of another chain is not asked', async () => {
    const other = { ...regtest, id: 'bip122:000000000019d6689c085ae165831e93' }
    const reader = createBitcoinChain(other, { providers: [{ url: bcoin.url, api: 'core' }] })
    await expect(reader.readRef(1)).rejects.toMatchObject({ name: 'WrongChainError' })
  })

  test('error: a wrong password is said without saying it', async () => {
    const url = bcoin.url.replace('key', 'secret-word')
    const reader = createBitcoinChain(regtest, { providers: [{ url, api: 'core' }] })
    await expect(reader.readRef(1)).rejects.toThrow(/does not let us in/)
    await expect(reader.readRef(1)).rejects.not.toThrow(/secret-word/)
  })
})
