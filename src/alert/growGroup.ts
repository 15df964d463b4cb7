import type { Alert, AlertGroup } from '#types/alert.ts'
import type { Severity } from '#types/message.ts'

/** A group with its first alert, which nobody was told of yet. @default last: the head */
export function openGroup(head: Alert, last = head): AlertGroup {
  const { severity, reasons, hop } = head
  const { amount = 0n, stolen = [] } = hop ?? {}
  return { head, severity, reasons, count: 1, told: 0, muted: 0, amount, stolen, last }
}

/** A group with one more alert, as severe as the worst in it. */
export function growGroup(group: AlertGroup, alert: Alert): AlertGroup {
  const { severity, reasons } = isWorse(alert, group) ? alert : group
  const grown = { ...group, severity, reasons, count: group.count + 1, last: alert }
  const { hop } = alert
  if (hop?.asset !== group.head.hop?.asset)
    return { ...grown, otherAssets: (group.otherAssets ?? 0) + 1 }
  return {
    ...grown,
    amount: group.amount + (hop?.amount ?? 0n),
    stolen: group.stolen.map((part, index) => part + (hop?.stolen[index] ?? 0n)),
  }
}

/** A group with one more echo. A burst adds up what it mutes, for nothing else tells of it. */
export function muteIn(group: AlertGroup, alert: Alert): AlertGroup {
  const muted = group.muted + 1
  if (group.head.kind !== 'burst') return { ...group, muted }
  const { severity, reasons } = group
  return { ...growGroup(group, alert), severity, reasons, muted }
}

/** Whether something is more severe than something else. */
export function isWorse(
  { severity }: { severity: Severity },
  than: { severity: Severity },
): boolean {
  return severities.indexOf(severity) > severities.indexOf(than.severity)
}

const severities: Severity[] = ['info', 'amber', 'red']
