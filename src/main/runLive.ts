import Keyv from 'keyv'
import QuickLRU from 'quick-lru'
import { createEvmChain } from '#adapters/chain/evm/createEvmChain.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { commands } from '#commands/index.ts'
import { readSettings, type Settings } from '#config/settings.ts'
import type { Context } from '#src/context.ts'
import { followChain } from '#src/followChain.ts'
import { placeOf } from '#src/runChain.ts'
import { runCommand } from '#src/runCommand.ts'
import { createStore } from '#src/store/createStore.ts'
import type { ChainReader } from '#types/chain.ts'
import type { Message } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import { createContext, readShippedLabels } from './createContext.ts'
import { createLog } from './createLog.ts'
import { createStop } from './createStop.ts'
import { openTerminal } from './openTerminal.ts'
import { readEnvironment } from './readEnvironment.ts'
import { startDeliveries } from './startDeliveries.ts'

/**
 * Follows live chains until it is stopped: alerts and a prompt in this terminal, everything kept in the database.
 * Answers the exit code: 0 stopped, 1 where a chain's loop needs a person.
 * @throws UserError
 */
export async function runLive({ settings: file }: { settings: string }): Promise<number> {
  const stop = createStop()
  const { signal } = stop
  const env = readEnvironment()
  const settings = readSettings(file, process.env)
  const log = createLog({ level: env.LOG_LEVEL, secrets: settings.secrets })
  const labels = await readShippedLabels(new Date())
  const store = await createStore(await openSqlite(settings.database))
  const opened: { context?: Context } = {}
  const chat = openTerminal({ context: () => opened.context, onExit: stop.now })
  try {
    const now = () => Math.floor(Date.now() / 1000)
    const chains = settings.chains.map(({ chain }) => chain)
    const { cases } = settings
    const context = await createContext({ cases, chains, chats: [chat], labels, log, now, store })
    opened.context = context
    chat.listen((call) => runCommand(context, commands, call))
    await chat.post(welcome(settings))
    const deliveries = startDeliveries(context, { signal })
    const loops = openLoops(context, settings).map(({ reader, cases: followed }) =>
      followChain(context, reader, { cases: followed, signal }),
    )
    const ends = await Promise.race([Promise.all(loops), deliveries.failure])
    await deliveries.finish()
    return ends.every((end) => end === 'stopped') ? 0 : 1
  } finally {
    stop.now()
    await chat.stop()
    await store.close()
  }
}

/** Balances kept for a block that is followed again. They never change, since they go by its hash. */
const maxCached = 10_000

type LoopPlan = { reader: ChainReader; cases: OpenCase[] }

/** One loop for all cases of a chain that stand at the same place: one that must catch up holds up no other. */
function openLoops(context: Context, settings: Settings): LoopPlan[] {
  return settings.chains.flatMap(({ chain, ...options }) => {
    const cases = [...context.cases.values()].filter((open) => open.case.chain === chain.id)
    if (cases.length === 0) return []
    // One reader for all of them: what a node may be asked is counted for the node.
    const cache = new Keyv({ store: new QuickLRU({ maxSize: maxCached }) })
    const reader = createEvmChain(chain, { ...options, cache, log: context.log })
    return [...Map.groupBy(cases, placeOf).values()].map((followed) => ({
      reader,
      cases: followed,
    }))
  })
}

function welcome({ cases, chains }: Settings): Message {
  const names = cases.map(({ name }) => name).join(', ')
  const where = chains.map(({ chain }) => chain.name).join(', ')
  return {
    title: ['Following ', { strong: names }],
    severity: 'info',
    sections: [
      {
        type: 'text',
        text: [
          `On ${where}. Ask at any time: `,
          { code: '/posse status' },
          ', ',
          { code: '/posse trail' },
          ', ',
          { code: '/posse help' },
          '.',
        ],
      },
    ],
  }
}
