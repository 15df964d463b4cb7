import type { Asset } from '#types/chain.ts'
import type { Freeze } from '#types/freeze.ts'
import type { Action, Message, Severity, Text } from '#types/message.ts'
import { countOf } from '#utils/countOf.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { formatShare } from '#utils/formatShare.ts'
import { formatDuration } from '#utils/formatTime.ts'
import { showAddress } from '#utils/parseAddress.ts'
import {
  arrivedAt,
  heldIn,
  leftFrom,
  presentAt,
  reachedStage,
  returnedIn,
  sinceOf,
  stateOf,
} from './stateOf.ts'

type Field = { name: string; value: Text }

/** What a card of a request may look at. */
export type FreezeView = {
  caseName: string
  asset: Asset
  /** Base units that were stolen in all. */
  stolen: bigint
  organization: { name: string; requires: string; isVerified: boolean }
  /** Opinions that stand against it, each in a line. */
  disputes: readonly string[]
  /** Page of an explorer, to put an address behind. */
  explorer: string
  /** Whether the house makes evidence. */
  hasEvidence: boolean
}

/** Arrivals that a card lists; what lies before is in the sum. */
const maxListed = 5

/** A request as the house sees it, with the buttons of whoever must decide. */
export function renderForHouse(freeze: Freeze, view: FreezeView): Message {
  return {
    title: [{ strong: view.caseName }, `: freeze ${freeze.id}: ${describeState(freeze, view)}`],
    severity: severityOf(freeze),
    ...quietOf(freeze),
    sections: [
      { type: 'fields', fields: [...aboutFields(freeze, view), ...standFields(freeze, view)] },
    ],
    actions: houseActions(freeze),
  }
}

/** The same as the asked desk sees it: what it needs to decide, and one button for each answer. */
export function renderForDesk(freeze: Freeze, view: FreezeView): Message {
  const { asset, caseName } = view
  const present = formatAmount(presentAt(freeze), asset)
  const state = stateOf(freeze)
  const isAsked = ['approved', 'delivered', 'seen'].includes(state)
  const title = isAsked
    ? [`Please hold ${present}, stolen in the theft `, { strong: caseName }]
    : [{ strong: caseName }, `: freeze ${freeze.id}: ${describeState(freeze, view)}`]
  const { days, mayTell } = freeze.terms
  return {
    title,
    severity: severityOf(freeze),
    ...quietOf(freeze),
    sections: [
      {
        type: 'fields',
        fields: [
          ...aboutFields(freeze, view),
          {
            name: 'Asked for',
            value: `${days} days; the customer ${mayTell ? 'may' : 'must not'} be told`,
          },
          ...standFields(freeze, view),
        ],
      },
    ],
    actions: [...deskActions(freeze), ...(view.hasEvidence ? evidenceAction(freeze) : [])],
  }
}

/** How it stands, in a few words with amounts. */
export function describeState(freeze: Freeze, { asset, organization }: FreezeView): string {
  const show = (amount: bigint) => formatAmount(amount, asset)
  const { name } = organization
  const state = stateOf(freeze)
  switch (state) {
    case 'drafted':
      return `${show(presentAt(freeze))} at ${name} waits for approval`
    case 'approved':
      return `${show(presentAt(freeze))} is asked of ${name}`
    case 'delivered':
      return `${show(presentAt(freeze))} is asked of ${name}, delivered`
    case 'seen':
      return `${name} has seen it: ${show(presentAt(freeze))}`
    case 'held':
      return `${name} holds ${show(heldIn(freeze))}`
    case 'partly held':
      return `${name} holds ${show(heldIn(freeze))} of ${show(presentAt(freeze))}`
    case 'durable':
      return `${name} holds ${show(heldIn(freeze))} for good`
    case 'declined':
      return `${name} declines: ${freeze.reason ?? 'other'}`
    case 'released':
      return `${name} has released it: nothing is held any more`
    case 'expired':
      return `the hold of ${name} is over: nothing is held any more`
    case 'returned':
      return `${show(returnedIn(freeze))} is returned by ${name}`
    case 'moved on':
      return `moved on from ${name}${describeElapsed(freeze)}`
    case 'withdrawn':
      return `withdrawn, ${name} need not hold anything`
  }
}

/** How long after it came the last of it went. */
function describeElapsed({ arrivals, departures }: Freeze): string {
  const [came, went] = [arrivals[0]?.time, departures.at(-1)?.time]
  if (came === undefined || went === undefined) return ''
  return ` ${formatDuration(went - came)} after it came`
}

function aboutFields(
  freeze: Freeze,
  { asset, stolen, organization, explorer }: FreezeView,
): Field[] {
  const arrived = arrivedAt(freeze)
  const least = freeze.arrivals.reduce((sum, flow) => sum + flow.least, 0n)
  const left = leftFrom(freeze)
  const isSure = least >= arrived
  const certainty = isSure
    ? 'certain: every rule says so'
    : `at least ${formatAmount(least, asset)} by the rule that says least: other money is mixed in`
  const unverified = organization.isVerified ? '' : ' (not verified yet)'
  return [
    { name: 'Organization', value: `${organization.name}${unverified}` },
    { name: 'Address', value: unitOf(freeze) },
    { name: 'Explorer', value: { link: explorer + freeze.address, label: 'the address' } },
    {
      name: 'Stolen value',
      value: `${formatAmount(arrived, asset)} came there by FIFO, ${formatShare(arrived, stolen)} of the theft`,
    },
    { name: 'Certainty', value: certainty },
    ...(left > 0n
      ? [{ name: 'Left it', value: `${formatAmount(left, asset)}: ${whereTo(freeze)}` }]
      : []),
    ...arrivalFields(freeze, asset),
    {
      name: 'Whose it is',
      value: `${freeze.grounds.text}; ${Math.round(freeze.grounds.confidence * 100)} % sure`,
    },
    ...(freeze.sweptTo
      ? [{ name: 'Swept into', value: { code: showAddress(freeze.sweptTo) } }]
      : []),
  ]
}

