import { setTimeout } from 'node:timers/promises'
import { NodeFailure } from '#errors/rpc.ts'
import { checkHead } from './checkBlock.ts'
import { createSender, readUrl } from './createProvider.ts'
import { transferTopic } from './raw.ts'

/** How many blocks back a balance is asked for: recent ones any node has, old ones only an archive. */
const probedDepths = [128, 10_000, 1_000_000]

/** What a node can do; what it cannot is a sentence each, without anything of its URL but the host. */
export type EvmProbe = {
  host: string
  /** CAIP-2 id. */
  chain?: string
  /** `time` is in Unix seconds. */
  head?: { number: number; hash: string; time: number }
  receipts: boolean
  logs: boolean
  /** Blocks back for which it still tells a balance; `undefined` where not even the least of them worked. */
  balanceDepth?: number
  /** Milliseconds of the quickest answer. */
  latencyMs?: number
  failures: string[]
}

/** Asks one node over HTTP what Posse needs of it. Never throws for what the node does. */
export async function probeEvmProvider(
  text: string,
  { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
): Promise<EvmProbe> {
  const url = readUrl(text, { chain: 'probed', place: 'node' })
  const sleep = async (ms: number) => void (await setTimeout(ms))
  const settings = { timeoutMs, sleep, now: Date.now, onCall: () => undefined }
  const send = createSender(url, { settings })
  const probe: EvmProbe = { host: url.host, receipts: false, logs: false, failures: [] }

  async function attempt<T>(
    what: string,
    call: { method: string; params: unknown[]; read: (answer: unknown) => T },
  ): Promise<T | undefined> {
    const began = performance.now()
    try {
      const value = call.read(await send(call.method, call.params, { kind: 'head' }))
      const ms = performance.now() - began
      probe.latencyMs = Math.min(probe.latencyMs ?? ms, ms)
      return value
    } catch (error) {
      const reason =
        error instanceof NodeFailure ? error.message : 'an answer that is not understood'
      probe.failures.push(`${url.host} does not tell ${what} (${call.method}): ${reason}.`)
      return undefined
    }
  }

  const chain = await attempt('its chain', { method: 'eth_chainId', params: [], read: readChain })
  if (chain !== undefined) probe.chain = chain
  const params = ['latest', false]
  const head = await attempt('its head', { method: 'eth_getBlockByNumber', params, read: readTime })
  if (!head) return probe
  probe.head = head
  const receipts = { method: 'eth_getBlockReceipts', params: [head.hash], read: readList }
  probe.receipts = (await attempt('the receipts of a block', receipts)) ?? false
  const filter = { blockHash: head.hash, topics: [[transferTopic]] }
  const logs = { method: 'eth_getLogs', params: [filter], read: readList }
  probe.logs = (await attempt('the logs of a block', logs)) ?? false
  for (const depth of probedDepths) {
    if (depth > head.number) break
    const at = `0x${(head.number - depth).toString(16)}`
    const what = `balances of ${depth} blocks ago`
    const call = { method: 'eth_getBalance', params: [nobody, at], read: readBalance }
    if (!(await attempt(what, call))) break
    probe.balanceDepth = depth
  }
  return probe
}

const nobody = `0x${'0'.repeat(40)}`

function unusable(what: string): NodeFailure {
  return new NodeFailure(what, { kind: 'answer' })
}

function readChain(answer: unknown): string {
  if (typeof answer !== 'string' || !/^0x[0-9a-f]+$/i.test(answer)) throw unusable('no chain id')
  return `eip155:${BigInt(answer)}`
}

function readTime(answer: unknown): { number: number; hash: string; time: number } {
  const head = checkHead(answer)
  const { timestamp } = answer as { timestamp?: unknown }
  const time = Number(timestamp)
  if (!Number.isSafeInteger(time)) throw unusable('a block without a time')
  return { ...head, time }
}

function readList(answer: unknown): true {
  if (!Array.isArray(answer)) throw unusable('no list')
  return true
}

function readBalance(answer: unknown): true {
  if (typeof answer !== 'string' || !/^0x[0-9a-f]{1,64}$/i.test(answer))
    throw unusable('no balance')
  return true
}
