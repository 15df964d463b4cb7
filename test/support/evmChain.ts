import { createEvmChain } from '#adapters/chain/evm/createEvmChain.ts'
import type { EvmOptions } from '#adapters/chain/evm/settings.ts'
import type { Chain, ChainReader, FetchedBlock, Transaction, Watch } from '#types/chain.ts'

const native = { id: 'eip155:1/slip44:60', symbol: 'ETH', decimals: 18 }
export const weth = `0x${'c0'.repeat(20)}`
export const usd = `0x${'d0'.repeat(20)}`
export const usdAsset = { id: `eip155:1/erc20:${usd}`, symbol: 'USD', decimals: 6 }

/** A chain with one token and one that wraps its native asset. */
export const testChain: Chain = {
  id: 'eip155:1',
  name: 'Test',
  native,
  tokens: [
    { contract: weth, asset: native, wrapsNative: true },
    { contract: usd, asset: usdAsset },
  ],
  confirmations: 2,
  explorer: { address: 'https://explorer.example/', transaction: 'https://explorer.example/' },
}

/** The address that is this digit forty times. */
export function person(digit: number): string {
  return `0x${digit.toString(16).repeat(40)}`
}

export function watchOf(watched: string[], services: string[] = []): Watch {
  return {
    isWatched: (address) => watched.includes(address),
    isService: (address) => services.includes(address),
  }
}

/** A reader with a log that is kept, and waits that are recorded in place of being waited for where asked. */
export function openChain(
  urls: (string | EvmOptions['providers'][number])[],
  { skipWaits = false, ...options }: Partial<EvmOptions> & { skipWaits?: boolean } = {},
) {
  const logged: { level: string; text: string; fields: object }[] = []
  const write = (level: string) => (fields: object, text: string) =>
    void logged.push({ level, fields, text })
  const clock = { now: 1_700_000_000_000, waits: [] as number[] }
  const reader = createEvmChain(testChain, {
    providers: urls.map((url) => (typeof url === 'string' ? { url } : url)),
    pollMs: 100,
    timeoutMs: 300,
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    ...(skipWaits && {
      now: () => clock.now,
      sleep: async (ms: number) => {
        clock.waits.push(ms)
        clock.now += ms
        await new Promise(setImmediate)
      },
    }),
    ...options,
  })
  return { reader, logged, clock }
}

/** The head as it is now. */
export async function headOf(reader: ChainReader) {
  const head = await reader.waitForHead({ signal: AbortSignal.timeout(5000) })
  if (!head) throw new Error('There is no head.')
  return head
}

/** Every block from number 1 to the head. */
export async function readAll(reader: ChainReader): Promise<FetchedBlock[]> {
  const head = await headOf(reader)
  const blocks: FetchedBlock[] = []
  for (let number = 0; number < head.number; number++) {
    const block = await reader.readBlockAfter(number, head)
    if (!block) throw new Error(`There is no block after ${number}.`)
    blocks.push(block)
  }
  return blocks
}

export async function readTransactions(
  blocks: FetchedBlock[],
  watch: Watch,
): Promise<Transaction[]> {
  return (await Promise.all(blocks.map((block) => block.readTransactions(watch)))).flat()
}
