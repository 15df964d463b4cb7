import pino from 'pino'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { openSqlite } from '#adapters/database/openSqlite.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { deliverDue } from '#src/delivery/deliver.ts'
import { createContext } from '#src/main/createContext.ts'
import { createStore } from '#src/store/createStore.ts'
import type { Case } from '#types/case.ts'
import type { Chain } from '#types/chain.ts'
import type { Chat } from '#types/chat.ts'
import type { EvidenceOffice } from '#types/evidence.ts'
import type { Follower } from '#types/follower.ts'
import type { House, HouseRules } from '#types/houseRules.ts'
import type { Store } from '#types/store.ts'
import type { LabelIndex } from '#utils/indexLabels.ts'
import { bareRules, serviceLabels } from './followRows.ts'

/** Whoever types in the memory chat may do everything. */
export const adminHouse: House = {
  organizations: [],
  members: [{ account: 'terminal', name: 'Ann', role: 'admin', organization: null }],
  routes: [],
  feeds: [],
}

/** A context with one memory chat and the given cases open, in a store of its own. `deliver` shows what is pending. */
export async function createTestContext({
  cases,
  rules = bareRules,
  labels = serviceLabels,
  store: given,
  chains = [ethereum],
  chat = createMemoryChat(),
  chats = [chat],
  now = () => 0,
  house = adminHouse,
  follower,
  sealingKey = null,
  evidence = null,
}: {
  cases: Case[]
  rules?: HouseRules
  labels?: LabelIndex
  store?: Store
  chains?: Chain[]
  chat?: ReturnType<typeof createMemoryChat>
  /** @default the memory chat */
  chats?: Chat[]
  now?: () => number
  house?: House
  follower?: Follower
  sealingKey?: Buffer | null
  evidence?: EvidenceOffice | null
}) {
  const log: string[] = []
  const store = given ?? (await createStore(await openSqlite(':memory:')))
  const context = await createContext({
    cases,
    chains,
    chats,
    labels,
    log: pino({ level: 'error' }, { write: (line) => log.push(line) }),
    now,
    rules,
    house,
    ...(follower && { follower }),
    sealingKey,
    evidence,
    store,
  })
  const deliver = async () => {
    for (const each of context.chats) await deliverDue(context, each)
  }
  return { context, chat, log, deliver, opened: [...context.cases.values()] }
}
