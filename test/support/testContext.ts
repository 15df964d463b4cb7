import pino from 'pino'
import { createMemoryChat } from '#adapters/chat/memory.ts'
import { ethereum } from '#config/chains/ethereum.ts'
import { openCase } from '#src/case/openCase.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import type { Context } from '#src/context.ts'
import type { Case } from '#types/case.ts'
import type { HouseRules } from '#types/houseRules.ts'
import type { LabelIndex } from '#utils/indexLabels.ts'
import { bareRules, serviceLabels } from './followRows.ts'

/** A context with one memory chat and the given cases open. */
export function createTestContext({
  cases,
  rules = bareRules,
  labels = serviceLabels,
}: {
  cases: Case[]
  rules?: HouseRules
  labels?: LabelIndex
}) {
  const chat = createMemoryChat()
  const log: string[] = []
  const { serviceOf } = rulesOf({ rules, labels })
  const context: Context = {
    now: () => 0,
    cases: new Map(cases.map((theft) => [theft.id, openCase(theft, { serviceOf })])),
    chains: new Map([[ethereum.id, ethereum]]),
    labels,
    rules,
    chats: [chat],
    posted: new Map(),
    log: pino({ level: 'info' }, { write: (line) => log.push(line) }),
  }
  return { context, chat, log }
}
