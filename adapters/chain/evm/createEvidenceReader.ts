import { setTimeout } from 'node:timers/promises'
import QuickLRU from 'quick-lru'
import { CannotCheckError } from '#errors/evidence.ts'
import { NodeFailure, WrongChainError } from '#errors/rpc.ts'
import type { EvidenceAsset, EvidenceReader } from '#types/evidence.ts'
import { balanceCode } from './balanceCode.ts'
import { buildTransaction } from './buildTransaction.ts'
import { checkBlock, checkDigits, checkReceipt, refuse } from './checkBlock.ts'
import { createProvider, type Provider } from './createProvider.ts'
import { callTracer } from './createTracer.ts'
import { isAddress, isFields, isHash, isNumber } from './fields.ts'
import {
  type RawBlock,
  type RawReceipt,
  type RawTransaction,
  transferTopic,
  zeroWord,
} from './raw.ts'
import { readCallTrace, readFlatTrace, type Step } from './readTrace.ts'
import type { CallKind, EvmLog, Settings } from './settings.ts'

/** Times that a call is sent where a node fails for a moment, and the first wait between, doubled each time. */
const maxAttempts = 4
const firstWaitMs = 500

/** Blocks that are kept for their next transaction. */
const maxBlocks = 64

/** Reads a node for somebody who checks evidence on it. @throws InvalidNodeUrlError */
export function createEvidenceReader(
  url: string,
  { chain, asset, isNative, tokens }: EvidenceAsset,
  {
    timeoutMs = 30_000,
    onCall = () => undefined,
  }: { timeoutMs?: number; onCall?: (method: string, kind: CallKind) => void } = {},
): EvidenceReader {
  const settings = settingsFor({ chain, asset, tokens }, { timeoutMs, onCall })
  const ask = createAsk(createProvider({ url }, { settings, place: 'node' }), chain)
  const native = isNative ? asset.id : ''
  const assets = { native, tokens: new Map(tokens.map((token) => [token.contract, token])) }
  const readBlock = createBlocks(ask)

  return {
    readHead: () =>
      read(async () => {
        const answer = await ask('eth_blockNumber', [])
        if (!isNumber(answer)) throw refuse('no newest block')
        return Number(answer)
      }),
    readTransaction: ({ hash, block: number, blockHash, isTraced }) =>
      read(async () => {
        const answer = await ask('eth_getTransactionReceipt', [hash])
        if (answer === null) return { where: 'nowhere' }
        if (!isFields(answer) || !isHash(answer.blockHash)) throw refuse('no receipt')
        if (answer.blockHash !== blockHash || answer.blockNumber !== toHex(number)) {
          return { where: 'elsewhere', blockHash: answer.blockHash }
        }
        const receipt = checkReceipt(answer, { hash: blockHash, transactionHash: hash, told: [] })
        const block = await readBlock(number, blockHash)
        const index = block.transactions.findIndex((each) => each.hash === hash)
        const transaction = block.transactions[index]
        if (!transaction) throw refuse('a block without the transaction of a receipt')
        checkDigits({ transactions: [transaction], logs: [] })
        const time = Number(block.timestamp)
        const steps = isTraced ? await readSteps(ask, transaction, receipt) : undefined
        const inside = { receipt, assets, steps, miner: block.miner }
        const built = buildTransaction(transaction, inside)
        return { where: 'there', transaction: built, index, time }
      }),
    readBalance: ({ address, block }) =>
      read(async () => {
        if (block < 0 || !isAddress(address)) return 0n
        const data = balanceCode(address, { isNative, tokens })
        const answer = await ask('eth_call', [{ data }, toHex(block)])
        if (typeof answer !== 'string' || !/^0x[0-9a-f]{64}$/i.test(answer))
          throw refuse('no balance')
        return BigInt(answer)
      }),
    readNonce: ({ address, block }) =>
      read(async () => {
        if (block < 0 || !isAddress(address)) return 0
        const answer = await ask('eth_getTransactionCount', [address, toHex(block)])
        if (!isNumber(answer)) throw refuse('no count of transactions')
        return Number(answer)
      }),
    readTokenMoves: ({ address, from, to }) =>
      read(async () => {
        const topic = `0x${address.slice(2).padStart(64, '0')}`
        const sides = [
          [transferTopic, topic],
          [transferTopic, null, topic],
        ]
        const contracts = tokens.map(({ contract }) => contract)
        const span = { address: contracts, fromBlock: toHex(from + 1), toBlock: toHex(to) }
        const logs = await Promise.all(
          sides.map((topics) => ask('eth_getLogs', [{ ...span, topics }])),
        )
        return [...new Set(logs.flatMap(hashesOf))]
      }),
  }
}

