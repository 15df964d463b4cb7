import { createHash } from 'node:crypto'
import { RawOldTx, RawTx } from '@scure/btc-signer/script.js'
import { NodeFailure } from '#errors/rpc.ts'
import type { Output } from './settings.ts'

export type BitcoinTransaction = {
  txid: string
  /** Ids of the coins that it spends; none in the first of a block. */
  spends: string[]
  outputs: Output[]
}

export type BitcoinBlock = {
  hash: string
  parentHash: string
  /** Unix seconds. */
  time: number
  transactions: BitcoinTransaction[]
}

const headerSize = 80

/** The id of what the first transaction of a block spends: nothing. */
const nothing = '00'.repeat(32)

/**
 * A block in the format of the network, proven by its own hash: the header by that, every transaction by the root in the
 * header. Whoever answered cannot have made any of it up.
 * @throws NodeFailure
 */
export function decodeBlock(bytes: Uint8Array, hash: string): BitcoinBlock {
  const block = Buffer.from(bytes)
  const header = block.subarray(0, headerSize)
  if (header.length < headerSize || hashOf(header) !== hash) throw refuse('another block')
  const transactions = splitTransactions(block.subarray(headerSize)).map(decodeTransaction)
  const root = merkleRoot(transactions.map(({ txid }) => txid))
  if (root !== reverseHex(header.subarray(36, 68))) {
    throw refuse('a block whose transactions are not those of its header')
  }
  return {
    hash,
    parentHash: reverseHex(header.subarray(4, 36)),
    time: header.readUInt32LE(68),
    transactions,
  }
}

/** A transaction in the format of the network. @throws NodeFailure */
export function decodeTransaction(bytes: Uint8Array): BitcoinTransaction {
  const { version, inputs, outputs, lockTime } = decoded(() => RawTx.decode(bytes))
  const txid = hashOf(RawOldTx.encode({ version, inputs, outputs, lockTime }))
  const ids = inputs.map(({ txid: of, index }) => `${Buffer.from(of).toString('hex')}:${index}`)
  return { txid, spends: ids.filter((id) => !id.startsWith(nothing)), outputs }
}

/** Transactions say nothing of their length: each is read as far as it goes. */
function splitTransactions(bytes: Buffer): Uint8Array[] {
  let at = 0
  function take(length: number): Buffer {
    at += length
    if (at > bytes.length) throw refuse('a block that breaks off')
    return bytes.subarray(at - length, at)
  }
  function compact(): number {
    const first = take(1).readUInt8()
    if (first < 0xfd) return first
    if (first === 0xfd) return take(2).readUInt16LE()
    if (first === 0xfe) return take(4).readUInt32LE()
    return Number(take(8).readBigUInt64LE())
  }
  function skipTransaction(): Uint8Array {
    const start = at
    take(4)
    const isSegwit = bytes[at] === 0 && bytes[at + 1] === 1
    if (isSegwit) take(2)
    const inputs = compact()
    for (let index = 0; index < inputs; index++) {
      take(36)
      take(compact())
      take(4)
    }
    for (let left = compact(); left > 0; left--) {
      take(8)
      take(compact())
    }
    for (let input = 0; isSegwit && input < inputs; input++) {
      for (let left = compact(); left > 0; left--) take(compact())
    }
    take(4)
    return bytes.subarray(start, at)
  }
  const parts: Uint8Array[] = []
  for (let left = compact(); left > 0; left--) parts.push(skipTransaction())
  if (at !== bytes.length) throw refuse('a block with more behind its end')
  return parts
}

/** Two of the same at an end would make the same root of fewer (CVE-2012-2459): no block has them. */
function merkleRoot(txids: readonly string[]): string {
  if (new Set(txids).size !== txids.length || txids.length === 0) {
    throw refuse('a block that holds a transaction twice, or none')
  }
  let level: Buffer[] = txids.map((txid) => Buffer.from(txid, 'hex').reverse())
  while (level.length > 1) {
    const next: Buffer[] = []
    for (let index = 0; index < level.length; index += 2) {
      const left = level[index] ?? Buffer.alloc(0)
      next.push(sha256d(Buffer.concat([left, level[index + 1] ?? left])))
    }
    level = next
  }
  return reverseHex(level[0] ?? Buffer.alloc(0))
}

/** @throws NodeFailure */
export function decodeHex(text: string): Uint8Array {
  return Buffer.from(text, 'hex')
}

/** An answer that cannot be right. */
export function refuse(what: string): NodeFailure {
  return new NodeFailure(what, { kind: 'answer' })
}

function decoded<Value>(decode: () => Value): Value {
  try {
    return decode()
  } catch {
    throw refuse('a transaction that cannot be read')
  }
}

function hashOf(bytes: Uint8Array): string {
  return reverseHex(sha256d(bytes))
}

function sha256d(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(createHash('sha256').update(bytes).digest()).digest()
}

/** Hashes are written back to front. */
function reverseHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).reverse().toString('hex')
}
