import { NodeFailure } from '#errors/rpc.ts'
import { openSource } from './createBitcoinChain.ts'
import { decodeBlock, refuse } from './decodeBlock.ts'
import type { BitcoinProvider } from './settings.ts'

/** What a node told; what it cannot is a sentence each, without anything of its URL but the host. */
export type BitcoinProbe = {
  host: string
  /** CAIP-2 id. */
  chain?: string
  /** `time` is in Unix seconds. */
  head?: { number: number; hash: string; time: number }
  /** Whole blocks come with all that they hold. */
  receipts: boolean
  logs: boolean
  latencyMs?: number
  failures: string[]
}

/** Asks one node what Posse needs of it. Never throws for what the node does. */
export async function probeBitcoinProvider(
  provider: BitcoinProvider,
  { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
): Promise<BitcoinProbe> {
  const probe: BitcoinProbe = { host: '', receipts: false, logs: false, failures: [] }
  const began = performance.now()
  try {
    const source = openSource(provider, { timeoutMs })
    probe.host = source.host
    const first = await source.readHash(0)
    probe.latencyMs = performance.now() - began
    if (first === undefined) throw refuse('no first block')
    probe.chain = `bip122:${first.slice(0, 32)}`
    const hash = await source.readTip()
    const number = await source.readNumber(hash)
    const bytes = await source.readBlock(hash)
    if (number === undefined || !bytes) throw refuse('no newest block')
    probe.head = { number, hash, time: decodeBlock(bytes, hash).time }
    probe.receipts = true
    probe.logs = true
  } catch (error) {
    const reason = error instanceof NodeFailure ? error.message : 'an answer that is not understood'
    probe.failures.push(`${probe.host} does not work: ${reason}.`)
  }
  return probe
}
