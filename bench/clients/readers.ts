import { createPublicClient, http, parseAbiItem } from 'viem'
import { mainnet } from 'viem/chains'
import { createEvmChain } from '#adapters/chain/evm/createEvmChain.ts'
import { watchChain } from '#chain/watchChain.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import type { AddressSet } from '#types/addressSet.ts'

/** Reads the blocks from `from` on, and tells of each when it is done with it. */
export type Read = (
  url: string,
  options: { from: number; to: number; watched: AddressSet },
) => AsyncIterable<unknown>

/** Blocks in flight, as many as the adapter has. */
const inFlight = 8

/** As the adapter sets it up. */
const transport = { retryCount: 0, timeout: 10_000, maxResponseBodySize: 256 * 2 ** 20 }

/** The floor: what the bot has to fetch, over the same HTTP function, and nothing done with it but JSON.parse. */
export const readBare: Read = (url, { from, to }) => {
  const request = http(url, transport)({}).request as (call: {
    method: string
    params: unknown[]
  }) => Promise<unknown>
  return inWindow({ from, to }, async (number) => {
    const params = [`0x${number.toString(16)}`, true]
    const block = (await request({ method: 'eth_getBlockByNumber', params })) as { hash: string }
    return request({ method: 'eth_getBlockReceipts', params: [block.hash] })
  })
}

/** The bot: the adapter and the loop as they are. */
export const readAsPosse: Read = async function* (url, { from, to, watched }) {
  const reader = createEvmChain(ethereum, { providers: [{ url }] })
  const stop = new AbortController()
  const followed = [{ number: from - 1, hash: '' }]
  const watch = { isWatched: watched.has, isService: () => false }
  for await (const event of watchChain(reader, { followed, signal: stop.signal })) {
    if (event.type !== 'block') continue
    yield await event.block.readTransactions(watch)
    if (event.block.number === to) stop.abort()
  }
}

const transfer = parseAbiItem(
  'event Transfer(address indexed from, address indexed to, uint256 value)',
)

/** The rival: blocks and transfers as viem's client decodes them, not yet compared with anything. */
export const readWithViem: Read = (url, { from, to }) => {
  const client = createPublicClient({ chain: mainnet, transport: http(url, transport) })
  return inWindow({ from, to }, async (number) => {
    const block = await client.getBlock({ blockNumber: BigInt(number), includeTransactions: true })
    return client.getLogs({ blockHash: block.hash, event: transfer })
  })
}

async function* inWindow(
  { from, to }: { from: number; to: number },
  read: (number: number) => Promise<unknown>,
): AsyncGenerator<unknown> {
  const reads: Promise<unknown>[] = []
  for (let next = from; reads.length > 0 || next <= to; ) {
    while (reads.length < inFlight && next <= to) reads.push(read(next++))
    yield await reads.shift()
  }
}
