import pino from 'pino'
import { expect } from 'vitest'
import { createEvmChain } from '#adapters/chain/evm/createEvmChain.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { commands } from '#commands/index.ts'
import { rules } from '#config/rules.ts'
import { runLegs } from '#src/case/openLegs.ts'
import type { Context } from '#src/context.ts'
import { createDesk } from '#src/createDesk.ts'
import { createFollower } from '#src/createFollower.ts'
import { createContext } from '#src/main/createContext.ts'
import { startDeliveries } from '#src/main/startDeliveries.ts'
import { runRetraces } from '#src/retrace/runRetraces.ts'
import { runCommand } from '#src/runCommand.ts'
import { createStore } from '#src/store/createStore.ts'
import type { Chain, ChainReader } from '#types/chain.ts'
import type { Chat } from '#types/chat.ts'
import type { FreezeRules, House } from '#types/houseRules.ts'
import type { LabelIndex } from '#utils/indexLabels.ts'
import { type Anvil, anvilChain } from './anvil.ts'
import { adminHouse } from './testContext.ts'

/** Posse with its loops on a real node, and the chats that it is given. `now` is the clock of the people. */
export async function startLiveHouse({
  anvil,
  file,
  chats,
  labels,
  house = adminHouse,
  freeze = rules.freeze,
  chain = anvilChain(),
  evidence = null,
  others = [],
  now,
}: {
  anvil: Anvil
  file: string
  chats: Chat[]
  labels: LabelIndex
  house?: House
  /** @default the rules that ship */
  freeze?: FreezeRules
  /** @default anvil's, without tokens */
  chain?: Chain
  evidence?: Context['evidence']
  /** Other chains that it follows. @default none */
  others?: readonly { chain: Chain; reader: ChainReader; head: () => Promise<number> }[]
  now: () => number
}) {
  const stop = new AbortController()
  const { signal } = stop
  const reader = createEvmChain(chain, { providers: [{ url: anvil.url }], pollMs: 100 })
  const store = await createStore(await openSqlite(file))
  const made: { context?: Context } = {}
  const follower = createFollower({
    context: () => made.context as Context,
    readers: new Map([
      [chain.id, { reader }],
      ...others.map((other) => [other.chain.id, { reader: other.reader }] as const),
    ]),
    signal,
  })
  const log: string[] = []
  const context = await createContext({
    ...{
      cases: [],
      chains: [chain, ...others.map((other) => other.chain)],
      chats,
      evidence,
      follower,
      house,
      labels,
      store,
      now,
    },
    rules: { ...rules, busyStrangers: null, foldMinutes: 1, headLagSeconds: 10 ** 9, freeze },
    log: pino({ level: 'error' }, { write: (line) => log.push(line) }),
  })
  made.context = context
  const desk = createDesk(context, commands)
  for (const chat of chats) chat.listen((call) => runCommand(context, commands, call), desk)
  const deliveries = startDeliveries(context, { signal })
  follower.start([...context.cases.values()])
  const retraces = runRetraces(context, { signal })
  const legs = runLegs(context, { signal })

  return {
    ...{ anvil, context, log, store },
    /** Waits until every block is followed, everything is worked out again, and all is told. */
    async settle(): Promise<void> {
      const heads = new Map([
        [chain.id, Number(await anvil.client.getBlockNumber({ cacheTime: 0 }))],
        ...(await Promise.all(
          others.map(async (other) => [other.chain.id, await other.head()] as const),
        )),
      ])
      const place = async () => {
        const behind = [...context.cases.values()].map(
          ({ head, case: { followAfter, chain: id } }) =>
            (heads.get(id) ?? 0) - Number(head?.number ?? followAfter),
        )
        const { pending } = await store.countDeliveries()
        return [Math.max(0, ...behind), context.standing.retrace.size, pending]
      }
      await expect.poll(place, { timeout: 20_000, interval: 30 }).toEqual([0, 0, 0])
    },
    async stop() {
      stop.abort()
      await Promise.all([follower.ended(), retraces, legs, deliveries.finish()])
      await Promise.all(chats.map((chat) => chat.stop()))
      await store.close()
    },
  }
}
