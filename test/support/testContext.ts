import pino from 'pino'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { deliverDue } from '#src/deliver.ts'
import { createContext } from '#src/main/createContext.ts'
import { createStore } from '#src/store/createStore.ts'
import type { Case } from '#types/case.ts'
import type { Chain } from '#types/chain.ts'
import type { HouseRules } from '#types/houseRules.ts'
import type { Store } from '#types/store.ts'
import type { LabelIndex } from '#utils/indexLabels.ts'
import { bareRules, serviceLabels } from './followRows.ts'

/** A context with one memory chat and the given cases open, in a store of its own. `deliver` shows what is pending. */
export async function createTestContext({
  cases,
  rules = bareRules,
  labels = serviceLabels,
  store: given,
  chains = [ethereum],
  chat = createMemoryChat(),
}: {
  cases: Case[]
  rules?: HouseRules
  labels?: LabelIndex
  store?: Store
  chains?: Chain[]
  chat?: ReturnType<typeof createMemoryChat>
}) {
  const log: string[] = []
  const store = given ?? (await createStore(await openSqlite(':memory:')))
  const context = await createContext({
    cases,
    chains,
    chats: [chat],
    labels,
    log: pino({ level: 'error' }, { write: (line) => log.push(line) }),
    now: () => 0,
    rules,
    store,
  })
  const deliver = async () => {
    for (const each of context.chats) await deliverDue(context, each)
  }
  return { context, chat, log, deliver, opened: [...context.cases.values()] }
}
