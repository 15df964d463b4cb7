import fc from 'fast-check'
import type { RecordedTransaction } from '#adapters/chain/recorded/readRecording.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import type { OracleRow } from './traceOracle.ts'

/** Few addresses, so that money meets, mixes and comes back. */
export const parties = Array.from({ length: 7 }, (_, index) => `0x${String(index + 1).repeat(40)}`)
export const services: ReadonlySet<string> = new Set(parties.slice(5))

const party = fc.constantFrom(...parties)
/** Small ones collide and leave remainders, large ones go beyond 2^53. */
const amount = fc.oneof(fc.bigInt(0n, 40n), fc.bigInt(0n, 10n ** 20n))

const row = fc.record({
  blockNumber: fc.integer({ min: 1, max: 30 }),
  transactionIndex: fc.integer({ min: 0, max: 5 }),
  from: party,
  to: fc.oneof({ weight: 12, arbitrary: party }, { weight: 1, arbitrary: fc.constant('') }),
  value: amount,
  gasPrice: fc.bigInt(0n, 3n),
  gasUsed: fc.bigInt(0n, 3n),
  isError: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  contractAddress: fc.oneof(fc.constant(''), party),
})

/** Rows of a made-up chain: failed ones, contract creations, payments to oneself, shared blocks and places. */
export const arbitraryRows = rowsOf({ maxLength: 60 })

/** The same, and not few. */
export const manyRows = rowsOf({ minLength: 15, maxLength: 60, size: 'max' })

function rowsOf(limits: fc.ArrayConstraints): fc.Arbitrary<OracleRow[]> {
  return fc
    .array(row, limits)
    .map((rows) =>
      rows.map((each, place) => ({ ...each, hash: `0x${place.toString(16).padStart(64, '0')}` })),
    )
}

export const arbitrarySeeds = fc.array(
  fc.record({ address: party, amount: fc.oneof(fc.bigInt(1n, 50n), fc.bigInt(1n, 10n ** 20n)) }),
  { minLength: 1, maxLength: 3 },
)

/** The rows as a recording, in the order of the chain. */
export function toRecording(rows: readonly OracleRow[]): RecordedTransaction[] {
  const asset = ethereum.native.id
  return rows
    .map(({ blockNumber, transactionIndex, hash, from, to, value, isError, ...row }) => {
      const payee = to || row.contractAddress || `contract-creation:${hash}`
      const fee = row.gasPrice * row.gasUsed
      return {
        block: blockNumber,
        index: transactionIndex,
        time: 1_700_000_000 + blockNumber * 12,
        transaction: {
          hash,
          transfers: isError ? [] : [{ position: 'v', from, to: payee, asset, amount: value }],
          fee: { from, asset, amount: fee },
        },
      }
    })
    .sort((a, b) => a.block - b.block || a.index - b.index)
}

/** The rows as a file with Etherscan's columns. */
export function toCsv(rows: readonly OracleRow[]): string {
  const header =
    'blockNumber,timeStamp,hash,transactionIndex,from,to,value,gasPrice,gasUsed,isError,contractAddress'
  const lines = rows.map((row) =>
    [
      row.blockNumber,
      1_700_000_000 + row.blockNumber * 12,
      row.hash,
      row.transactionIndex,
      row.from,
      row.to,
      row.value,
      row.gasPrice,
      row.gasUsed,
      row.isError ? 1 : 0,
      row.contractAddress,
    ].join(','),
  )
  return [header, ...lines, ''].join('\n')
}
