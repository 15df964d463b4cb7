import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBitcoinChain } from '#adapters/chain/bitcoin/createBitcoinChain.ts'
import { decodeBlock } from '#adapters/chain/bitcoin/decodeBlock.ts'
import { bitcoin } from '#config/chains/bitcoin.ts'

/** Block 170 of Bitcoin as the network has it, with the first payment there ever was. */
const raw = Buffer.from(
  '0100000055bd840a78798ad0da853f68974f3d183e2bd1db6a842c1feecf222a00000000ff104ccb05421ab93e63f8c3ce5c2c2e9dbb37de2764b3a3175c8166562cac7d51b96a49ffff001d283e9e700201000000010000000000000000000000000000000000000000000000000000000000000000ffffffff0704ffff001d0102ffffffff0100f2052a01000000434104d46c4968bde02899d2aa0963367c7a6ce34eec332b32e42e5f3407e052d64ac625da6f0718e7b302140434bd725706957c092db53805b821a85b23a7ac61725bac000000000100000001c997a5e56e104102fa209c6a852dd90660a20b2d9c352423edce25857fcd3704000000004847304402204e45e16932b8af514961a1d3a1a25fdf3f4f7732e9d624c6c61548ab5fb8cd410220181522ec8eca07de4860a4acdd12909d831cc56cbbac4622082221a8768d1d0901ffffffff0200ca9a3b00000000434104ae1a62fe09c5f51b13905f07f06b99a2f7159b2225f374cd378d71302fa28414e7aab37397f554a7df5f142c21c1b7303b8a0626f1baded5c72a704f7e6cd84cac00286bee0000000043410411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3ac00000000',
  'hex',
)
const hash = '00000000d1145790a8694403d4063f323d499e655c83426834d4ce2f8dd4a2ee'
const parent = '000000002a22cfee1f2c846adbd12b3e183d4f97683f85dad08a79780a84bd55'
const genesis = '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f'
const payment = 'f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16'
const source = '0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9'
const sourceScript =
  '410411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3ac'

/** What a server of Esplora answers, each with its path. */
const answers: Record<string, string | Buffer> = {
  '/blocks/tip/hash': hash,
  '/block-height/0': genesis,
  '/block-height/170': hash,
  [`/block/${hash}`]: JSON.stringify({ id: hash, height: 170, version: 1, timestamp: 1231731025 }),
  [`/block/${hash}/raw`]: raw,
  [`/tx/${payment}`]: JSON.stringify({
    txid: payment,
    vin: [
      {
        txid: source,
        vout: 0,
        prevout: { scriptpubkey: sourceScript, scriptpubkey_type: 'p2pk', value: 5_000_000_000 },
        is_coinbase: false,
      },
    ],
  }),
  [`/tx/${payment}/status`]: JSON.stringify({
    confirmed: true,
    block_height: 170,
    block_hash: hash,
  }),
}

describe('bitcoin over Esplora', () => {
  let server: Server
  let url: string
  const asked: string[] = []
  const lies = new Map<string, string | Buffer>()

  beforeAll(async () => {
    server = createServer(({ url: path = '' }, response) => {
      asked.push(path)
      const answer = lies.get(path) ?? answers[path]
      response.statusCode = answer === undefined ? 404 : 200
      response.end(answer ?? 'not found')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  const open = () => createBitcoinChain(bitcoin, { providers: [{ url, api: 'esplora' }] })
  const head = { number: 170, hash }

  test('behavior: a real block, its payment to the satoshi, in few calls', async () => {
    const reader = open()
    expect(await reader.waitForHead({ signal: AbortSignal.timeout(5_000) })).toEqual(head)
    asked.length = 0
    const block = await reader.readBlockAfter(169, head)
    expect(block).toMatchObject({ number: 170, hash, parentHash: parent, time: 1_231_731_025 })
    const watch = { isWatched: (id: string) => id === `${source}:0`, isService: () => false }
    const [transaction, ...others] = (await block?.readTransactions(watch)) ?? []
    expect(others).toEqual([])
    const { spent, made } = transaction?.coins ?? { spent: [], made: [] }
    expect(transaction?.hash).toBe(payment)
    expect(spent.map(({ id, amount }) => [id, amount])).toEqual([[`${source}:0`, 5_000_000_000n]])
    expect(made.map(({ amount }) => amount)).toEqual([1_000_000_000n, 4_000_000_000n])
    // The change came back to the key that paid.
    expect(made[1]?.address).toBe(spent[0]?.address)
    expect(asked).toEqual([`/block/${hash}/raw`, `/tx/${payment}`])
    expect(await reader.readPlace(payment)).toEqual({ ...head, time: 1_231_731_025 })
  })

  test('error: a block with one digit changed is believed by nobody', async () => {
    for (const at of [10, 50, 300, raw.length - 40]) {
      const forged = Buffer.from(raw)
      forged[at] = (forged[at] ?? 0) ^ 1
      lies.set(`/block/${hash}/raw`, forged)
      await expect(open().readBlockAfter(169, head)).rejects.toMatchObject({
        name: 'ProviderError',
      })
    }
    lies.set(`/block/${hash}/raw`, raw.subarray(0, 200))
    await expect(open().readBlockAfter(169, head)).rejects.toMatchObject({ name: 'ProviderError' })
    lies.clear()
    expect(decodeBlock(raw, hash).transactions).toHaveLength(2)
  })

  test('error: a transaction that would make more than it spends is not followed', async () => {
    const told = JSON.parse(String(answers[`/tx/${payment}`]))
    told.vin[0].prevout.value = 1
    lies.set(`/tx/${payment}`, JSON.stringify(told))
    const block = await open().readBlockAfter(169, head)
    const watch = { isWatched: (id: string) => id === `${source}:0`, isService: () => false }
    await expect(block?.readTransactions(watch)).rejects.toThrow(/makes more than it spends/)
    lies.clear()
  })

  test('error: nonsense in place of answers, and a transaction that nobody has', async () => {
    lies.set('/blocks/tip/hash', '<html>')
    const signal = AbortSignal.timeout(5_000)
    await expect(open().waitForHead({ signal })).rejects.toThrow(/no hash/)
    lies.clear()
    await expect(open().readPlace('ab'.repeat(32))).rejects.toMatchObject({
      name: 'TransactionNotFoundError',
    })
  })

  test('behavior: where one server fails the next one is asked', async () => {
    const providers = [
      { url: 'http://127.0.0.1:9', api: 'esplora' as const },
      { url, api: 'esplora' as const },
    ]
    const reader = createBitcoinChain(bitcoin, { providers, timeoutMs: 2_000 })
    expect(await reader.readRef(170)).toEqual(head)
  })
})
