import { z } from 'zod'
import { NodeFailure } from '#errors/rpc.ts'
import { decodeHex, decodeTransaction, refuse } from './decodeBlock.ts'
import { ask, parseJson, readUrl } from './request.ts'
import type { BitcoinSource, Output, Settings } from './settings.ts'

const reply = z.object({
  result: z.unknown(),
  error: z.object({ code: z.number(), message: z.string() }).nullish(),
})
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const hex = z.string().regex(/^(?:[0-9a-f]{2})*$/)
const header = z.object({ height: z.int().nonnegative() })
const placed = z.object({ blockhash: hash.nullish() })

/** What verbosity 3 tells of an input; nodes before version 23 lack what it spends. */
const vin = z.object({
  txid: hash.optional(),
  vout: z.int().nonnegative().optional(),
  prevout: z
    .object({ value: z.number().nonnegative(), scriptPubKey: z.object({ hex }) })
    .optional(),
})
const detailed = z.object({ tx: z.array(z.object({ txid: hash, vin: z.array(vin) })) })

/** How a node fails that knows no verbosity 3; whatever else fails may work the next time. */
const knowsNoDetails = /^(?:error -(?:3|8|32602)|an answer to getblock of another shape)$/

/** What a node says where it has no such block, or no transaction. */
const notFoundCodes = new Set([-1, -5, -8])

/**
 * Asks a node that speaks the JSON-RPC of Bitcoin Core.
 * @see https://developer.bitcoin.org/reference/rpc/
 */
export function createCore(
  given: string,
  { timeoutMs }: Pick<Settings, 'timeoutMs'>,
): BitcoinSource {
  const { url, host, headers } = readUrl(given)
  /** Whether the node tells what inputs spend; not known before it was asked. */
  let tellsSpent: boolean | undefined

  /** `undefined` where the node does not have it. @throws NodeFailure */
  async function call<Value>(method: string, params: unknown[], schema: z.ZodType<Value>) {
    const body = JSON.stringify({ jsonrpc: '1.0', id: 1, method, params })
    const { status, bytes } = await ask(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      timeoutMs,
    })
    if (status === 401 || status === 403)
      throw new NodeFailure('it does not let us in', { kind: 'refused' })
    const { data, success } = reply.safeParse(parseJson(bytes))
    if (!success) throw refuse('an answer that is none of JSON-RPC')
    if (data.error) {
      if (notFoundCodes.has(data.error.code)) return undefined
      throw new NodeFailure(`error ${data.error.code}`, { kind: 'refused' })
    }
    const value = schema.safeParse(data.result)
    if (!value.success) throw refuse(`an answer to ${method} of another shape`)
    return value.data
  }

  async function readDetailed(query: Parameters<BitcoinSource['readSpent']>[0]) {
    const block = await call('getblock', [query.block, 3], detailed).catch((error: unknown) => {
      // Who knows no verbosity 3 refuses the number, or answers as to another one.
      if (error instanceof NodeFailure && knowsNoDetails.test(error.message)) return undefined
      throw error
    })
    const outputs = new Map<string, Output>()
    const wanted = new Set(query.txids)
    for (const { txid, vin } of block?.tx ?? []) {
      if (!wanted.has(txid)) continue
      for (const { txid: of, vout, prevout } of vin) {
        if (!of || !prevout) continue
        const script = decodeHex(prevout.scriptPubKey.hex)
        outputs.set(`${of}:${vout}`, { amount: satoshiOf(prevout.value), script })
      }
    }
    return query.coins.every((id) => outputs.has(id)) ? outputs : undefined
  }

  return {
    host,
    async readTip() {
      return required(await call('getbestblockhash', [], hash))
    },
    readNumber: async (block) => (await call('getblockheader', [block], header))?.height,
    readHash: (number) => call('getblockhash', [number], hash),
    async readBlock(block) {
      const found = await call('getblock', [block, false], hex)
      return found === undefined ? undefined : decodeHex(found)
    },
    async readPlace(txid) {
      const found = await call('getrawtransaction', [txid, true], placed)
      return found && (found.blockhash ?? null)
    },
    async readSpent(query) {
      if (tellsSpent !== false) {
        const outputs = await readDetailed(query)
        tellsSpent = outputs !== undefined
        if (outputs) return outputs
      }
      return readFromSources(query.coins, (txid) => call('getrawtransaction', [txid, false], hex))
    },
  }
}

/** What coins hold, from the transactions that made them, each checked by its own hash. */
async function readFromSources(
  coins: readonly string[],
  read: (txid: string) => Promise<string | undefined>,
): Promise<Map<string, Output>> {
  const outputs = new Map<string, Output>()
  for (const [txid, ids] of Map.groupBy(coins, (id) => id.split(':')[0] ?? '')) {
    const raw = await read(txid)
    if (raw === undefined) {
      throw new NodeFailure(
        'no old transactions: run it with txindex=1, or take Core 23 or newer',
        {
          kind: 'refused',
        },
      )
    }
    const transaction = decodeTransaction(decodeHex(raw))
    if (transaction.txid !== txid) throw refuse('another transaction than was asked for')
    for (const id of ids) {
      const output = transaction.outputs[Number(id.split(':')[1])]
      if (!output) throw refuse('a transaction without an output that is spent')
      outputs.set(id, output)
    }
  }
  return outputs
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw refuse('nothing where there must be something')
  return value
}

/** A number of bitcoins has at most 8 decimals, which a double holds exactly enough up to all there will ever be. */
function satoshiOf(bitcoins: number): bigint {
  return BigInt(Math.round(bitcoins * 1e8))
}
