import type Keyv from 'keyv'
import { encodeFunctionData, erc20Abi, parseAbi } from 'viem'
import { NodeFailure, ProviderError } from '#errors/rpc.ts'
import type { Address, AssetId, BlockRef, ChainReader } from '#types/chain.ts'
import { readHead, refuse } from './checkBlock.ts'
import type { Provider } from './createProvider.ts'
import type { RpcPool } from './createRpcPool.ts'
import type { Settings } from './settings.ts'

type Query = { address: Address; asset: AssetId; at: BlockRef }

/** Reads balances at a block, known by its hash, of an asset and of all tokens that count as it, and nonces. */
export function createBalanceReader(
  pool: RpcPool,
  { settings, cache }: { settings: Settings; cache?: Keyv | undefined },
): Required<Pick<ChainReader, 'readBalance' | 'readNonce' | 'hasCode'>> {
  const { chain, log } = settings

  async function ask(call: BalanceCall, at: BlockRef): Promise<bigint> {
    const amount = await pool.run((provider) => askProvider(provider, { call, at }), {
      forgiving: true,
    })
    if (amount !== undefined) return amount
    const answers = pool.providers.map(({ host }) => ({ host, reason: 'no such block' }))
    throw new ProviderError({ chain: chain.id, answers })
  }

  async function read({ address, asset, at }: Query): Promise<bigint> {
    const calls = callsFor(asset)
    const amounts = await Promise.all(calls.map((call) => ask(call(address), at)))
    return amounts.reduce((sum, amount) => sum + amount, 0n)
  }

  function callsFor(asset: AssetId): ((address: Address) => BalanceCall)[] {
    const tokens = chain.tokens.filter((token) => token.asset.id === asset)
    const calls = tokens.map(
      ({ contract, countsShares = false }) =>
        (address: Address) =>
          tokenCall(contract, address, countsShares),
    )
    if (asset === chain.native.id) calls.unshift(nativeCall)
    if (calls.length === 0) throw new RangeError(`The chain has no asset "${asset}".`)
    return calls
  }

  async function readCache(key: string): Promise<bigint | undefined> {
    const text = await cache?.get<string>(key).catch(() => undefined)
    return typeof text === 'string' && /^\d+$/.test(text) ? BigInt(text) : undefined
  }

  async function readBalance(query: Query): Promise<bigint> {
    const { address, asset, at } = query
    callsFor(asset)
    if (at.number < 0 || !/^0x[0-9a-f]{40}$/i.test(address)) return 0n
    const key = ['balance', chain.id, address.toLowerCase(), asset, at.hash].join(' ')
    const known = await readCache(key)
    if (known !== undefined) return known
    const amount = await read(query)
    await cache?.set(key, amount.toString()).catch((error: unknown) => {
      log.warn({ chain: chain.id, reason: String(error) }, 'A balance was not kept in the cache')
    })
    return amount
  }

  async function readNonce({ address, at }: Omit<Query, 'asset'>): Promise<number> {
    if (at.number < 0 || !/^0x[0-9a-f]{40}$/i.test(address)) return 0
    const call = { method: 'eth_getTransactionCount', first: address, read: readQuantity }
    return Number(await ask(call, at))
  }

  async function hasCode({ address, at }: Omit<Query, 'asset'>): Promise<boolean> {
    if (at.number < 0 || !/^0x[0-9a-f]{40}$/i.test(address)) return false
    return (await ask({ method: 'eth_getCode', first: address, read: readCode }, at)) > 0n
  }

  return { readBalance, readNonce, hasCode }
}

const sharesAbi = parseAbi(['function sharesOf(address) view returns (uint256)'])

type BalanceCall = { method: string; first: unknown; read: (answer: unknown) => bigint }

function nativeCall(address: Address): BalanceCall {
  return { method: 'eth_getBalance', first: address, read: readQuantity }
}

function tokenCall(contract: Address, address: Address, countsShares: boolean): BalanceCall {
  const args = [address as `0x${string}`] as const
  const data = countsShares
    ? encodeFunctionData({ abi: sharesAbi, functionName: 'sharesOf', args })
    : encodeFunctionData({ abi: erc20Abi, functionName: 'balanceOf', args })
  return { method: 'eth_call', first: { to: contract, data }, read: readWord }
}

function readQuantity(answer: unknown): bigint {
  if (typeof answer !== 'string' || !/^0x[0-9a-f]{1,64}$/i.test(answer)) throw refuse('no balance')
  return BigInt(answer)
}

/** Bytes of code. */
function readCode(answer: unknown): bigint {
  if (typeof answer !== 'string' || !/^0x(?:[0-9a-f]{2})*$/i.test(answer)) throw refuse('no code')
  return BigInt(answer.length / 2 - 1)
}

function readWord(answer: unknown): bigint {
  // A contract that does not exist (yet) answers nothing.
  if (answer === '0x') return 0n
  if (typeof answer !== 'string' || !/^0x[0-9a-f]{64}$/i.test(answer)) throw refuse('no balance')
  return BigInt(answer)
}

async function askProvider(
  provider: Provider,
  { call, at }: { call: BalanceCall; at: BlockRef },
): Promise<bigint | undefined> {
  const kind = 'balance'
  const { method, first, read } = call
  if (provider.takesBlockHash) {
    try {
      return read(await provider.request(method, [first, { blockHash: at.hash }], { kind }))
    } catch (error) {
      if (!(error instanceof NodeFailure) || !refusesHash(error)) throw error
      provider.takesBlockHash = false
    }
  }
  const block = `0x${at.number.toString(16)}`
  const ref = readHead(await provider.request('eth_getBlockByNumber', [block, false], { kind }))
  if (ref?.hash !== at.hash) return undefined
  return read(await provider.request(method, [first, block], { kind }))
}

/** Whether a node did not understand that a block is named by its hash. */
function refusesHash({ kind, message }: NodeFailure): boolean {
  return kind === 'refused' && /invalid|unmarshal|parse|expected|-32602|-32600/i.test(message)
}
