import { paceKey } from '#alert/followBurst.ts'
import {
  type AlertFacts,
  renderAlert,
  renderCorrection,
  renderRetraction,
} from '#alert/renderAlert.ts'
import { topicOf } from '#alert/topicOf.ts'
import type { Context } from '#src/context.ts'
import type { AlertGroup, Telling, ToldAlert } from '#types/alert.ts'
import type { Message } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { TimelineEntry } from '#types/standing.ts'
import { textOf } from '#utils/textOf.ts'
import { silencesFor } from './routeTold.ts'

/** What chats must show of told alerts that have changed. */
export function renderTellings(
  context: Context,
  open: OpenCase,
  told: readonly ToldAlert[],
): Telling[] {
  return told.flatMap((alert) => {
    // What was retracted is told as it last was.
    const group = (alert.tellings.at(-1) ?? open.told.get(alert.id)?.tellings.at(-1))?.group
    return group ? renderTelling(context, open, { alert, group }) : []
  })
}

/** One of them: nothing where no channel is to hear of it. `why` is given where a decision that reaches back changed it. */
export function renderTelling(
  context: Context,
  open: OpenCase,
  { alert, group, why = null }: { alert: ToldAlert; group: AlertGroup; why?: string | null },
): Telling[] {
  const { id, revision, channels } = alert
  if (channels.length === 0) return []
  const facts = factsOf(context, open, group)
  const message = renderState(alert, { group, facts, why })
  // Who asked for silence sees the card grow and hears nothing.
  const isQuiet = message.isQuiet || silencesFor(context, group).length > 0
  const parent = parentOf(open, group)
  return [
    {
      alert: id,
      revision,
      message: isQuiet ? { ...message, isQuiet } : message,
      topic: topicOf(group.head),
      channels,
      ...(parent !== undefined && { parent }),
    },
  ]
}

function renderState(
  { state }: ToldAlert,
  { group, facts, why }: { group: AlertGroup; facts: AlertFacts; why: string | null },
): Message {
  if (state === 'retracted') return renderRetraction(group, facts)
  if (state === 'corrected') return renderCorrection(group, facts, { why: why ?? 'a decision' })
  const message = renderAlert(group, facts, state)
  if (why === null) return message
  const field = { name: 'Corrected', value: why }
  return { ...message, sections: [...message.sections, { type: 'fields', fields: [field] }] }
}

/** The card of the path that an alert belongs under. */
function parentOf({ groups }: OpenCase, { head }: AlertGroup): string | undefined {
  const moving = new Set(['moved', 'split', 'merged'])
  if (moving.has(head.kind)) return undefined
  for (const [key, group] of groups) {
    const isCard = key !== paceKey && moving.has(group.head.kind)
    if (isCard && group.head.path === head.path) return group.head.id
  }
  return undefined
}

/** What the timeline says of told alerts: each once when it is told, and once when it is taken back. */
export function timelineOf(
  context: Context,
  open: OpenCase,
  told: readonly ToldAlert[],
): TimelineEntry[] {
  return told.flatMap((alert) => {
    const { id, state, revision } = alert
    if (state !== 'posted' && state !== 'retracted') return []
    const group = (alert.tellings.at(-1) ?? open.told.get(id)?.tellings.at(-1))?.group
    if (!group) return []
    const message = renderState(alert, { group, facts: factsOf(context, open, group), why: null })
    const key = state === 'posted' ? id : `${id}:${state}:${revision}`
    const text = textOf(message.title)
    return [{ caseId: open.case.id, key, at: group.head.time, kind: 'alert', by: null, text }]
  })
}

/** What a rendering of it may look at. */
export function factsOf(context: Context, open: OpenCase, group: AlertGroup): AlertFacts {
  const { standing, chains, labels } = context
  const { head } = group
  const silences = silencesFor(context, group).map(({ until }) => until)
  const chain = chains.get(open.case.chain)
  const [first] = open.trail.ledgers.values()
  const ledger = head.hop ? open.trail.ledgers.get(head.hop.asset) : first
  if (!chain || !ledger) throw new RangeError('An alert belongs to a known chain and asset.')
  return {
    case: open.case,
    chain,
    ledger,
    labels,
    acks(alert) {
      const ack = standing.ack.get(alert)
      if (!ack || ack.lapsed) return null
      const { by, lapsesAt, isIrrelevant = false } = ack
      return { name: by.name, until: lapsesAt, isIrrelevant }
    },
    silencedUntil: silences.length > 0 ? Math.max(...silences) : null,
  }
}
