import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MalformedRowError } from '#errors/file.ts'
import { quote } from '#errors/quote.ts'
import { UserError } from '#errors/userError.ts'
import type { Asset, Transaction } from '#types/chain.ts'
import { parseAddress } from '#utils/parseAddress.ts'
import { maxAmount } from '#utils/parseAmount.ts'
import { readCsv } from '#utils/readCsv.ts'

/** A row of a recording: one transaction and where it stands on the chain. */
export type RecordedTransaction = {
  block: number
  /** Place in its block. */
  index: number
  /** Unix seconds. */
  time: number
  transaction: Transaction
}

const required = [
  'blockNumber',
  'timeStamp',
  'hash',
  'transactionIndex',
  'from',
  'to',
  'value',
  'gasPrice',
  'gasUsed',
  'isError',
] as const
const optional = ['contractAddress'] as const

/**
 * Reads files with the columns of Etherscan's `txlist` and puts their rows in the order of the chain. A transaction
 * that stands in two files counts once; no row of one file is dropped.
 * @throws FileNotReadableError, BrokenGzipError, MissingColumnsError, MalformedRowError
 */
export async function readRecording(
  files: readonly (string | URL)[],
  { native, onProgress }: { native: Asset; onProgress?: (read: number, size: number) => void },
): Promise<RecordedTransaction[]> {
  const rows: RecordedTransaction[] = []
  // Hash to rows of earlier files; not needed, and so not filled, where there is one file.
  const earlier = new Map<string, Set<string>>()
  for (const file of files) {
    const name = basename(typeof file === 'string' ? file : fileURLToPath(file))
    const here = new Map<string, Set<string>>()
    const progress = onProgress ? { onProgress } : {}
    await readCsv(file, { required, optional, ...progress }, (values, line) => {
      const refuse = (reason: string) => new MalformedRowError({ file: name, line, reason })
      const row = parseRow(values, native, refuse)
      if (files.length > 1) {
        const { hash } = row.transaction
        const text = JSON.stringify(values).toLowerCase()
        const known = earlier.get(hash)
        if (known && !known.has(text)) {
          throw refuse(`the transaction ${quote(hash)} stands in an earlier file with other values`)
        }
        here.set(hash, (here.get(hash) ?? new Set()).add(text))
        if (known) return
      }
      rows.push(row)
    })
    for (const [hash, texts] of here)
      earlier.set(hash, (earlier.get(hash) ?? new Set()).union(texts))
  }
  return rows.sort((a, b) => a.block - b.block || a.index - b.index)
}

function parseRow(
  values: readonly string[],
  native: Asset,
  refuse: (reason: string) => Error,
): RecordedTransaction {
  const [block, time, hash, index, from, to, value, gasPrice, gasUsed, isError, contract] =
    values as TxlistValues
  if (!hashPattern.test(hash)) throw refuse(`hash is ${quote(hash)} and not 0x and 64 hex digits`)
  if (isError !== '0' && isError !== '1')
    throw refuse(`isError is ${quote(isError)} and not 0 or 1`)
  const payer = addressIn('from', from, refuse)
  const lowerHash = hash.toLowerCase()
  const payee = payeeOf(to, contract, lowerHash, refuse)
  const amount = amountIn('value', value, refuse)
  const fee =
    amountIn('gasPrice', gasPrice || '0', refuse) * amountIn('gasUsed', gasUsed || '0', refuse)
  const moves = isError === '0' && amount > 0n
  return {
    block: numberIn('blockNumber', block, refuse),
    index: numberIn('transactionIndex', index, refuse),
    time: numberIn('timeStamp', time, refuse),
    transaction: {
      hash: lowerHash,
      transfers: moves ? [{ position: 'v', from: payer, to: payee, asset: native.id, amount }] : [],
      ...(fee > 0n ? { fee: { from: payer, asset: native.id, amount: fee } } : {}),
    },
  }
}

/** The values of a row in the order of `required` and `optional`. */
type TxlistValues = [
  block: string,
  time: string,
  hash: string,
  index: string,
  from: string,
  to: string,
  value: string,
  gasPrice: string,
  gasUsed: string,
  isError: string,
  contract: string,
]

const hashPattern = /^0x[0-9a-f]{64}$/i
const digitsPattern = /^\d+$/
const lowerAddressPattern = /^0x[0-9a-f]{40}$/

function payeeOf(
  to: string,
  contract: string,
  hash: string,
  refuse: (reason: string) => Error,
): string {
  if (to !== '') return addressIn('to', to, refuse)
  return contract === ''
    ? `contract-creation:${hash}`
    : addressIn('contractAddress', contract, refuse)
}

function addressIn(column: string, text: string, refuse: (reason: string) => Error): string {
  if (lowerAddressPattern.test(text)) return text
  try {
    return parseAddress(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw refuse(`${column}: ${error.message.replace(/\.$/, '')}`)
  }
}

function numberIn(column: string, text: string, refuse: (reason: string) => Error): number {
  const number = digitsPattern.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(number)) return number
  throw refuse(`${column} is ${quote(text)} and not a whole number`)
}

function amountIn(column: string, text: string, refuse: (reason: string) => Error): bigint {
  if (!digitsPattern.test(text)) throw refuse(`${column} is ${quote(text)} and not a whole number`)
  const amount = text.length <= 78 ? BigInt(text) : maxAmount + 1n
  if (amount > maxAmount)
    throw refuse(`${column} is ${quote(text)}, more than any transfer can carry`)
  return amount
}
