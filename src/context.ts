import type { Logger } from 'pino'
import type { Chain, ChainId } from '#types/chain.ts'
import type { Chat } from '#types/chat.ts'
import type { HouseRules } from '#types/houseRules.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Store } from '#types/store.ts'
import type { Bell } from '#utils/createBell.ts'
import type { LabelIndex } from '#utils/indexLabels.ts'

/** What every unit is handed. */
export type Context = {
  /** The time that counts, in Unix seconds: the clock, or the block's time in a replay. */
  now(): number
  cases: Map<string, OpenCase>
  chains: ReadonlyMap<ChainId, Chain>
  labels: LabelIndex
  rules: HouseRules
  chats: readonly Chat[]
  store: Store
  /** Rings when there is something to deliver. */
  outbox: Bell
  log: Logger
}
