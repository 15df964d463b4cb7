import Keyv from 'keyv'
import type { Logger } from 'pino'
import QuickLRU from 'quick-lru'
import { createChainflip } from '#adapters/bridge/createChainflip.ts'
import { createMidgard } from '#adapters/bridge/createMidgard.ts'
import { createBitcoinChain } from '#adapters/chain/bitcoin/createBitcoinChain.ts'
import { createEvmChain } from '#adapters/chain/evm/createEvmChain.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { readFeed } from '#adapters/labels/feed/readFeed.ts'
import { createPrices } from '#adapters/price/createPrices.ts'
import { commands } from '#commands/index.ts'
import { readSettings, type Settings } from '#config/settings.ts'
import { openCases } from '#src/case/openCases.ts'
import { runLegs } from '#src/case/openLegs.ts'
import type { Context } from '#src/context.ts'
import { createDesk } from '#src/createDesk.ts'
import { createFollower } from '#src/createFollower.ts'
import { runRetraces } from '#src/retrace/runRetraces.ts'
import { runCommand } from '#src/runCommand.ts'
import { startSchedule } from '#src/schedule.ts'
import { createStore } from '#src/store/createStore.ts'
import type { ChainId, ChainReader } from '#types/chain.ts'
import type { Message } from '#types/message.ts'
import { createChats } from './createChats.ts'
import { createContext, readShippedLabels } from './createContext.ts'
import { createLog } from './createLog.ts'
import { createStop } from './createStop.ts'
import { neverEnds } from './neverEnds.ts'
import { openEvidence } from './openEvidence.ts'
import { openTerminal } from './openTerminal.ts'
import { readEnvironment } from './readEnvironment.ts'
import { startDeliveries } from './startDeliveries.ts'
import { watchSettings } from './watchSettings.ts'

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
  const { POSSE_KEY: key } = env
  const secrets = [...settings.secrets, ...(key === undefined ? [] : [key])]
  const log = createLog({ level: env.LOG_LEVEL, secrets })
  const bridges = settings.chains.flatMap(({ chain }) => chain.bridges ?? [])
  const labels = await readShippedLabels(new Date(), { own: settings.labels, bridges })
  const store = await createStore(await openSqlite(settings.database))
  const opened: { context?: Context } = {}
  const terminal = openTerminal({ context: () => opened.context, onExit: stop.now })
  const chats = [terminal, ...createChats(settings, { context: () => contextOf(opened), log })]
  try {
    const now = () => Math.floor(Date.now() / 1000)
    const chains = settings.chains.map(({ chain }) => chain)
    const { cases, rules, house } = settings
    const readers = openReaders(settings, log)
    const follower = createFollower({ context: () => contextOf(opened), readers, signal })
    const sealingKey = key === undefined ? null : Buffer.from(key, 'hex')
    const evidence = settings.evidence && openEvidence(settings.evidence)
    const prices =
      settings.prices && createPrices({ ...settings.prices, cache: createCache(), log })
    const bridgeApis = new Map(
      settings.bridgeApis.map(({ protocol, url }) => [
        protocol,
        protocol === 'THORChain' ? createMidgard({ url, log }) : createChainflip({ url, log }),
      ]),
    )
    const given = {
      bridgeApis,
      sealingKey,
      evidence,
      prices,
      cases,
      chains,
      chats,
      follower,
      house,
      labels,
      log,
      now,
      rules,
      store,
    }
    const context = await createContext(given)
    opened.context = context
    const desk = createDesk(context, commands)
    for (const chat of chats) chat.listen((call) => runCommand(context, commands, call), desk)
    await terminal.post(welcome(context, settings), { channel: terminal.name })
    const deliveries = startDeliveries(context, { signal })
    const clockwork = startSchedule(context, { signal, readFeed })
    watchSettings(context, { file, env: process.env, current: settings, chat: terminal, signal })
    follower.start(openCases(context))
    const retraces = runRetraces(context, { signal })
    const legs = runLegs(context, { signal })
    const failure = Promise.race([
      deliveries.failure,
      clockwork.failure,
      neverEnds(retraces),
      neverEnds(legs),
    ])
    const ends = await Promise.race([follower.ended(), failure])
    await Promise.all([retraces, legs])
    await deliveries.finish()
    return ends.every((end) => end === 'stopped') ? 0 : 1
  } finally {
    stop.now()
    await Promise.all(chats.map((chat) => chat.stop()))
    await store.close()
  }
}

/** Balances kept for a block that is followed again. They never change, since they go by its hash. */
const maxCached = 10_000

/** One reader a chain: what a node may be asked is counted for the node. */
function openReaders(settings: Settings, log: Logger): Map<ChainId, { reader: ChainReader }> {
  return new Map(
    settings.chains.map(({ chain, ...options }) => {
      if (chain.coins) {
        const providers = options.providers.map(({ url, api = 'core' }) => ({ url, api }))
        const reader = createBitcoinChain(chain, { providers, pollMs: options.pollMs, log })
        return [chain.id, { reader }]
      }
      const cache = createCache()
      return [chain.id, { reader: createEvmChain(chain, { ...options, cache, log }) }]
    }),
  )
}

function createCache(): Keyv {
  return new Keyv({ store: new QuickLRU({ maxSize: maxCached }) })
}

function contextOf({ context }: { context?: Context }): Context {
  if (!context) throw new RangeError('Nothing is followed before there is a context.')
  return context
}

function welcome(context: Context, { chains }: Settings): Message {
  const names = openCases(context).map(({ case: { name } }) => name)
  const where = chains.map(({ chain }) => chain.name).join(', ')
  return {
    title: names.length > 0 ? ['Following ', { strong: names.join(', ') }] : 'No case is open yet',
    severity: 'info',
    sections: [
      {
        type: 'text',
        text: [
          `On ${where}. ${names.length > 0 ? 'Ask' : 'Open one with /posse case open. Ask'} at any time: `,
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
