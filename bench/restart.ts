import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchTheft, fillStore } from './benchCase.ts'
import { startBot } from './clients/startBot.ts'
import { type Figure, median } from './figure.ts'
import { type Replay, startReplay } from './replay/startReplay.ts'

const addresses = 1e6
const rounds = 3
const pollMs = 100

/** Milliseconds that a restart may take. */
const restartBar = 2000
/** Bytes of memory that an address may take. */
const memoryBar = 200

type Measured = { startMs: number; rss: number }

/** What a million tracked addresses cost a bot that is started again: time, and memory at rest. */
export async function benchRestart(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'posse-bench-'))
  const replay = await startReplay()
  try {
    const theft = benchTheft(1)
    const stores = [addresses, 1].map((count) => ({
      count,
      database: join(folder, `${count}.sqlite`),
      measured: [] as Measured[],
    }))
    const heads = []
    for (const { count, database } of stores) {
      heads.push(await fillStore(database, { theft, addresses: count }))
    }
    let head = Math.max(...heads)
    for (let round = 0; round < rounds; round++) {
      head += 1
      for (const { database, measured } of stores) {
        measured.push(await measure(replay, { theft, database, head }))
      }
    }
    return figuresOf(stores.map(({ measured }) => measured))
  } finally {
    await replay.close()
    await rm(folder, { recursive: true })
  }
}

/** Starts the bot one block behind the head, and waits until it has followed that. */
async function measure(
  replay: Replay,
  { head, ...job }: { theft: ReturnType<typeof benchTheft>; database: string; head: number },
): Promise<Measured> {
  await replay.setHead(head)
  const bot = startBot({ ...job, url: replay.url, pollMs })
  try {
    return { startMs: await bot.followed, rss: await bot.readMemory() }
  } finally {
    await bot.close()
  }
}

function figuresOf([many = [], one = []]: Measured[][]): Figure[] {
  const startMs = median(many.map((measured) => measured.startMs))
  const startOne = median(one.map((measured) => measured.startMs))
  const rss = (list: Measured[]) => median(list.map((measured) => measured.rss))
  const bytes = (rss(many) - rss(one)) / addresses
  return [
    {
      name: 'restart to the first block followed, 1e6 addresses, beside the most allowed',
      value: startMs,
      unit: 'ms',
      reference: restartBar,
      ratio: startMs / restartBar,
      bar: 1,
      ok: startMs <= restartBar,
    },
    {
      name: 'restart to the first block followed, 1e6 addresses, beside one',
      value: startMs,
      unit: 'ms',
      reference: startOne,
      ratio: startMs / startOne,
      bar: null,
      ok: null,
    },
    {
      name: 'memory of an address at rest, of 1e6, beside the most allowed',
      value: bytes,
      unit: 'B',
      reference: memoryBar,
      ratio: bytes / memoryBar,
      bar: 1,
      ok: bytes <= memoryBar,
    },
  ]
}
