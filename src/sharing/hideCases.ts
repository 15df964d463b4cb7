import type { Context } from '#src/context.ts'
import type { AlertGroup } from '#types/alert.ts'
import { audienceOfCase, includes } from './audience.ts'

/** How `judgeHop` begins the reason of a meeting. */
const meeting = 'an address of another case'

/** A group of alerts without the names of cases that not everybody who sees its own case may know of, by today's marks. */
export function hideCases({ whole }: Context, group: AlertGroup): AlertGroup {
  const { head, last } = group
  if (head.otherCases.length === 0 && last.otherCases.length === 0) return group
  const own = audienceOfCase(whole, head.caseId)
  const hidden = [...whole.cases.values()]
    .filter(({ case: { id } }) => !includes(audienceOfCase(whole, id), own))
    .map(({ case: { name } }) => name)
  if (hidden.length === 0) return group
  const reasons = withoutMeetings(group.reasons, hidden)
  return { ...group, reasons, head: redact(head, hidden), last: redact(last, hidden) }
}

/** What only says that another case was met says nothing then. */
function redact(alert: AlertGroup['head'], hidden: readonly string[]): AlertGroup['head'] {
  const otherCases = alert.otherCases.filter((name) => !hidden.includes(name))
  const kind = alert.kind === 'met' && otherCases.length === 0 ? 'moved' : alert.kind
  return { ...alert, kind, otherCases, reasons: withoutMeetings(alert.reasons, hidden) }
}

function withoutMeetings(reasons: readonly string[], hidden: readonly string[]): string[] {
  return reasons.filter(
    (reason) => !(reason.startsWith(meeting) && hidden.some((name) => reason.includes(name))),
  )
}
