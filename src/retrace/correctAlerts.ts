import { isDeepStrictEqual } from 'node:util'
import { renderTelling } from '#src/case/renderTellings.ts'
import { routeTold } from '#src/case/routeTold.ts'
import type { Context } from '#src/context.ts'
import type { AlertGroup, ToldAlert } from '#types/alert.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Decision } from '#types/store.ts'
import type { Shadow } from './createShadow.ts'
import { summarize } from './summarize.ts'
import { whyOf } from './whyOf.ts'

/** Alerts of a case that are looked through: more than anybody was ever told of. */
const maxAlerts = 1_000_000

/** Red alerts about old movements that are told one by one; the summary counts the others. */
const maxFound = 10

/** What people were told wrongly, what they were not told, and the sum of it. */
export async function correctAlerts(
  context: Context,
  { open, shadow }: { open: OpenCase; shadow: Shadow },
): Promise<Required<Pick<Decision, 'told' | 'tellings' | 'timeline'>>> {
  const caseId = open.case.id
  const why = whyOf(context, caseId)
  const before = await context.store.findAlerts({ caseId }, { limit: maxAlerts })
  const known = new Map(before.map((alert) => [alert.id, alert]))
  const wrong = before.flatMap((alert) => correct(alert, shadow))
  const found = [...shadow.told.values()].filter(
    ({ id, state }) => state !== 'retracted' && !isTold(known.get(id)),
  )
  const told = [...wrong, ...findNews(context, { shadow, found, known })]
  const tellings = told.flatMap((alert) => {
    const earlier = known.get(alert.id)
    const group = lastGroup(alert) ?? (earlier && lastGroup(earlier))
    const reason = earlier ? why : null
    return group ? renderTelling(context, shadow.open, { alert, group, why: reason }) : []
  })
  const summary = summarize(context, {
    open,
    shadow,
    why,
    wrong: wrong.length,
    found: found.length,
  })
  return {
    told: told.map((alert) => ({ caseId, alert })),
    tellings: [...tellings, summary.telling],
    timeline: [summary.entry],
  }
}

function isTold(alert: ToldAlert | undefined): boolean {
  return alert !== undefined && alert.state !== 'retracted' && alert.state !== 'corrected'
}

/** The alert as it must stand now, nothing where it stands so already. */
function correct(alert: ToldAlert, shadow: Shadow): ToldAlert[] {
  if (!isTold(alert)) return []
  const group = lastGroup(alert)
  const now = shadow.told.get(alert.id)
  const right = now && now.state !== 'retracted' ? lastGroup(now) : undefined
  const revision = alert.revision + 1
  if (now && right) {
    if (isDeepStrictEqual(right, group)) return []
    return [{ ...now, revision, channels: alert.channels, silencedBy: alert.silencedBy }]
  }
  if (group?.head.kind === 'met' && isHop(shadow, group)) return []
  return [{ ...alert, revision, state: 'corrected', tellings: [] }]
}

function lastGroup({ tellings }: ToldAlert): AlertGroup | undefined {
  return tellings.at(-1)?.group
}

/** Whether the movement behind an alert carried stolen value after all. */
function isHop({ hops }: Shadow, { head }: AlertGroup): boolean {
  return hops.some(
    ({ transaction, position }) =>
      transaction === head.transaction && position === head.hop?.position,
  )
}

/** What nobody was told of: recorded all of it, told the newest of what is red. */
function findNews(
  context: Context,
  {
    shadow,
    found,
    known,
  }: {
    shadow: Shadow
    found: readonly ToldAlert[]
    known: ReadonlyMap<string, ToldAlert>
  },
): ToldAlert[] {
  const red = found
    .filter((alert) => lastGroup(alert)?.severity === 'red')
    .sort((a, b) => b.block - a.block || (a.id < b.id ? -1 : 1))
    .slice(0, maxFound)
  return found.map((alert) => {
    const earlier = known.get(alert.id)
    const next = {
      ...alert,
      revision: (earlier?.revision ?? 0) + 1,
      channels: earlier?.channels ?? [],
    }
    return red.includes(alert) ? routeTold(context, shadow.open, next) : next
  })
}
