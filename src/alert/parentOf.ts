import type { Alert, AlertKind } from '#types/alert.ts'
import { inhibitions } from './inhibitions.ts'
import { worstOf } from './worstOf.ts'

/** What may stand above an alert: open groups of its case, and what else its transaction did. */
export type Above = {
  /** The key of a group of one of these kinds that mutes the alert. */
  groupOf(alert: Alert, kinds: readonly AlertKind[]): string | undefined
  alertsIn(transaction: string): readonly Alert[]
}

/** The group or alert in which an alert is muted; `undefined` where it speaks for itself. */
export function parentOf(alert: Alert, above: Above): string | Alert | undefined {
  for (const { parents, muted, equal } of inhibitions) {
    if (!muted.includes(alert.kind)) continue
    const parent =
      equal === 'case'
        ? above.groupOf(alert, parents)
        : above
            .alertsIn(alert.transaction)
            .find((other) => parents.includes(other.kind) && isEchoOf(alert, other))
    if (parent !== undefined) return parent
  }
  return undefined
}

/** An echo goes the same way and carries no more than its parent: a small deposit must not hide a large movement. */
function isEchoOf({ path, hop }: Alert, parent: Alert): boolean {
  if (!hop || !parent.hop || hop.asset !== parent.hop.asset) return false
  if (path !== parent.path && hop.from !== parent.hop.from) return false
  return worstOf(hop.stolen) <= worstOf(parent.hop.stolen)
}
