import type { Context } from '#src/context.ts'
import type { Telling } from '#types/alert.ts'
import type { Freeze, FreezeState } from '#types/freeze.ts'
import type { Message, Severity } from '#types/message.ts'
import type { Decision } from '#types/store.ts'
import { describeState } from './renderFreeze.ts'
import { reachedStage, stateOf } from './stateOf.ts'
import { deskCard, entryOf, houseCard, tellFreezes, viewOf } from './tellFreezes.ts'

/** What changed requests come to: what stands, what is told, what the timeline says. */
export type FreezeDecision = Required<Pick<Decision, 'standing' | 'tellings' | 'timeline'>>

/** What changed requests of one case come to, with a word to all who were told before where that matters. */
export function decisionOf(
  context: Context,
  changed: readonly Freeze[],
  { isByChain = false }: { isByChain?: boolean } = {},
): FreezeDecision {
  const all = new Map(
    [...context.standing.freeze].filter(([, { caseId }]) => caseId === changed[0]?.caseId),
  )
  for (const freeze of changed) all.set(freeze.id, freeze)
  const tellings = tellFreezes(context, changed, [...all.values()])
  return {
    standing: changed.map((value) => ({ kind: 'freeze', key: value.id, value })),
    tellings: [...tellings, ...changed.flatMap((freeze) => noticesOf(context, freeze, tellings))],
    timeline: changed.map((freeze) => entryOf(context, freeze, { isByChain })),
  }
}

/** An edited card calls nobody: these are said anew to all who have its card. */
const loud: ReadonlyMap<FreezeState, Severity> = new Map([
  ['released', 'amber'],
  ['withdrawn', 'amber'],
  ['expired', 'red'],
  ['moved on', 'red'],
])

function noticesOf(context: Context, freeze: Freeze, tellings: readonly Telling[]): Telling[] {
  const state = stateOf(freeze)
  const severity = loud.get(state)
  const before = context.standing.freeze.get(freeze.id)
  const isAsked = reachedStage(freeze, 'approved') !== null
  if (!severity || !isAsked || (before && stateOf(before) === state)) return []
  const message = noticeOf(context, freeze, severity)
  const cards = [houseCard(freeze), deskCard(freeze)]
  return tellings
    .filter(({ alert }) => cards.includes(alert))
    .map(({ alert, channels, topic }) => ({
      alert: `${alert}:${freeze.revision}`,
      ...{ revision: 1, message, topic, channels, parent: alert },
    }))
}

function noticeOf(context: Context, freeze: Freeze, severity: Severity): Message {
  const view = viewOf(context, freeze)
  const last = freeze.history.at(-1)
  const note = last?.what === freeze.stage ? last.note : ''
  return {
    title: [{ strong: view.caseName }, `: freeze ${freeze.id}: ${describeState(freeze, view)}`],
    severity,
    sections: note ? [{ type: 'text', text: note }] : [],
  }
}