/** Address and tag: without the tag nobody knows the customer. */
function unitOf({ address, tag }: Pick<Freeze, 'address' | 'tag'>): Text {
  const shown = { code: showAddress(address) }
  return tag === null ? shown : [shown, ', tag ', { code: tag }]
}

function whereTo({ departures }: Freeze): string {
  const parties = [...new Set(departures.map(({ other }) => showAddress(other)))]
  const rest = parties.length - 3
  return `to ${parties.slice(-3).join(', ')}${rest > 0 ? ` and ${rest} others` : ''}`
}

function arrivalFields({ arrivals }: Freeze, asset: Asset): Field[] {
  const shown = arrivals.slice(-maxListed)
  const rest = arrivals.length - shown.length
  return [
    ...shown.map(({ transaction, time, amount, block }) => ({
      name: 'Came in',
      value: [
        `${formatAmount(amount, asset)}, `,
        { code: transaction },
        ` in block ${block}, `,
        { time },
      ],
    })),
    ...(rest > 0 ? [{ name: 'Before', value: countOf(rest, 'payment') }] : []),
  ]
}

function standFields(freeze: Freeze, { organization, disputes }: FreezeView): Field[] {
  const { until, history, returned } = freeze
  const last = history.at(-1)
  const who = last?.by
    ? `${last.by.name}${last.by.organization ? ` (${last.by.organization})` : ''}`
    : 'Posse'
  const note = last?.note ? `: ${last.note}` : ''
  return [
    { name: 'State', value: [`${stateOf(freeze)}, by ${who}${note}, `, { time: sinceOf(freeze) }] },
    ...(until === null ? [] : [{ name: 'Held until', value: { time: until } }]),
    ...(returned > 0n ? [{ name: 'Clock', value: describeClock(freeze) }] : clockField(freeze)),
    ...(organization.requires
      ? [{ name: 'Their desk asks for', value: organization.requires }]
      : []),
    ...disputes.map((value) => ({ name: 'Disputed', value })),
    { name: 'Freeze', value: { code: freeze.id } },
  ]
}

function clockField(freeze: Freeze): Field[] {
  const value = describeClock(freeze)
  return value === '' ? [] : [{ name: 'Clock', value }]
}

/** How long the steps took. */
function describeClock(freeze: Freeze): string {
  const asked = reachedStage(freeze, 'delivered')
  const steps: [string, number | null][] = [
    ['seen', reachedStage(freeze, 'seen')],
    ['answered', reachedStage(freeze, 'holding', 'declined')],
    ['returned', reachedStage(freeze, 'returned')],
  ]
  const known = asked === null ? [] : steps.filter(([, at]) => at !== null)
  return known
    .map(([what, at]) => `${what} after ${formatDuration((at ?? 0) - (asked ?? 0))}`)
    .join(', ')
}

/** That a chat has shown the request calls for nobody. */
function quietOf(freeze: Freeze): Pick<Message, 'isQuiet'> {
  return stateOf(freeze) === 'delivered' ? { isQuiet: true } : {}
}

function severityOf(freeze: Freeze): Severity {
  const state = stateOf(freeze)
  if (['drafted', 'approved', 'delivered', 'seen', 'moved on', 'expired'].includes(state))
    return 'red'
  return ['partly held', 'declined', 'released'].includes(state) ? 'amber' : 'info'
}

function houseActions(freeze: Freeze): Action[] {
  if (stateOf(freeze) !== 'drafted') return []
  return [
    { label: 'Approve and send', command: `freeze approve ${freeze.id}`, style: 'primary' },
    { label: 'Discard', command: `freeze withdraw ${freeze.id} by a button of its card` },
  ]
}

/** Characters that the command of a button may have. */
const maxCommand = 90

/** What a desk checks before it holds anything. */
function evidenceAction(freeze: Freeze): Action[] {
  const command = `evidence ${freeze.caseId} ${freeze.address}`
  const isAsked = ['approved', 'delivered', 'seen', 'partly held'].includes(stateOf(freeze))
  return isAsked && command.length <= maxCommand ? [{ label: 'Evidence', command }] : []
}

function deskActions(freeze: Freeze): Action[] {
  const { id } = freeze
  const state = stateOf(freeze)
  const hold: Action[] = [
    { label: 'Hold all of it', command: `freeze hold ${id} all`, style: 'primary' },
    { label: 'Hold a part', command: `freeze hold ${id}` },
    { label: 'Cannot hold', command: `freeze decline ${id}`, style: 'danger' },
  ]
  if (state === 'approved' || state === 'delivered') {
    return [{ label: 'Seen', command: `freeze seen ${id}` }, ...hold]
  }
  if (state === 'seen') return hold
  if (state === 'held' || state === 'partly held') {
    const renew: Action = { label: 'Renew', command: `freeze renew ${id}` }
    const more = state === 'partly held' ? hold.slice(0, 1) : []
    return [...more, renew, { label: 'Returned', command: `freeze return ${id} all` }]
  }
  return state === 'declined' || state === 'expired' ? hold.slice(0, 1) : []
}
