import { isCardOfMany } from '#alert/describeAlert.ts'
import { paceKey } from '#alert/followBurst.ts'
import {
  type AlertFacts,
  renderAlert,
  renderCorrection,
  renderRetraction,
} from '#alert/renderAlert.ts'
import { topicOf } from '#alert/topicOf.ts'
import { settingsOf } from '#src/channel/settingsOf.ts'
import type { Context } from '#src/context.ts'
import { claimsOf } from '#src/dispute/claimsOf.ts'
import { describeDispute, disputesOn } from '#src/dispute/disputesOn.ts'
import { hideCases } from '#src/sharing/hideCases.ts'
import { labelsFor } from '#src/sharing/labelsFor.ts'
import { channelsSeeing } from '#src/sharing/listeners.ts'
import type { AlertGroup, Telling, ToldAlert } from '#types/alert.ts'
import type { Message } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { TimelineEntry } from '#types/standing.ts'
import { textOf } from '#utils/textOf.ts'
import { rootOf } from './rootOf.ts'
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
  { alert, group: told, why = null }: { alert: ToldAlert; group: AlertGroup; why?: string | null },
): Telling[] {
  const group = hideCases(context, told)
  const { id, revision } = alert
  const channels = channelsSeeing(context, open.case.id, alert.channels)
  if (channels.length === 0) return []
  const facts = factsOf(context, open, group)
  const message = renderState(alert, { group, facts, why })
  // Who asked for silence sees the card grow and hears nothing.
  const isQuiet = message.isQuiet || silencesFor(context, group).length > 0
  const parent = parentOf(open, group)
  const topic = topicOf(group.head)
  return [
    {
      alert: id,
      revision,
      message: isQuiet ? { ...message, isQuiet } : message,
      topic,
      channels,
      ...(parent !== undefined && { parent }),
    },
    ...(isQuiet ? [] : tellReddened(context, open, { alert: { ...alert, channels }, group })),
    ...tellLedger(context, { alert: { ...alert, channels }, group }),
  ]
}

/** An edit calls nobody: where a card has turned red, who is to be called is called under it. */
function tellReddened(
  { standing }: Context,
  { told, case: { id: caseId, name } }: OpenCase,
  { alert: { id, revision, channels }, group }: { alert: ToldAlert; group: AlertGroup },
): Telling[] {
  const before = told.get(id)?.tellings.at(-1)?.group.severity
  if (group.severity !== 'red' || before === undefined || before === 'red') return []
  const called = channels.filter((channel) =>
    [rootOf({ standing }, caseId), '*'].some(
      (key) => standing.subscription.get(`${channel} ${key}`)?.page,
    ),
  )
  if (called.length === 0) return []
  const message: Message = {
    title: [{ strong: name }, `: it is red now: ${group.reasons.join('; ')}`],
    severity: 'red',
    sections: [],
  }
  const topic = topicOf(group.head)
  return [
    { alert: `${id}:red:${revision}`, revision: 1, message, topic, channels: called, parent: id },
  ]
}

/** The hops behind a card that stands for more than one, under it where a channel wants threads. */
function tellLedger(
  context: Context,
  { alert, group }: { alert: ToldAlert; group: AlertGroup },
): Telling[] {
  const { head, last, count } = group
  if (count === 1 || head.hop === null || head.kind === 'burst') return []
  const channels = alert.channels.filter((channel) => {
    const chat = context.chats.find(({ name }) => name === channel.split(':', 1)[0])
    return chat?.hasThreads === true && settingsOf(context, channel).layout === 'thread'
  })
  if (channels.length === 0 || alert.tellings.length === 0) return []
  const path = isCardOfMany(head.path) ? null : last.hop?.path
  if (path === undefined) return []
  const { caseId } = head
  const ledger = { caseId, path, since: head.time, until: last.time, page: 1 }
  return [
    {
      alert: `${alert.id}:ledger:1`,
      revision: alert.revision,
      message: { title: 'The hops behind this card', isQuiet: true, sections: [], ledger },
      topic: topicOf(head),
      channels,
      parent: alert.id,
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
  const { standing, chains } = context
  const { head } = group
  const silences = silencesFor(context, group).map(({ until }) => until)
  const chain = chains.get(open.case.chain)
  const [first] = open.trail.ledgers.values()
  const ledger = head.hop ? open.trail.ledgers.get(head.hop.asset) : first
  if (!chain) throw new RangeError('An alert belongs to a known chain.')
  return {
    case: open.case,
    chain,
    chains,
    ledger,
    labels: labelsFor(context, open.case.id),
    acks(alert) {
      const ack = standing.ack.get(alert)
      if (!ack || ack.lapsed) return null
      const { by, lapsesAt, isIrrelevant = false } = ack
      return { name: by.name, until: lapsesAt, isIrrelevant }
    },
    disputes: disputesOn(standing.dispute.values(), claimsOf(open.case.id, group)).flatMap(
      describeDispute,
    ),
    silencedUntil: silences.length > 0 ? Math.max(...silences) : null,
  }
}
