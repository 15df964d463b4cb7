import { setTimeout } from 'node:timers/promises'
import pino from 'pino'
import { createEvmChain } from '#adapters/chain/evm/createEvmChain.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { rules } from '#config/rules.ts'
import { followChain } from '#src/followChain.ts'
import { createContext, readShippedLabels } from '#src/main/createContext.ts'
import { startDeliveries } from '#src/main/startDeliveries.ts'
import { createStore } from '#src/store/createStore.ts'
import type { Case } from '#types/case.ts'
import type { Address } from '#types/chain.ts'
import type { Chat } from '#types/chat.ts'
import { indexLabels, type LabelIndex } from '#utils/indexLabels.ts'
import { deskChannel } from './deskChannel.ts'

/** The bot as `posse start` puts it together, but for its settings and its chat: started and steered by `startBot`. */

export type BotJob = {
  url: string
  database: string
  theft: Case
  pollMs: number
  /** Addresses of one organization that is asked to hold whatever comes there, by the rule of the house. @default none */
  desks?: readonly Address[]
}

/** Times are milliseconds since 1970. */
export type BotEvent =
  | { type: 'followed'; at: number }
  | { type: 'posted'; at: number; text: string; channel: string }
  | { type: 'memory'; rss: number }

/** More than a benchmark makes. */
const manyCards = 10_000

const tell = (event: BotEvent) => void process.send?.(event)
const clock = () => performance.timeOrigin + performance.now()

process.once('message', (job: BotJob) => {
  run(job).catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
  // The only other thing that it is asked.
  process.on('message', () => {
    globalThis.gc?.()
    tell({ type: 'memory', rss: process.memoryUsage.rss() })
  })
})
process.on('disconnect', () => process.exit())

async function run({ url, database, theft, pollMs, desks = [] }: BotJob): Promise<void> {
  const { signal } = new AbortController()
  const context = await createContext({
    cases: [theft],
    chains: [ethereum],
    chats: [createChat()],
    labels: await readLabels(desks),
    log: pino({ level: 'warn' }, pino.destination(2)),
    now: () => Math.floor(Date.now() / 1000),
    // Every payment has a card of its own, so that each can be timed.
    rules: {
      ...rules,
      openCards: manyCards,
      burstHops: manyCards,
      freeze: { ...rules.freeze, preApprove: { confidence: 0, certainty: 0, leastPerMillion: 0n } },
    },
    house: {
      organizations: [{ id: 'desk', name: 'Desk', channels: [deskChannel] }],
      members: [],
      routes: [],
      feeds: [],
    },
    store: await createStore(await openSqlite(database)),
  })
  const cases = [...context.cases.values()]
  startDeliveries(context, { signal })
  const before = cases[0]?.head?.number
  const reader = createEvmChain(ethereum, { providers: [{ url }], pollMs, log: context.log })
  const end = followChain(context, reader, { cases, signal })
  while (cases[0]?.head?.number === before) await setTimeout(1)
  tell({ type: 'followed', at: clock() })
  await end
}

async function readLabels(desks: readonly Address[]): Promise<LabelIndex> {
  const shipped = await readShippedLabels(new Date())
  const own = indexLabels(
    desks.map((address) => ({
      ...{ address, name: 'Desk', kind: 'deposit', source: 'the benchmark', date: '' },
      ...{ confidence: 1, isStale: false },
    })),
  )
  return { get: (address) => own.get(address) ?? shipped.get(address) }
}

function createChat(): Chat {
  return {
    name: 'bench',
    home: 'bench',
    async post(message, { channel }) {
      tell({ type: 'posted', at: clock(), text: JSON.stringify(message), channel })
      return 'bench'
    },
    edit: async (ref) => ref,
    listen: () => undefined,
    stop: async () => undefined,
  }
}
