import { randomFillSync } from 'node:crypto'
import { createAddressSet } from '#utils/createAddressSet.ts'
import { readAsPosse, readBare, readWithViem } from './readers.ts'
import { doJob } from './runInChild.ts'

const readers = { bare: readBare, posse: readAsPosse, viem: readWithViem }

export type ReadJob = {
  reader: keyof typeof readers
  url: string
  from: number
  /** Blocks read before the clock runs, and on it. */
  warmUp: number
  blocks: number
  /** Random addresses in the set of watched ones. */
  watched: number
}

/** Milliseconds a block, of this process and of the clock. */
export type ReadCost = { cpuMs: number; wallMs: number }

doJob(async (job: ReadJob): Promise<ReadCost> => {
  const { url, from, warmUp, blocks } = job
  const to = from + warmUp + blocks - 1
  const watched = createAddressSet({ packed: randomKeys(job.watched) })
  let left = warmUp
  let startedAt = 0
  let used: NodeJS.CpuUsage | undefined
  for await (const _ of readers[job.reader](url, { from, to, watched })) {
    left -= 1
    if (left !== 0) continue
    startedAt = performance.now()
    used = process.cpuUsage()
  }
  const { user, system } = process.cpuUsage(used)
  const wallMs = performance.now() - startedAt
  return { cpuMs: (user + system) / 1000 / blocks, wallMs: wallMs / blocks }
})

/** In pieces, as the store gives them. */
function randomKeys(count: number): Uint8Array[] {
  const pieces: Uint8Array[] = []
  const keysPerPiece = 1000
  for (let left = count; left > 0; left -= keysPerPiece) {
    pieces.push(randomFillSync(new Uint8Array(20 * Math.min(left, keysPerPiece))))
  }
  return pieces
}
