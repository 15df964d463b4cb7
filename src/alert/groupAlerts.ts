import type { Alert, AlertGroup } from '#types/alert.ts'

/** Groups that may still grow, and those about which something must be said now. */
export type Grouping = { groups: Map<string, AlertGroup>; tell: AlertGroup[] }

/**
 * Folds a block's alerts into the open groups. The first alert of a group is told at once; what follows within
 * `foldSeconds` is counted and told together when that time is over.
 */
export function groupAlerts(
  before: ReadonlyMap<string, AlertGroup>,
  { alerts, time, foldSeconds }: { alerts: readonly Alert[]; time: number; foldSeconds: number },
): Grouping {
  const groups = new Map(before)
  const tell: AlertGroup[] = []
  for (const [key, group] of groups) {
    if (time - group.head.time < foldSeconds) continue
    groups.delete(key)
    if (group.told < group.count) tell.push(tellAll(group))
  }
  for (const alert of alerts) {
    const key = keyOf(alert)
    const group = groups.get(key)
    if (group) groups.set(key, grow(group, alert))
    else {
      const opened = openGroup(alert)
      groups.set(key, opened)
      tell.push(opened)
    }
  }
  return { groups, tell }
}

/** What the groups have not yet told, when no block will come to do it. */
export function closeGroups(groups: ReadonlyMap<string, AlertGroup>): AlertGroup[] {
  return [...groups.values()].filter(({ told, count }) => told < count).map(tellAll)
}

/** Payments to a service belong together whoever pays; other movements belong to their payer. */
function keyOf({ kind, address, hop, caseId }: Alert): string {
  const party = kind === 'reached' || hop === null ? address : hop.from
  return `${caseId} ${kind} ${hop?.asset ?? ''} ${party}`
}

function openGroup(alert: Alert): AlertGroup {
  return {
    head: alert,
    severity: alert.severity,
    revision: 1,
    count: 1,
    told: 1,
    amount: alert.hop?.amount ?? 0n,
    stolen: alert.hop?.stolen ?? [],
    last: alert,
  }
}

/** The worst first. */
const severities = ['red', 'amber', 'info'] as const

function grow(group: AlertGroup, alert: Alert): AlertGroup {
  return {
    ...group,
    severity:
      severities.find((level) => level === group.severity || level === alert.severity) ?? 'info',
    count: group.count + 1,
    amount: group.amount + (alert.hop?.amount ?? 0n),
    stolen: group.stolen.map((part, index) => part + (alert.hop?.stolen[index] ?? 0n)),
    last: alert,
  }
}

function tellAll(group: AlertGroup): AlertGroup {
  return { ...group, revision: group.revision + 1, told: group.count }
}
