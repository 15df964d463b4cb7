import { z } from 'zod'
import type { Address, ChainReader } from '#types/chain.ts'
import { createBudget } from './createBudget.ts'
import type { HistoryOptions, Settings } from './settings.ts'

/** Rows that such an API tells at most at once. */
const pageSize = 10_000

/** What an address has done is in lists: its own transactions, what contracts paid it, tokens, and on Ethereum validators. */
const lists = ['txlist', 'txlistinternal', 'tokentx']
const listsOf = (chain: string) =>
  chain === 'eip155:1' ? [...lists, 'txsBeaconWithdrawal'] : lists

/** Milliseconds without a question after a failure: meanwhile every block is read. */
const restMs = 60_000

const answerShape = z.object({
  message: z.string(),
  result: z.union([
    z.array(z.object({ blockNumber: z.string().regex(/^\d{1,12}$/) })),
    z.string().max(500),
    z.null(),
  ]),
})

/**
 * Finds the next block in which any of some addresses has moved. The lists are asked for once an address, up to where is
 * caught up to. Where the API fails no block is passed over.
 * @see https://docs.etherscan.io/etherscan-v2
 */
export function createHistory(
  { url, key, requestsPerSecond = 4 }: HistoryOptions,
  { timeoutMs, log, now, sleep, chain }: Settings,
): NonNullable<ChainReader['nextActive']> {
  const wait = createBudget({ requestsPerSecond, now, sleep })
  const known = new Map<Address, { from: number; to: number; blocks: number[] }>()
  let restsUntil = Number.NEGATIVE_INFINITY

  async function ask(list: string, address: Address, from: number, to: number): Promise<number[]> {
    const target = new URL(url)
    const query = { module: 'account', action: list, address, sort: 'asc', page: '1' }
    const span = { startblock: String(from), endblock: String(to), offset: String(pageSize) }
    for (const [name, value] of Object.entries({
      ...query,
      ...span,
      ...(key && { apikey: key }),
    })) {
      target.searchParams.set(name, value)
    }
    await wait(undefined)
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(target, { signal, redirect: 'error' })
    if (!response.ok) throw new Error(`HTTP status ${response.status}`)
    const { message, result } = answerShape.parse(await response.json())
    if (Array.isArray(result)) return result.map(({ blockNumber }) => Number(blockNumber))
    // It has no other word for nothing.
    if (/^no .*found/i.test(message)) return []
    throw new Error('it refuses')
  }

  /** All of a list, page by page: a full page may break off within a block. */
  async function readList(list: string, address: Address, from: number, to: number) {
    const blocks = new Set<number>()
    for (let start = from; ; ) {
      const page = await ask(list, address, start, to)
      if (page.some((block) => block < start || block > to)) throw new Error('blocks out of bounds')
      for (const block of page) blocks.add(block)
      const last = page.at(-1)
      if (page.length < pageSize || last === undefined) return blocks
      if (last === start) throw new Error('more in one block than it tells')
      start = last
    }
  }

  async function learn(address: Address, after: number, upTo: number): Promise<number[]> {
    const before = known.get(address)
    if (before && before.from <= after + 1 && before.to >= upTo) return before.blocks
    const blocks = new Set<number>()
    for (const list of listsOf(chain.id)) {
      for (const block of await readList(list, address, after + 1, upTo)) blocks.add(block)
    }
    const sorted = [...blocks].sort((a, b) => a - b)
    known.set(address, { from: after + 1, to: upTo, blocks: sorted })
    return sorted
  }

  return async ({ addresses, after, upTo }) => {
    if (now() < restsUntil) return after + 1
    try {
      let next = upTo + 1
      for (const address of addresses) {
        // What is no address has no list.
        if (!/^0x[0-9a-f]{40}$/.test(address)) continue
        const block = (await learn(address, after, upTo)).find((each) => each > after)
        if (block !== undefined && block < next) next = block
      }
      return next
    } catch (error) {
      restsUntil = now() + restMs
      const reason =
        (error as Error).name === 'Error' ? (error as Error).message : 'no answer that fits'
      log.warn({ chain: chain.id, host: URL.parse(url)?.host, reason }, 'No history of addresses')
      return after + 1
    }
  }
}
