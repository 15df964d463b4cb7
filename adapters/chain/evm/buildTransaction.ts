import {
  type Address,
  type Fee,
  type Transaction,
  type Transfer,
  validators,
  withdrawalsPrefix,
} from '#types/chain.ts'
import { handOn } from '#utils/handOn.ts'
import type { RawBlock, RawReceipt, RawTransaction } from './raw.ts'
import { readCrossings, readHanded, readSettlements } from './readCrossings.ts'
import { readIssuerActs } from './readIssuerActs.ts'
import { type Assets, readMoves } from './readMoves.ts'
import type { Step } from './readTrace.ts'

/** A transaction with all that it moved and cost, in base units. */
export function buildTransaction(
  transaction: RawTransaction,
  {
    receipt,
    assets,
    steps,
    miner,
  }: {
    receipt: RawReceipt
    assets: Assets
    /** What happened inside; `null` where that is not known. @default nothing can have */
    steps?: readonly Step[] | null | undefined
    /** Whoever makes the block: what contracts pay there is a fee. */
    miner?: string | undefined
  },
): Transaction {
  const hash = transaction.hash.toLowerCase()
  const fee = readFee(transaction, { receipt, assets })
  // Before Byzantium a receipt has a state root in place of a status.
  const failed = receipt.status === '0x0'
  if (failed) return { hash, transfers: [], fee }
  const payee = () =>
    (transaction.to ?? receipt.contractAddress)?.toLowerCase() ?? `contract-creation:${hash}`
  const { logs } = receipt
  const told = { logs, assets, payee, steps: steps ?? undefined }
  const moves = readMoves(transaction, { ...told, withUnlisted: true })
  const tipped = miner?.toLowerCase()
  const all = moves.map((move): Transfer => {
    const isTip = move.position.startsWith('i') && move.to === tipped
    return { ...move, amount: BigInt(move.amount), ...(isTip && { isFee: true }) }
  })
  const transfers = readHanded({ logs, assets }).reduce<readonly Transfer[]>(handOn, all)
  const crossings = readCrossings(transaction, { logs, assets })
  const settlements = readSettlements({ logs, assets })
  const issuerActs = readIssuerActs(transaction, { logs, assets })
  const isMixed = transfers.some(({ asset }) => asset !== transfers[0]?.asset)
  const emitters = isMixed ? [...new Set(logs.map(({ address }) => address.toLowerCase()))] : []
  const isCall = steps !== undefined && transaction.to
  return {
    hash,
    // By themselves tokens that nobody has listed say nothing.
    transfers: transfers.every(({ isUnlisted }) => isUnlisted) ? [] : [...transfers],
    fee,
    ...(steps === null && { isPartial: true }),
    ...(crossings.length > 0 && { crossings }),
    ...(settlements.length > 0 && { settlements }),
    ...(emitters.length > 0 && { emitters }),
    ...(issuerActs.length > 0 && { issuerActs }),
    ...(isCall && { called: isCall.toLowerCase() }),
  }
}

/** Wei of what withdrawals are counted in. */
const gwei = 1_000_000_000n

/**
 * What validators are paid out at the end of a block, as if in a transaction of its own: none has a hash for it.
 * `undefined` where nobody who matters is paid.
 */
export function buildWithdrawals(
  { hash, withdrawals }: Pick<RawBlock, 'hash' | 'withdrawals'>,
  { native, matters }: { native: string; matters: (address: Address) => boolean },
): Transaction | undefined {
  const transfers = (withdrawals ?? []).flatMap(({ address, amount }, place): Transfer[] => {
    const to = address.toLowerCase()
    const paid = { position: `w${place}`, from: validators, to, asset: native }
    return matters(to) ? [{ ...paid, amount: BigInt(amount) * gwei }] : []
  })
  return transfers.length > 0 ? { hash: `${withdrawalsPrefix}${hash}`, transfers } : undefined
}

/** Gas, blobs, and on an OP Stack chain what it pays for its base chain and to its operator. */
function readFee(
  transaction: RawTransaction,
  { receipt, assets }: { receipt: RawReceipt; assets: Assets },
): Fee {
  const from = transaction.from.toLowerCase()
  const type = transaction.type ?? receipt.type
  // What an OP Stack chain is told by its base chain was paid for there.
  if (type === depositType) return { from, asset: assets.native, amount: 0n }
  const gasUsed = BigInt(receipt.gasUsed)
  const gas = gasUsed * BigInt(receipt.effectiveGasPrice ?? transaction.gasPrice ?? '0x0')
  const blobs = type === blobType ? read(receipt.blobGasUsed) * read(receipt.blobGasPrice) : 0n
  return {
    from,
    asset: assets.native,
    amount: gas + blobs + read(receipt.l1Fee) + operatorFee(receipt, gasUsed),
  }
}

/** Other types may use the fields of blobs for something else, as the OP Stack does since Jovian. */
const blobType = '0x3'
const depositType = '0x7e'

/**
 * Millionths of the gas and a constant (Isthmus); a hundred times the gas since Jovian, which is told by its other new
 * field. @see https://specs.optimism.io/protocol/jovian/exec-engine.html#operator-fee
 */
function operatorFee(receipt: RawReceipt, gasUsed: bigint): bigint {
  const scaled = gasUsed * read(receipt.operatorFeeScalar)
  const isJovian = typeof receipt.daFootprintGasScalar === 'string'
  return (isJovian ? scaled * 100n : scaled / 1_000_000n) + read(receipt.operatorFeeConstant)
}

function read(quantity: string | null | undefined): bigint {
  return quantity ? BigInt(quantity) : 0n
}