/** What happened inside a transaction, in whichever way the node knows. @throws CannotCheckError */
async function readSteps(
  ask: Ask,
  transaction: RawTransaction,
  { logs }: RawReceipt,
): Promise<Step[]> {
  const traced = { transaction, logs }
  try {
    const answer = await ask('debug_traceTransaction', [transaction.hash, callTracer])
    return readCallTrace(answer, traced)
  } catch (error) {
    if (!(error instanceof CannotCheckError)) throw error
    const answer = await ask('trace_transaction', [transaction.hash])
    if (!Array.isArray(answer)) throw refuse('a trace that is no list')
    return readFlatTrace(answer, traced)
  }
}

type Ask = (method: string, params: unknown[]) => Promise<unknown>

/** Sends a call again where the node fails for a moment. */
function createAsk(provider: Provider, chain: string): Ask {
  return async (method, params) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await provider.request(method, params, { kind: 'hit' })
      } catch (error) {
        if (!(error instanceof NodeFailure)) throw error
        if (error.kind === 'chain') {
          const answers = [{ host: provider.host, reason: error.message }]
          throw new WrongChainError({ chain, answers })
        }
        const isBrief = error.kind === 'transport' || error.kind === 'limit'
        if (!isBrief || attempt === maxAttempts) throw new CannotCheckError(error.message)
        await setTimeout(error.retryAfterMs ?? firstWaitMs * 2 ** (attempt - 1))
      }
    }
  }
}

/** Reads whole blocks, those of late once. */
function createBlocks(ask: Ask): (number: number, hash: string) => Promise<RawBlock> {
  const blocks = new QuickLRU<string, Promise<RawBlock>>({ maxSize: maxBlocks })
  return (number, hash) => {
    const known = blocks.get(hash)
    if (known) return known
    const asked = ask('eth_getBlockByHash', [hash, true]).then((answer) => {
      if (answer === null) throw new CannotCheckError(`it has no block "${hash}"`)
      return checkBlock(answer, { number, hash })
    })
    blocks.set(hash, asked)
    return asked
  }
}

/** What cannot be right is no proof of anything. */
async function read<Result>(action: () => Promise<Result>): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof NodeFailure) throw new CannotCheckError(error.message)
    throw error
  }
}

/** Transactions of logs that move something: anybody can put out transfers of nothing in the name of others. */
function hashesOf(logs: unknown): string[] {
  if (!Array.isArray(logs)) throw refuse('logs that are no list')
  return logs.flatMap((log) => {
    if (!isFields(log) || !isHash(log.transactionHash)) throw refuse('a log without a transaction')
    const isTransfer = Array.isArray(log.topics) && log.topics.length === 3
    const movesNothing = log.data === zeroWord || String(log.data).length !== zeroWord.length
    return isTransfer && !movesNothing ? log.transactionHash : []
  })
}

function toHex(number: number): string {
  return `0x${number.toString(16)}`
}

function settingsFor(
  { chain, asset, tokens }: Omit<EvidenceAsset, 'isNative'>,
  given: Pick<Settings, 'timeoutMs' | 'onCall'>,
): Settings {
  const none = { confirmations: 0, explorer: { address: '', transaction: '' } }
  return {
    chain: { id: chain, name: chain, native: asset, tokens: [...tokens], ...none },
    pollMs: 1000,
    log: silent,
    now: Date.now,
    sleep: async (ms) => void (await setTimeout(ms)),
    ...given,
  }
}

const quiet = () => undefined
const silent: EvmLog = { debug: quiet, info: quiet, warn: quiet, error: quiet }
