import type { AlertGroup } from './alert.ts'
import type { Case } from './case.ts'
import type { Address } from './chain.ts'
import type { Hop, LedgerChange, SeenTransaction, Trail } from './trail.ts'

/** A case that is being followed, with all that is known since its theft. Altered by `src/case` alone. */
export type OpenCase = {
  case: Case
  trail: Trail
  /** The last block followed; `null` before the first. */
  head: { number: number; time: number } | null
  hops: Hop[]
  seen: SeenTransaction[]
  parked: Address[]
  /** Alerts that may still grow, by what they are grouped by. */
  groups: ReadonlyMap<string, AlertGroup>
  /** One entry a block that can still be undone, oldest first. */
  undo: Undo[]
}

/** What brings a case back to where it was before a block. */
export type Undo = {
  number: number
  head: OpenCase['head']
  ledgers: LedgerChange[]
  hops: number
  seen: number
  parked: number
  groups: OpenCase['groups']
}
