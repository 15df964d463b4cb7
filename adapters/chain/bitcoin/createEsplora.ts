import { z } from 'zod'
import { NodeFailure } from '#errors/rpc.ts'
import { decodeHex, refuse } from './decodeBlock.ts'
import { ask, parseJson, readUrl } from './request.ts'
import type { BitcoinSource, Output, Settings } from './settings.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const hex = z.string().regex(/^(?:[0-9a-f]{2})*$/)
const blockAnswer = z.object({ id: hash, height: z.int().nonnegative() })
const status = z.object({ block_hash: hash.nullish() })
const spending = z.object({
  txid: hash,
  vin: z.array(
    z.object({
      txid: hash,
      vout: z.int().nonnegative(),
      prevout: z.object({ value: z.int().nonnegative(), scriptpubkey: hex }).nullable(),
    }),
  ),
})

/**
 * Asks a server that speaks the REST API of Esplora.
 * @see https://github.com/Blockstream/esplora/blob/master/API.md
 */
export function createEsplora(
  given: string,
  { timeoutMs }: Pick<Settings, 'timeoutMs'>,
): BitcoinSource {
  const { url, host, headers } = readUrl(given)

  /** `undefined` where there is no such thing. @throws NodeFailure */
  async function get(path: string): Promise<Uint8Array | undefined> {
    const { status: code, bytes } = await ask(`${url}${path}`, { headers, timeoutMs })
    if (code === 404) return undefined
    // What it lacks it says in words too, with another code.
    if (code === 400) return undefined
    if (code !== 200) throw new NodeFailure(`HTTP status ${code}`, { kind: 'refused' })
    return bytes
  }

  async function getText(path: string): Promise<string | undefined> {
    const bytes = await get(path)
    if (!bytes) return undefined
    const { data, success } = hash.safeParse(new TextDecoder().decode(bytes).trim())
    if (!success) throw refuse('an answer that is no hash')
    return data
  }

  async function getJson<Value>(path: string, schema: z.ZodType<Value>) {
    const bytes = await get(path)
    if (!bytes) return undefined
    const { data, success } = schema.safeParse(parseJson(bytes))
    if (!success) throw refuse('an answer of another shape')
    return data
  }

  async function readSpending(txid: string): Promise<[string, Output][]> {
    const found = await getJson(`/tx/${txid}`, spending)
    if (found?.txid !== txid) throw refuse('another transaction than was asked for')
    return found.vin.flatMap(({ txid: of, vout, prevout }): [string, Output][] =>
      prevout
        ? [
            [
              `${of}:${vout}`,
              { amount: BigInt(prevout.value), script: decodeHex(prevout.scriptpubkey) },
            ],
          ]
        : [],
    )
  }

  return {
    host,
    async readTip() {
      const tip = await getText('/blocks/tip/hash')
      if (tip === undefined) throw refuse('no newest block')
      return tip
    },
    readNumber: async (block) => (await getJson(`/block/${block}`, blockAnswer))?.height,
    readHash: (number) => getText(`/block-height/${number}`),
    readBlock: (block) => get(`/block/${block}/raw`),
    async readPlace(txid) {
      const found = await getJson(`/tx/${txid}/status`, status)
      return found && (found.block_hash ?? null)
    },
    async readSpent({ txids }) {
      const outputs = new Map<string, Output>()
      for (const txid of txids) {
        for (const [id, output] of await readSpending(txid)) outputs.set(id, output)
      }
      return outputs
    },
  }
}
