import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { hexToBytes, keccak256 } from 'viem'
import { marks } from './template.ts'

type Fields = Record<string, unknown>

type SourceTransaction = Fields & { hash: string }
type SourceLog = Fields & { address: string; topics: string[] }
export type SourceReceipt = Fields & { transactionHash: string; logs: SourceLog[] }

/** A block whose number, hashes and time are marks, mended where made-up receipts do not fit. */
export type Source = {
  block: Fields & { gasUsed: string; transactions: SourceTransaction[] }
  receipts: SourceReceipt[]
}

/** What is added to a copy of a block. */
export type Plant = { hash: string; from: string; to: string; value: bigint }

const plantGas = 21_000
const plantGasPrice = 1_000_000_000

/** The recorded blocks in the order of their numbers. */
export function readBlocks(): Source[] {
  const folder = new URL('../blocks/', import.meta.url)
  return readdirSync(folder)
    .filter((name) => name.endsWith('.block.json.gz'))
    .sort()
    .map((name) => {
      const block = readAnswer(new URL(name, folder)) as Source['block']
      const receipts = readAnswer(new URL(name.replace('block', 'receipts'), folder))
      return mend(block, receipts as SourceReceipt[])
    })
}

/** A copy of a block in which somebody pays somebody, last of all. */
export function plantIn({ block, receipts }: Source, plants: readonly Plant[]): Source {
  const transactions = plants.map(({ hash, from, to, value }) => ({
    type: '0x0',
    nonce: '0x0',
    gas: toHex(plantGas),
    gasPrice: toHex(plantGasPrice),
    input: '0x',
    hash,
    from,
    to,
    value: toHex(value),
  }))
  const gasUsed = Number(block.gasUsed) + plantGas * plants.length
  const planted = {
    ...block,
    gasUsed: toHex(gasUsed),
    transactions: [...block.transactions, ...transactions],
  }
  const bare = plants.map(({ hash, from, to }) => ({
    transactionHash: hash,
    from,
    to,
    contractAddress: null,
    effectiveGasPrice: toHex(plantGasPrice),
    status: '0x1',
    type: '0x0',
    logs: [],
  }))
  return mend(planted, [...receipts, ...bare], plants.length)
}

function readAnswer(file: URL): unknown {
  return (JSON.parse(gunzipSync(readFileSync(file)).toString()) as { result: unknown }).result
}

/** Makes the parts belong together; the last `plants` transactions use their own gas, the others share the rest. */
function mend(block: Source['block'], receipts: readonly SourceReceipt[], plants = 0): Source {
  const place = { blockHash: marks.hash, blockNumber: marks.number }
  const count = block.transactions.length
  const gasOfRest = Number(block.gasUsed) - plantGas * plants
  const gasUpTo = (index: number): number => {
    const rest = Math.min(index, count - plants)
    return Math.floor((gasOfRest * rest) / (count - plants)) + plantGas * (index - rest)
  }
  const transactions = block.transactions.map((transaction, index) => ({
    ...transaction,
    ...place,
    ...('blockTimestamp' in transaction && { blockTimestamp: marks.time }),
    transactionIndex: toHex(index),
  }))
  let logIndex = 0
  const mended = transactions.map(({ hash: transactionHash, transactionIndex }, index) => {
    const receipt = receipts[index]
    if (!receipt) throw new RangeError(`The transaction "${transactionHash}" has no receipt.`)
    const logs = receipt.logs.map((log) => ({
      ...log,
      ...place,
      ...('blockTimestamp' in log && { blockTimestamp: marks.time }),
      transactionHash,
      transactionIndex,
      logIndex: toHex(logIndex++),
    }))
    return {
      ...receipt,
      ...place,
      transactionHash,
      transactionIndex,
      cumulativeGasUsed: toHex(gasUpTo(index + 1)),
      gasUsed: toHex(gasUpTo(index + 1) - gasUpTo(index)),
      logs,
      logsBloom: bloomOf(logs),
    }
  })
  const header = {
    number: marks.number,
    hash: marks.hash,
    parentHash: marks.parentHash,
    timestamp: marks.time,
    logsBloom: bloomOf(mended.flatMap(({ logs }) => logs)),
  }
  return { block: { ...block, ...header, transactions }, receipts: mended }
}

const bitsByValue = new Map<string, number[]>()

/** The three of 2,048 bits that a value sets in a bloom. */
function bitsOf(value: string): number[] {
  const known = bitsByValue.get(value)
  if (known) return known
  const hash = Buffer.from(keccak256(hexToBytes(value as `0x${string}`), 'bytes'))
  const bits = [0, 2, 4].map((at) => hash.readUInt16BE(at) & 2047)
  bitsByValue.set(value, bits)
  return bits
}

function bloomOf(logs: readonly SourceLog[]): string {
  let bloom = 0n
  for (const { address, topics } of logs) {
    for (const bit of [address, ...topics].flatMap(bitsOf)) bloom |= 1n << BigInt(bit)
  }
  return `0x${bloom.toString(16).padStart(512, '0')}`
}

export function toHex(number: number | bigint): string {
  return `0x${number.toString(16)}`
}
