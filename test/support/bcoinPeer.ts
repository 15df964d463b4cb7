import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { hex } from '@scure/base'
import { p2wpkh, Transaction } from '@scure/btc-signer'
import { pubECDSA } from '@scure/btc-signer/utils.js'
import { expect, vi } from 'vitest'
import type { Chain } from '#types/chain.ts'
import { freePort } from './freePort.ts'

const network = { bech32: 'bcrt', pubKeyHash: 0x6f, scriptHash: 0xc4, wif: 0xef }

const id = 'bip122:0f9188f13cb7b2c71f2a335e3a4fc328'

/** Bitcoin's regtest as a chain of Posse. */
export const regtest: Chain = {
  id,
  name: 'Regtest',
  native: { id: `${id}/slip44:0`, symbol: 'BTC', decimals: 8 },
  tokens: [],
  coins: { bech32: network.bech32, pubKeyHash: network.pubKeyHash, scriptHash: network.scriptHash },
  confirmations: 6,
  explorer: {
    address: 'https://explorer.example/address/',
    transaction: 'https://explorer.example/tx/',
  },
}

/** Somebody with a key. */
export type Purse = { address: string; key: Uint8Array }

/** A coin that somebody can spend. */
export type OwnCoin = { id: string; amount: bigint; purse: Purse }

export function createPurse(): Purse {
  const key = randomBytes(32)
  const { address } = p2wpkh(pubECDSA(key), network)
  if (!address) throw new Error('No address.')
  return { address, key }
}

/** A real full node on a network of its own, in memory, that speaks Core's JSON-RPC. */
export async function startBcoin() {
  // Its native parts are left out; read when it is loaded.
  process.env.NODE_BACKEND = 'js'
  const { FullNode } = createRequire(import.meta.url)('bcoin')
  const [port, httpPort] = await Promise.all([freePort(), freePort()])
  const node = new FullNode({
    network: 'regtest',
    memory: true,
    port,
    httpPort,
    apiKey: 'key',
    indexTx: true,
    workers: false,
    listen: false,
    logLevel: 'none',
  })
  // Core's own regtest writes addresses like this.
  node.network.addressPrefix.bech32 = network.bech32
  await node.open()
  const url = `http://x:key@127.0.0.1:${httpPort}`

  async function rpc<Result = unknown>(method: string, ...params: unknown[]): Promise<Result> {
    const response = await fetch(`http://127.0.0.1:${httpPort}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from('x:key').toString('base64')}`,
      },
      body: JSON.stringify({ id: 1, method, params }),
    })
    const { result, error } = (await response.json()) as {
      result: Result
      error?: { message: string }
    }
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }

  async function mine(blocks = 1, to = createPurse().address): Promise<string[]> {
    return rpc('generatetoaddress', blocks, to)
  }

  // So many until it knows SegWit.
  await mine(432)

  /** A coin out of nothing, old enough to be spent. */
  async function mint(purse: Purse): Promise<OwnCoin> {
    const [hash] = await mine(1, purse.address)
    const { tx } = await rpc<{ tx: { txid: string; vout: { value: number }[] }[] }>(
      'getblock',
      hash,
      true,
      true,
    )
    await mine(100)
    const [first] = tx
    return {
      id: `${first?.txid}:0`,
      amount: BigInt(Math.round((first?.vout[0]?.value ?? 0) * 1e8)),
      purse,
    }
  }

  /** Sends a transaction with exactly these inputs and outputs; what is left over is the fee. Answers its coins. */
  async function spend(
    coins: readonly OwnCoin[],
    outputs: readonly { purse: Purse; amount: bigint }[],
    { memo }: { memo?: string } = {},
  ): Promise<{ txid: string; coins: OwnCoin[] }> {
    const transaction = new Transaction({ allowUnknownOutputs: true })
    for (const { id: coin, amount, purse } of coins) {
      const [txid = '', index] = coin.split(':')
      const { script } = p2wpkh(pubECDSA(purse.key), network)
      transaction.addInput({ txid, index: Number(index), witnessUtxo: { script, amount } })
    }
    for (const { purse, amount } of outputs)
      transaction.addOutputAddress(purse.address, amount, network)
    if (memo !== undefined) {
      const words = new TextEncoder().encode(memo)
      const head = words.length > 75 ? [0x6a, 0x4c, words.length] : [0x6a, words.length]
      transaction.addOutput({ script: Uint8Array.from([...head, ...words]), amount: 0n })
    }
    for (const [index, { purse }] of coins.entries()) transaction.signIdx(purse.key, index)
    transaction.finalize()
    const txid = await rpc<string>('sendrawtransaction', hex.encode(transaction.extract()))
    // It answers before it has looked.
    await vi.waitFor(async () => expect(await rpc('getrawmempool')).toContain(txid))
    return {
      txid,
      coins: outputs.map(({ purse, amount }, index) => ({ id: `${txid}:${index}`, amount, purse })),
    }
  }

  /** Takes the newest block out of the chain; what it held waits for the next one. */
  async function undo(): Promise<void> {
    const tip = await rpc<string>('getbestblockhash')
    const { tx } = await rpc<{ tx: { txid: string }[] }>('getblock', tip, true, true)
    const raw = await Promise.all(
      tx.slice(1).map((each) => rpc<string>('getrawtransaction', each.txid, false)),
    )
    await rpc('invalidateblock', tip)
    await node.mempool.reset()
    for (const each of raw) await rpc('sendrawtransaction', each)
    await vi.waitFor(async () => expect(await rpc('getrawmempool')).toHaveLength(raw.length))
  }

  return { url, rpc, mine, undo, mint, spend, stop: async () => node.close() }
}

export type Bcoin = Awaited<ReturnType<typeof startBcoin>>
