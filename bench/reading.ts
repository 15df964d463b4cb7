import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { readRecording } from '#adapters/chain/recorded/readRecording.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { reportTrace, traceJson } from '#trace/reportTrace.ts'
import { traceTransactions } from '#trace/traceTransactions.ts'
import { type Figure, median, timeOf } from './figure.ts'
import { benchAsset, benchSource, generateCase } from './generateCase.ts'

const rowCount = 1e5
const rounds = 5

/** Most that tracing a file may take, as a multiple of reading and parsing it. */
const readingBar = 3

/** `posse trace` of a large file, beside reading and parsing the same file. */
export async function benchReading(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'posse-bench-'))
  try {
    const file = join(folder, 'transactions.csv')
    await writeFile(file, csvOf(rowCount))
    const floor: number[] = []
    const traced: number[] = []
    for (let round = 0; round <= rounds; round++) {
      // The rows are dropped as they come, as the tracer's own reading does: anything else would make the floor slower.
      const floorMs = await timeOf(async () =>
        parse(await readFile(file), { on_record: () => null }),
      )
      const tracedMs = await timeOf(() => traceFile(file))
      if (round === 0) continue
      floor.push(floorMs)
      traced.push(tracedMs)
    }
    const ratio = median(traced.map((ms, round) => ms / (floor[round] ?? 0)))
    return [
      {
        name: `posse trace of a file of ${rowCount} rows`,
        value: median(traced),
        unit: 'ms',
        reference: median(floor),
        ratio,
        bar: readingBar,
        ok: ratio < readingBar,
      },
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function traceFile(file: string): Promise<string> {
  const rows = await readRecording([file], { native: ethereum.native })
  const sources = [benchSource]
  const trace = traceTransactions(rows, {
    asset: benchAsset,
    policy: 'fifo',
    sources,
    serviceOf: () => null,
  })
  return traceJson(reportTrace(trace, new Map()))
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
