import { NodeFailure } from '#errors/rpc.ts'
import { mayHoldTransfer } from './bloom.ts'
import { checkBlock, checkDigits, checkLogs, checkReceipts } from './checkBlock.ts'
import type { Provider } from './createProvider.ts'
import type { RpcPool } from './createRpcPool.ts'
import {
  depositTopic,
  type RawBlock,
  type RawLog,
  type RawReceipt,
  sharesTopic,
  transferTopic,
  withdrawalTopic,
} from './raw.ts'
import { payoutTopics } from './readCrossings.ts'
import { issuerTopics } from './readIssuerActs.ts'
import type { Settings } from './settings.ts'

const moveTopics = [transferTopic, depositTopic, withdrawalTopic, sharesTopic]
const topics = [[...moveTopics, ...issuerTopics, ...payoutTopics]]

/** What a node told of a block; without receipts they are asked for where they are needed. */
export type Fetched = {
  provider: Provider
  block: RawBlock
  receipts?: RawReceipt[]
  logs: readonly (readonly RawLog[] | undefined)[]
}

export type FetchBlock = (
  ref: { number: number; hash?: string },
  options?: {
    /** Every digit is checked. */
    isWhole?: boolean
  },
) => Promise<Fetched | undefined>

/** Fetches a block in two calls, both from the same node. */
export function createBlockFetcher(pool: RpcPool, settings: Settings): FetchBlock {
  const { chain, log } = settings
  return async (ref, { isWhole = false } = {}) => {
    const doubters = new Set<Provider>()
    let doubts = 0
    return pool.run(async (provider) => {
      const fetched = await fetchFrom(provider, { ref, settings })
      if (fetched && isWhole) checkFetched(fetched)
      if (!fetched || !isDoubtful(fetched)) return fetched
      // A bloom can be wrong by chance: a node that is alone with it is asked twice.
      doubters.add(provider)
      doubts += 1
      if (doubts < 2 || !pool.available().every((other) => doubters.has(other))) return undefined
      const { host } = provider
      log.warn(
        { chain: chain.id, block: ref.number, host },
        'A block may hold transfers that no node tells of',
      )
      return fetched
    })
  }
}

/** @throws NodeFailure */
export function checkFetched({ block: { transactions }, logs }: Fetched): void {
  checkDigits({ transactions, logs })
}

export function toHex(number: number): string {
  return `0x${number.toString(16)}`
}

/** The header says that there may be transfers, and no log tells of one. */
function isDoubtful({ block, logs, receipts }: Fetched): boolean {
  if (receipts || !mayHoldTransfer(block.logsBloom)) return false
  return !logs.some((group) => group?.some((log) => log.topics[0] === transferTopic))
}

async function fetchFrom(
  provider: Provider,
  { ref, settings }: { ref: { number: number; hash?: string }; settings: Settings },
): Promise<Fetched | undefined> {
  const { number, hash } = ref
  // The head is known by its hash, so that both questions can be asked at once.
  const early = hash === undefined ? undefined : fetchContents(provider, { hash, settings })
  early?.catch(() => undefined)
  const answer =
    hash === undefined
      ? await provider.request('eth_getBlockByNumber', [toHex(number), true], { kind: 'block' })
      : await provider.request('eth_getBlockByHash', [hash, true], { kind: 'block' })
  if (answer === null) return undefined
  const block = checkBlock(answer, ref)
  const { mode, told } = await (early ?? fetchContents(provider, { hash: block.hash, settings }))
  if (mode === 'logs') return { provider, block, logs: checkLogs(told, block) }
  const receipts = checkReceipts(told, block)
  return { provider, block, receipts, logs: receipts.map(({ logs }) => logs) }
}

/** What a block's transactions did, asked in the way that this node knows. */
async function fetchContents(
  provider: Provider,
  { hash, settings }: { hash: string; settings: Settings },
): Promise<{ mode: Provider['mode']; told: unknown }> {
  const { mode } = provider
  try {
    const [method, params] =
      mode === 'receipts'
        ? ['eth_getBlockReceipts', [hash]]
        : ['eth_getLogs', [{ blockHash: hash, topics }]]
    return {
      mode,
      told: await provider.request(method as string, params as unknown[], { kind: 'block' }),
    }
  } catch (error) {
    if (!(error instanceof NodeFailure) || error.kind !== 'method') throw error
    changeMode(provider, { from: mode, settings })
    if (provider.mode === mode) throw error
    return fetchContents(provider, { hash, settings })
  }
}

/** A node that does not know one call is asked by the other, unless that has been so before. */
function changeMode(
  provider: Provider,
  { from, settings: { chain, log } }: { from: Provider['mode']; settings: Settings },
): void {
  if (provider.mode !== from || provider.modeChanged) return
  provider.mode = from === 'receipts' ? 'logs' : 'receipts'
  provider.modeChanged = true
  const { host, mode } = provider
  log.warn({ chain: chain.id, host, mode }, 'A node does not know one call and is asked by another')
}
