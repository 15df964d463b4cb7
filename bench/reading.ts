import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Papa from 'papaparse'
import { readRecording } from '#adapters/chain/recorded/readRecording.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { reportTrace, traceJson } from '#trace/reportTrace.ts'
import { traceTransactions } from '#trace/traceTransactions.ts'
import { type Figure, median, timeOf } from './figure.ts'
import { benchAsset, benchSource, generateCase } from './generateCase.ts'

const rowCount = 1e5
const rounds = 5

/** Most that tracing a file may take, as a multiple of reading it and parsing its rows. */
const readingBar = 3

/** `posse trace` of a large file, beside reading and parsing its rows, and that beside splitting its text. */
export async function benchReading(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'posse-bench-'))
  try {
    const file = join(folder, 'transactions.csv')
    await writeFile(file, csvOf(rowCount))
    const split: number[] = []
    const read: number[] = []
    const traced: number[] = []
    for (let round = 0; round <= rounds; round++) {
      const times = [
        await timeOf(async () =>
          Papa.parse(await readFile(file, 'utf8'), { step: () => undefined }),
        ),
        await timeOf(() => readRecording([file], { native: ethereum.native })),
        await timeOf(() => traceFile(file)),
      ] as const
      if (round === 0) continue
      split.push(times[0])
      read.push(times[1])
      traced.push(times[2])
    }
    return [
      figureOf(`read and parse a file of ${rowCount} rows, beside splitting it`, read, split, null),
      figureOf(`posse trace of that file, beside reading and parsing it`, traced, read, readingBar),
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}

function figureOf(name: string, taken: number[], floor: number[], bar: number | null): Figure {
  const ratio = median(taken.map((ms, round) => ms / (floor[round] ?? 0)))
  const ok = bar === null ? null : ratio < bar
  return { name, value: median(taken), unit: 'ms', reference: median(floor), ratio, bar, ok }
}

async function traceFile(file: string): Promise<string> {
  const rows = await readRecording([file], { native: ethereum.native })
  const sources = [benchSource]
  const options = { asset: benchAsset, policy: 'fifo' as const, sources, serviceOf: () => null }
  return traceJson(reportTrace(traceTransactions(rows, options), new Map()))
}

/** A generated case as Etherscan writes it, with the columns that nobody here reads. */
function csvOf(size: number): string {
  const header =
    'blockNumber,timeStamp,hash,nonce,transactionIndex,from,to,value,gas,gasPrice,gasUsed,isError,methodId,functionName'
  const lines = generateCase(size).map(({ transaction: { hash, transfers }, time }) => {
    const [transfer] = transfers
    const { from, to, amount } = transfer ?? { from: '', to: '', amount: 0n }
    const block = 14_000_000 + Math.floor(time / 5)
    const seconds = 1_640_000_000 + Math.floor(time / 5) * 12
    return `${block},${seconds},${hash},${time},${time % 5},${from},${to},${amount},21000,30000000000,21000,0,0x,"multicall(bytes[] data, uint256 deadline)"`
  })
  return [header, ...lines, ''].join('\n')
}
