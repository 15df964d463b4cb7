import type { AlertGroup, AlertState } from '#types/alert.ts'
import type { Message, Span, Text } from '#types/message.ts'
import { formatDuration } from '#utils/formatTime.ts'
import { handleOf } from '#utils/handleOf.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { aboutFields, type Field } from './aboutFields.ts'
import { actionsOf } from './actionsOf.ts'
import { type AlertFacts, describeAlert } from './describeAlert.ts'

export type { AlertFacts } from './describeAlert.ts'

/** An alert, or a group of them grown since, as people read it. */
export function renderAlert(
  group: AlertGroup,
  facts: AlertFacts,
  state: AlertState = 'posted',
): Message {
  const { head, last, reasons } = group
  const title = titleOf(group, facts)
  const since = formatDuration(last.time - facts.case.stolenAt)
  const fields = [
    ...aboutFields(group, facts),
    ...(reasons.length > 0 ? [{ name: 'Why', value: reasons.join('; ') }] : []),
    { name: 'When', value: [{ time: last.time }, `, ${since} after the theft`] },
    { name: 'Transaction', value: [{ code: last.transaction }, ` in block ${last.block}`] },
    { name: 'Explorer', value: explorerLink(last.transaction, facts) },
    ...(facts.disputes ?? []).map((value) => ({ name: 'Disputed', value })),
    ...silenceField(facts),
    ...stateField(state, facts),
    alertField(head.id, facts),
  ]
  return {
    title,
    severity: group.severity,
    line: lineOf(group, title, facts),
    ...((state === 'confirmed' || state === 'finalized') && { isQuiet: true }),
    blockTime: last.time,
    sections: [{ type: 'fields', fields }],
    actions: actionsOf(group, facts),
  }
}

/** An alert that a reorganization of the chain has undone. */
export function renderRetraction(group: AlertGroup, facts: AlertFacts): Message {
  return {
    title: titleOf(group, facts, 'retracted: '),
    severity: 'info',
    sections: [
      {
        type: 'text',
        text: 'The chain was reorganized and this did not happen. If it happens again, it is told again.',
      },
      { type: 'fields', fields: [alertField(group.head.id, facts)] },
    ],
  }
}

/**
 * An alert that a decision reaching back has shown to be wrong: what it said stays to be read. `null` where that is not
 * known any more.
 */
export function renderCorrection(
  group: AlertGroup | null,
  facts: AlertFacts,
  { why }: { why: string },
): Message {
  const wrong: Text = ['What was told here is wrong: ', why]
  if (!group) {
    const title = [{ strong: facts.case.name }, ': corrected: an earlier alert']
    return { title, severity: 'info', sections: [{ type: 'text', text: wrong }] }
  }
  const { head, last } = group
  const fields = [
    ...aboutFields(group, facts),
    { name: 'Transaction', value: [{ code: last.transaction }, ` in block ${last.block}`] },
    alertField(head.id, facts),
  ]
  return {
    title: titleOf(group, facts, 'corrected: '),
    severity: 'info',
    sections: [
      { type: 'text', text: wrong },
      { type: 'fields', fields },
    ],
  }
}

function titleOf(group: AlertGroup, facts: AlertFacts, state = ''): Span[] {
  return [{ strong: facts.case.name }, `: ${state}${describeAlert(group, facts)}`]
}

/** All of an alert in one line: what happened, where, and where to look. */
function lineOf({ head, last, count }: AlertGroup, title: Span[], facts: AlertFacts): Text {
  const lately = count > 1 ? 'last ' : ''
  const from = last.hop ? { code: showAddress(last.hop.from) } : ''
  const place: Span[] = last.hop
    ? [`; ${lately}from `, from, ' to ', { code: showAddress(last.hop.to) }]
    : [`; ${lately}at `, { code: showAddress(last.address) }]
  const explorer = explorerLink(last.transaction, facts)
  return [...title, ...(head.kind === 'burst' ? [] : place), ', ', explorer]
}

function explorerLink(transaction: string, { chain }: AlertFacts): Span {
  return { link: chain.explorer.transaction + transaction, label: 'the transaction' }
}

function silenceField({ silencedUntil = null }: AlertFacts): Field[] {
  if (silencedUntil === null) return []
  return [{ name: 'Silenced', value: ['until ', { time: silencedUntil }] }]
}

function stateField(state: AlertState, { chain }: AlertFacts): Field[] {
  if (state === 'finalized') return [{ name: 'State', value: 'final: it cannot be undone' }]
  if (state !== 'confirmed') return []
  return [{ name: 'State', value: `confirmed: ${chain.confirmations} blocks deep` }]
}

/** How people call the alert, and who looks after it. */
function alertField(id: string, { acks }: AlertFacts): Field {
  const handle = { code: handleOf(id) }
  const ack = acks?.(id)
  if (!ack) return { name: 'Alert', value: handle }
  if (ack.isIrrelevant) {
    return { name: 'Alert', value: [handle, ', not relevant, says ', ack.name] }
  }
  return {
    name: 'Alert',
    value: [handle, ', acknowledged by ', ack.name, ' until ', { time: ack.until }],
  }
}
