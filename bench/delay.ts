import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { benchAddress, benchTheft } from './benchCase.ts'
import { deskChannel } from './clients/deskChannel.ts'
import { type Bot, startBot } from './clients/startBot.ts'
import type { Figure } from './figure.ts'
import { firstNumber } from './replay/createReplayChain.ts'
import { type Replay, startReplay } from './replay/startReplay.ts'

const pollMs = 100
/** No multiple of the polling, so that heads fall on every part of its cycle. */
const blockMs = 337
const payments = 120
/** Blocks without one, in which everything gets warm. */
const warmUp = 10

/** Milliseconds from a head to the alert in the chat that 99 of 100 may take. */
const delayBar = 500
/** After the last head, for what is still under way. */
const patienceMs = 3000

/** Milliseconds from a head to the request at the desk that is asked. */
const requestBar = 1_000

/** How long after a head a chat has the alert of what its block moved, and a desk the request to hold it. */
export async function benchDelay(): Promise<Figure[]> {
  const alerts = await measure({ what: 'chat', bar: delayBar })
  return [...alerts, ...(await measure({ what: 'a delivered request', bar: requestBar }))]
}

type Measured = { what: 'chat' | 'a delivered request'; bar: number }

async function measure({ what, bar }: Measured): Promise<Figure[]> {
  const isAsked = what === 'a delivered request'
  const desks = isAsked ? Array.from({ length: payments }, (_, at) => payeeOf(at)) : []
  const folder = await mkdtemp(join(tmpdir(), 'posse-bench-'))
  const replay = await startReplay()
  const theft = benchTheft(payments)
  await replay.setHead(firstNumber + 1)
  const database = join(folder, 'delay.sqlite')
  const bot = startBot({ url: replay.url, database, theft, pollMs, desks })
  try {
    await bot.followed
    return figuresOf(await collectDelays(replay, bot, { isAsked }), { what, bar })
  } finally {
    await bot.close()
    await replay.close()
    await rm(folder, { recursive: true })
  }
}

/** One payment a block, each of a source of its own, so that no alert is folded into another. */
async function collectDelays(
  replay: Replay,
  bot: Bot,
  { isAsked }: { isAsked: boolean },
): Promise<number[]> {
  const planted = []
  for (let index = 0; index < payments; index++) {
    const number = firstNumber + 2 + warmUp + index
    const [from, to] = [benchAddress(index), payeeOf(index)]
    const hash = await replay.plant({ number, from, to, value: 10n ** 18n })
    planted.push({ number, hash })
  }
  await replay.live(blockMs)
  await setTimeout((warmUp + payments + 2) * blockMs)
  await replay.live(null)
  await setTimeout(patienceMs)
  const heads = new Map((await replay.readHeads()).map(({ number, at }) => [number, at]))
  return planted.map(({ number, hash }) => {
    const seenAt = heads.get(number)
    const post = bot.posts.find(
      ({ text, channel }) => text.includes(hash) && (channel === deskChannel) === isAsked,
    )
    if (seenAt === undefined || !post) throw new Error(`Nobody was told of block "${number}".`)
    return post.at - seenAt
  })
}

function payeeOf(index: number): string {
  return benchAddress(payments + index)
}

function figuresOf(delays: number[], { what, bar: most }: Measured): Figure[] {
  const sorted = delays.toSorted((a, b) => a - b)
  return [50, 99].map((percent): Figure => {
    const value = sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN
    const bar = percent === 99 ? 1 : null
    return {
      name: `head to ${what} at ${pollMs} ms polling, p${percent}, beside the most allowed`,
      value,
      unit: 'ms',
      reference: most,
      ratio: value / most,
      bar,
      ok: bar === null ? null : value < most,
    }
  })
}
