import type { ReadCost, ReadJob } from './clients/readBlocks.ts'
import { runInChild } from './clients/runInChild.ts'
import { type Figure, median } from './figure.ts'
import { firstNumber } from './replay/createReplayChain.ts'
import { type Counts, type Replay, startReplay } from './replay/startReplay.ts'

const client = new URL('./clients/readBlocks.ts', import.meta.url)

const rounds = 3
const blocks = 240
const warmUp = 60

/** Most that the bot may work for a block, as a multiple of fetching it. */
const floorBar = 1.35
/** Most that a block may cost with a million watched addresses, as a multiple of ten. */
const flatBar = 1.2
/** Calls a block. */
const callsBar = 2

type Run = Pick<ReadJob, 'reader' | 'watched'>

const floor: Run = { reader: 'bare', watched: 0 }
const ours = [10, 1e3, 1e5, 1e6].map((watched): Run => ({ reader: 'posse', watched }))
const viem: Run = { reader: 'viem', watched: 0 }
const runs = [floor, ...ours, viem]

type Measured = ReadCost & { counts: Counts }

/** What a block costs that holds nothing of interest: work, calls and bytes. */
export async function benchChain(): Promise<Figure[]> {
  const replay = await startReplay()
  try {
    await replay.setHead(firstNumber + warmUp + blocks)
    const measured = new Map(runs.map((run) => [run, [] as Measured[]]))
    // Taking turns, so that noise hits all.
    for (let round = 0; round < rounds; round++) {
      for (const run of runs) measured.get(run)?.push(await measure(replay, run))
    }
    return figuresOf((run) => measured.get(run) ?? [])
  } finally {
    await replay.close()
  }
}

async function measure(replay: Replay, run: Run): Promise<Measured> {
  await replay.readCounts()
  const job: ReadJob = { ...run, url: replay.url, from: firstNumber + 1, warmUp, blocks }
  const cost = await runInChild<ReadJob, ReadCost>(client, job)
  return { ...cost, counts: await replay.readCounts() }
}

function figuresOf(of: (run: Run) => Measured[]): Figure[] {
  const costs = [...ours, viem].map((run) =>
    compare(`client CPU a block, ${nameOf(run)}, beside HTTP and JSON.parse`, {
      unit: 'ms',
      values: of(run).map(({ cpuMs }) => cpuMs),
      references: of(floor).map(({ cpuMs }) => cpuMs),
      bar: run.watched === 1e5 ? floorBar : null,
    }),
  )
  const flatness = compare('client CPU a block, 1e6 addresses, beside 10', {
    unit: 'ms',
    values: ofWatched(1e6).map(({ cpuMs }) => cpuMs),
    references: ofWatched(10).map(({ cpuMs }) => cpuMs),
    bar: flatBar,
  })
  const speeds = [...ours, viem].map((run) =>
    compare(`blocks read, ${nameOf(run)}, beside HTTP and JSON.parse`, {
      unit: 'blocks/s',
      values: of(run).map(({ wallMs }) => 1000 / wallMs),
      references: of(floor).map(({ wallMs }) => 1000 / wallMs),
      bar: null,
    }),
  )
  return [...costs, flatness, ...speeds, ...trafficOf(ofWatched(1e5), of(floor))]

  function ofWatched(watched: number): Measured[] {
    return ours.filter((run) => run.watched === watched).flatMap(of)
  }
}

function trafficOf(taken: readonly Measured[], floors: readonly Measured[]): Figure[] {
  const calls = median(taken.map(({ counts }) => countCalls(counts)))
  const kilobytes = (list: readonly Measured[]) =>
    median(list.map(({ counts }) => counts.bytes / 1000 / (warmUp + blocks)))
  const ratio = kilobytes(taken) / kilobytes(floors)
  return [
    {
      name: 'calls a block without hits, head polls apart, 1e5 addresses',
      value: calls,
      unit: 'calls',
      reference: callsBar,
      ratio: calls / callsBar,
      bar: 1,
      ok: calls === callsBar,
    },
    {
      name: 'bytes a block, uncompressed, beside HTTP and JSON.parse',
      value: kilobytes(taken),
      unit: 'KB',
      reference: kilobytes(floors),
      ratio,
      bar: null,
      ok: null,
    },
  ]
}

/** Calls for blocks alone: who a node is and where its head is are asked whatever is read. */
function countCalls({ calls }: Counts): number {
  const counted = Object.entries(calls).filter(([call]) => !/ head$|^eth_chainId$/.test(call))
  return counted.reduce((sum, [, count]) => sum + count, 0) / (warmUp + blocks)
}

function nameOf({ reader, watched }: Run): string {
  return reader === 'viem' ? 'viem getBlock and getLogs' : `${watched} addresses`
}

function compare(
  name: string,
  {
    unit,
    values,
    references,
    bar,
  }: { unit: string; values: number[]; references: number[]; bar: number | null },
): Figure {
  // A ratio of each round, since the machine is as fast for both within one round only.
  const ratio = median(values.map((value, round) => value / (references[round] ?? 0)))
  const ok = bar === null ? null : ratio <= bar
  return { name, value: median(values), unit, reference: median(references), ratio, bar, ok }
}
