import type { AddressSet } from './addressSet.ts'
import type { AlertGroup, Telling, ToldAlert } from './alert.ts'
import type { Case } from './case.ts'
import type { BlockRef } from './chain.ts'
import type { StandingChange, TimelineEntry } from './standing.ts'
import type { Hop, SavedLedgerChange, SeenTransaction, Trail } from './trail.ts'

/** A block that has been followed. */
export type FollowedBlock = BlockRef & {
  /** Unix seconds. */
  time: number
}

/** A case that is being followed, as far as memory holds it; the store has the rest. Altered by `src/case` alone. */
export type OpenCase = {
  case: Case
  trail: Trail
  /** Addresses whose payments are followed: on the trail, and no service. */
  watched: AddressSet
  /** The last block followed; `null` before the first. */
  head: FollowedBlock | null
  /** Alerts that may still grow, by what they are grouped by. */
  groups: Map<string, AlertGroup>
  /** Told alerts that may still change, by id. */
  told: Map<string, ToldAlert>
  /**
   * The last blocks followed, oldest first, at most `maxUndoBlocks + 1`. The oldest is a mere reference that cannot be
   * undone: the newest final block, or the one before the first, whose hash is '' until it is known.
   */
  undo: Undo[]
  /** How far the case is behind its chain; not saved. */
  catchUp?: { left: number; secondsLeft: number | null }
  /** How far it has been retraced, 0 to 1; not saved. */
  retraced?: number
}

/** What brings a case back to where it was before a block. */
export type Undo = FollowedBlock & {
  ledgers: SavedLedgerChange[]
  groups: ReadonlyMap<string, AlertGroup | undefined>
}

/**
 * What a block, a reorganization or finality does to a case. It is decided first, saved whole in one transaction, and
 * then applied: before that nothing has changed.
 */
export type CaseChange = {
  caseId: string
  /** When a case is opened: what it is made of, kept to see later that it is still the same. */
  opening?: string
  /** The last block followed, after the change. */
  head: FollowedBlock | null
  /** After a reorganization: what blocks above this one brought is taken out. */
  rewindTo?: number
  /**
   * How blocks up to this one are undone is forgotten; the newest entry among them stays as a reference. That may be an
   * older block: final ones in which nothing happened are not saved.
   */
  settledTo?: number
  /** What stands in the ledgers after the change. */
  ledgers: SavedLedgerChange[]
  hops: Hop[]
  seen: SeenTransaction[]
  /** Open groups after the change; `undefined` closes one. */
  groups: ReadonlyMap<string, AlertGroup | undefined>
  told: ToldAlert[]
  /** Told alerts that cannot change any more. */
  forgotten: string[]
  tellings: Telling[]
  /** What the timeline of the case says of it. */
  timeline: TimelineEntry[]
  /** What it does to freezes and learned deposits. @default nothing */
  standing?: readonly StandingChange[]
  undo: Undo | null
}
