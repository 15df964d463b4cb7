import { CannotCheckError } from '#errors/evidence.ts'
import type { Transaction } from '#types/chain.ts'
import type { Check, EvidenceReader, FoundTransaction } from '#types/evidence.ts'
import { mapSome } from '#utils/mapSome.ts'
import type { PacketQuestion, PacketTransaction } from './packet.ts'

/** The transactions as the chain has them, in its order; those that could not be read as the packet has them. */
export type CheckedTransactions = {
  checks: Check[]
  transactions: { transaction: Transaction; block: number }[]
  isWhole: boolean
}

/** Fetches every transaction of a packet anew and compares it. */
export async function checkTransactions(
  { asset }: PacketQuestion,
  given: readonly PacketTransaction[],
  { reader, onProgress }: { reader: EvidenceReader; onProgress: (done: number) => void },
): Promise<CheckedTransactions> {
  const unique = [...new Map(given.map((each) => [each.hash, each])).values()]
  let done = 0
  const read = await mapSome(unique, async (told) => {
    const found = await readOne(reader, told)
    done += 1
    onProgress(done)
    return { told, found }
  })
  const checks: Check[] = []
  const placed: { transaction: Transaction; block: number; index: number }[] = []
  let isWhole = true
  for (const [order, { told, found }] of read.entries()) {
    checks.push(compare(told, found, asset.id))
    if (found instanceof CannotCheckError) {
      isWhole = false
      placed.push({ transaction: toTransaction(told, asset.id), block: told.block, index: order })
    } else if (found.where === 'there') {
      placed.push({ transaction: found.transaction, block: told.block, index: found.index })
    }
  }
  if (unique.length < given.length) {
    const text = 'the same ones are listed more than once'
    checks.push({ verdict: 'differs', fault: 'never happened', subject: 'transactions', text })
  }
  placed.sort((a, b) => a.block - b.block || a.index - b.index)
  const order = placed.map(({ transaction }) => transaction.hash)
  const real = new Set(order)
  const listed = unique.map(({ hash }) => hash).filter((hash) => real.has(hash))
  if (isWhole && order.join() !== listed.join()) {
    const text = 'are not listed in the order of the chain'
    checks.push({ verdict: 'differs', fault: 'never happened', subject: 'transactions', text })
  }
  return { checks, transactions: placed, isWhole }
}

async function readOne(
  reader: EvidenceReader,
  { hash, block, blockHash, transfers }: PacketTransaction,
): Promise<FoundTransaction | CannotCheckError> {
  try {
    const isTraced = transfers.some(({ position }) => position.startsWith('i'))
    return await reader.readTransaction({ hash, block, blockHash, isTraced })
  } catch (error) {
    if (error instanceof CannotCheckError) return error
    throw error
  }
}

function compare(
  told: PacketTransaction,
  found: FoundTransaction | CannotCheckError,
  asset: string,
): Check {
  const subject = `transaction ${told.hash}`
  if (found instanceof CannotCheckError)
    return { verdict: 'unchecked', subject, text: found.message }
  const differs = (fault: Check['fault'] & string, text: string): Check => ({
    verdict: 'differs',
    fault,
    subject,
    text,
  })
  if (found.where === 'nowhere') return differs('never happened', 'is not on this chain')
  if (found.where === 'elsewhere')
    return differs('never happened', `is not in block ${told.block} but in "${found.blockHash}"`)
  const { transfers, fee } = found.transaction
  const real = new Map(
    transfers
      .filter((transfer) => transfer.asset === asset && transfer.from !== transfer.to)
      .map((transfer) => [transfer.position, transfer]),
  )
  for (const { position, from, to, amount, isFee = false } of told.transfers) {
    const transfer = real.get(position)
    if (transfer?.from !== from || transfer.to !== to || isFee !== (transfer.isFee ?? false)) {
      return differs('never happened', `has no transfer ${position} from ${from} to ${to}`)
    }
    if (String(transfer.amount) !== amount) {
      const text = `moved ${transfer.amount} at ${position}, not ${amount}`
      return differs('wrong amount', text)
    }
    real.delete(position)
  }
  const [left] = real.values()
  if (left) {
    const text = `also moved ${left.amount} from ${left.from} to ${left.to} (${left.position})`
    return differs('omitted', text)
  }
  const paid = fee?.asset === asset ? `${fee.amount} by ${fee.from}` : 'none'
  const said = told.fee ? `${told.fee.amount} by ${told.fee.from}` : 'none'
  if (paid !== said) return differs('wrong amount', `cost a fee of ${paid}, not ${said}`)
  if (found.time !== told.time)
    return differs('wrong time', `is of ${found.time}, not ${told.time} (Unix seconds)`)
  return { verdict: 'agrees', subject, text: `is in block ${told.block} as it is told` }
}

/** As the packet has it, which nobody could check. */
function toTransaction({ hash, transfers, fee }: PacketTransaction, asset: string): Transaction {
  return {
    hash,
    transfers: transfers.map(({ position, from, to, amount, isFee }) => ({
      ...{ position, from, to, asset },
      ...(isFee && { isFee }),
      amount: BigInt(amount),
    })),
    ...(fee && { fee: { from: fee.from, asset, amount: BigInt(fee.amount) } }),
  }
}
