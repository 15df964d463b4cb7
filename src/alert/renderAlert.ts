import type { AlertGroup, AlertState } from '#types/alert.ts'
import type { Case } from '#types/case.ts'
import type { Address, Asset, Chain } from '#types/chain.ts'
import type { Message, Text } from '#types/message.ts'
import type { Ledger } from '#types/trail.ts'
import { describeBounds } from '#utils/describeBounds.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { formatShare } from '#utils/formatShare.ts'
import { formatDuration } from '#utils/formatTime.ts'
import type { LabelIndex } from '#utils/indexLabels.ts'
import { showAddress } from '#utils/parseAddress.ts'

/** What a rendering may look at. */
export type AlertFacts = { case: Case; chain: Chain; ledger: Ledger; labels: LabelIndex }

/** An alert, or a group of them grown since, as people read it. */
export function renderAlert(
  group: AlertGroup,
  facts: AlertFacts,
  state: AlertState = 'posted',
): Message {
  const { head, last } = group
  const asset = facts.case.assets.find(({ id }) => id === head.hop?.asset)
  const since = formatDuration(last.time - facts.case.stolenAt)
  const fields = [
    ...(head.hop && asset ? hopFields(group, facts, asset) : [addressField(head.address, facts)]),
    { name: 'When', value: [{ time: last.time }, `, ${since} after the theft`] },
    { name: 'Transaction', value: [{ code: last.transaction }, ` in block ${last.block}`] },
    { name: 'Explorer', value: facts.chain.explorer.transaction + last.transaction },
    ...stateField(state, facts),
  ]
  return {
    title: [{ strong: facts.case.name }, ': ', titleOf(group, facts, asset)],
    severity: group.severity,
    ...((state === 'confirmed' || state === 'finalized') && { isQuiet: true }),
    sections: [{ type: 'fields', fields }],
  }
}

function stateField(state: AlertState, { chain }: AlertFacts): { name: string; value: Text }[] {
  if (state === 'finalized') return [{ name: 'State', value: 'final: it cannot be undone' }]
  if (state !== 'confirmed') return []
  return [{ name: 'State', value: `confirmed: ${chain.confirmations} blocks deep` }]
}

/** An alert that a reorganization of the chain has undone. */
export function renderRetraction(group: AlertGroup, facts: AlertFacts): Message {
  const asset = facts.case.assets.find(({ id }) => id === group.head.hop?.asset)
  return {
    title: [{ strong: facts.case.name }, ': retracted: ', titleOf(group, facts, asset)],
    severity: 'info',
    sections: [
      {
        type: 'text',
        text: 'The chain was reorganized and this did not happen. If it happens again, it is told again.',
      },
    ],
  }
}

function titleOf(group: AlertGroup, { labels }: AlertFacts, asset: Asset | undefined): string {
  const { head, count, stolen } = group
  const { hop } = head
  if (!hop || !asset) {
    return 'a busy address without a label is parked: judge whether it is a service'
  }
  const [fifo = 0n] = stolen
  const most = stolen.reduce((highest, part) => (part > highest ? part : highest), fifo)
  // FIFO may say nothing where another rule says all.
  const amount = fifo > 0n ? formatAmount(fifo, asset) : `up to ${formatAmount(most, asset)}`
  const many = count > 1 ? ` in ${count} payments ${spanOf(group)}` : ''
  const name = labels.get(head.address)?.[0]?.name ?? ''
  const party = hop.stop === 'busy' ? 'a parked address' : `the ${hop.stop} ${name}`.trim()
  switch (head.kind) {
    case 'reached':
      return `${amount} reached ${party}${many}`
    case 'met':
      return `${amount} reached an address of another case (${head.otherCases.join(', ')})${many}`
    case 'woke':
      return `${amount} woke up after ${formatDuration(hop.idleSeconds)}${many}`
    case 'split':
      return `${amount} split off${many}`
    case 'moved':
    case 'parked':
      return `${amount} moved${many}`
  }
}

/** How long a group of alerts took, by the clock of the chain. */
function spanOf({ head, last }: AlertGroup): string {
  const seconds = last.time - head.time
  return seconds === 0 ? 'at once' : `within ${formatDuration(seconds)}`
}

function hopFields(
  group: AlertGroup,
  facts: AlertFacts,
  asset: Asset,
): { name: string; value: Text }[] {
  const { head, count, amount, stolen, last } = group
  const { hop } = last
  if (!hop) return []
  const share = formatShare(stolen[0] ?? 0n, facts.ledger.stolen)
  const whole = amount === stolen[0] ? '' : `, of ${formatAmount(amount, asset)} paid`
  const steps = hop.hops === 1 ? '1 hop' : `${hop.hops} hops`
  const isOnePayer = head.hop?.from === hop.from
  const isOnePayee = head.hop?.to === hop.to
  return [
    {
      name: 'Stolen',
      value: `${formatAmount(stolen[0] ?? 0n, asset)}, ${share} of the case${whole}`,
    },
    { name: 'Certainty', value: describeBounds(stolen, asset) },
    { name: isOnePayer ? 'From' : 'Last from', value: describeAddress(hop.from, facts) },
    { name: isOnePayee ? 'To' : 'Last to', value: describeAddress(hop.to, facts) },
    {
      name: 'Path',
      value: `${steps} from the theft${count > 1 ? ', counted at the last payment' : ''}`,
    },
  ]
}

function addressField(address: Address, facts: AlertFacts): { name: string; value: Text } {
  return { name: 'Address', value: describeAddress(address, facts) }
}

/** An address in full with what is known of it. */
function describeAddress(address: Address, { labels }: AlertFacts): Text {
  const label = labels.get(address)?.[0]
  const known = label ? ` ${label.name} (${label.kind})` : ' (no label)'
  return [{ code: showAddress(address) }, known]
}
