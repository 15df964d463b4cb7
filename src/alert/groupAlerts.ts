import type { Alert, AlertGroup } from '#types/alert.ts'

/** Groups that a block opened, grew or closed (`undefined`), and those about which something must be said now. */
export type Grouping = { changed: Map<string, AlertGroup | undefined>; tell: AlertGroup[] }

/**
 * Folds a block's alerts into the open groups, which stay as they were. The first alert of a group is told at once; what
 * follows within `foldSeconds` is counted and told together when that time is over.
 */
export function groupAlerts(
  groups: ReadonlyMap<string, AlertGroup>,
  { alerts, time, foldSeconds }: { alerts: readonly Alert[]; time: number; foldSeconds: number },
): Grouping {
  const isOver = (group: AlertGroup) => time - group.head.time >= foldSeconds
  const { changed, tell } = closeGroups(groups, isOver)
  for (const alert of alerts) {
    const key = keyOf(alert)
    const group = changed.has(key) ? changed.get(key) : groups.get(key)
    if (group) changed.set(key, grow(group, alert))
    else {
      const opened = openGroup(alert)
      changed.set(key, opened)
      tell.push(opened)
    }
  }
  return { changed, tell }
}

/** Closes groups and tells what they have not told yet. @default every group: no block will come any more */
export function closeGroups(
  groups: ReadonlyMap<string, AlertGroup>,
  isOver: (group: AlertGroup) => boolean = () => true,
): Grouping {
  // By key and not by age in memory, which a restart changes.
  const over = [...groups].filter(([, group]) => isOver(group)).sort(([a], [b]) => (a < b ? -1 : 1))
  const untold = over.filter(([, { told, count }]) => told < count)
  return {
    changed: new Map(over.map(([key]) => [key, undefined])),
    tell: untold.map(([, group]) => ({ ...group, told: group.count })),
  }
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
