import type { Logger } from 'pino'
import type { AskBridge } from '#types/bridgeApi.ts'
import type { Chain, ChainId } from '#types/chain.ts'
import type { Chat } from '#types/chat.ts'
import type { EvidenceOffice } from '#types/evidence.ts'
import type { Follower } from '#types/follower.ts'
import type { House, HouseRules } from '#types/houseRules.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { ReadPrices } from '#types/price.ts'
import type { Standing } from '#types/standing.ts'
import type { Store } from '#types/store.ts'
import type { Bell } from '#utils/createBell.ts'
import type { Doorkeeper } from '#utils/createDoorkeeper.ts'
import type { Turns } from '#utils/createTurns.ts'
import type { Labels } from '#utils/layerLabels.ts'

/** What every unit is handed. */
export type Context = {
  /** All of it, where this one shows a part: itself, where nothing is hidden. */
  whole: Context
  /** The time that counts, in Unix seconds: the clock, or the block's time in a replay. */
  now(): number
  cases: Map<string, OpenCase>
  chains: ReadonlyMap<ChainId, Chain>
  /** Every opinion of an address: what members flagged, what feeds brought, what lists say. */
  labels: Labels
  rules: HouseRules
  house: House
  /** What people have decided. Changed by `src/decide.ts` alone. */
  standing: Standing
  /** Seals secrets of people at rest; `null` where the environment has none. */
  sealingKey: Buffer | null
  /** Signs and keeps evidence; `null` where the settings name no key. */
  evidence: EvidenceOffice | null
  /** What assets were worth; `null` where nobody is asked. */
  prices: ReadPrices | null
  /** APIs of bridges by the protocol, as their contracts are labelled. */
  bridgeApis: ReadonlyMap<string, AskBridge>
  turns: Turns
  /** Counts what people without a role ask. */
  doorkeeper: Doorkeeper
  /** Starts and stops the following of cases. */
  follower: Follower
  chats: readonly Chat[]
  store: Store
  /** Rings when there is something to deliver. */
  outbox: Bell
  log: Logger
}
