import type { AlertGroup } from '#types/alert.ts'
import type { Case } from '#types/case.ts'
import type { Address, Asset, Chain } from '#types/chain.ts'
import type { Text } from '#types/message.ts'
import type { Hop, Ledger } from '#types/trail.ts'
import { countOf } from '#utils/countOf.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { formatDuration } from '#utils/formatTime.ts'
import type { LabelIndex } from '#utils/indexLabels.ts'
import { nameLabel } from '#utils/nameLabel.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { movingKinds } from './inhibitions.ts'
import { worstOf } from './worstOf.ts'

/** What a rendering may look at. */
export type AlertFacts = {
  case: Case
  chain: Chain
  /** Chains by id, as people call them. @default bridges name them */
  chains?: ReadonlyMap<string, Chain>
  /** Of the asset of the head; none before the first swap into it is saved. */
  ledger: Ledger | undefined
  labels: LabelIndex
  /** Who looks after an alert, until when in Unix seconds; or has said that it is not relevant. @default nobody */
  acks?: (alert: string) => { name: string; until: number; isIrrelevant: boolean } | null
  /** Until when it is silenced, in Unix seconds. @default it is not */
  silencedUntil?: number | null
  /** Opinions against what it says, a line each. @default none */
  disputes?: readonly string[]
}

/** What a group of alerts says, in a few words. */
export function describeAlert(group: AlertGroup, facts: AlertFacts): string {
  const { head, count } = group
  if (head.kind === 'burst') return describeBurst(group)
  if (head.kind === 'parked') {
    return count === 1
      ? 'a busy address without a label is parked: judge whether it is a service'
      : `${count} busy addresses without a label are parked: judge whether they are services`
  }
  const amount = describeAmount(group, facts)
  const many = count > 1 ? ` in ${countOf(count, 'payment')} ${spanOf(group)}` : ''
  return `${amount} ${whatHappened(group, facts)}${many}`
}

/** Goes by what it counts, which is told nowhere else. */
function describeBurst(group: AlertGroup): string {
  const { head, last, count, reasons } = group
  const movements = `${countOf(count, 'movement')} ${spanOf(group)}`
  if (reasons.length > head.reasons.length) return `a burst is over: ${movements}`
  if (last.time === head.time) return `a burst of movements: ${head.reasons.join('; ')}`
  return `a burst of movements goes on: ${movements}`
}

function whatHappened({ head, count }: AlertGroup, facts: AlertFacts): string {
  const { labels } = facts
  const { hop, otherCases } = head
  const isOfMany = isCardOfMany(head.path) && count > 1
  const label = labels.get(head.address)?.[0]?.name ?? ''
  switch (head.kind) {
    case 'reached':
      if (head.path.endsWith(':* services') && count > 1) return 'reached several services'
      if (hop?.stop === 'busy') return 'reached a parked address'
      if (hop?.stop === 'burn') return `was burned${onwards(hop, count, facts)}`
      return (
        `reached the ${showKind(hop?.stop ?? 'service')} ${label}`.trim() +
        onwards(hop, count, facts)
      )
    case 'returned':
      return `went back to the victim ${label}`.trim()
    case 'met':
      return isOfMany
        ? 'reached addresses of other cases'
        : `reached an address of another case (${otherCases.join(', ')})`
    case 'woke':
      return isOfMany ? 'woke up' : `woke up after ${formatDuration(hop?.idleSeconds ?? 0)}`
    case 'burst':
    case 'parked':
    case 'moved':
    case 'split':
    case 'merged':
      if (isOfMany) return 'moved on several paths'
      if (count === 1 && hop?.arrived?.isBack) return `was given back by ${hop.arrived.bridge}`
      if (count === 1 && hop?.arrived) return `came out of ${hop.arrived.bridge}`
      if (count === 1 && hop?.swapped) return `came out of ${describeSwap(hop, facts)}`
      // A card of a path takes in all that moves on it, whatever its first alert was.
      if (count > 1 || head.kind === 'moved') return 'moved'
      return head.kind === 'split' ? 'split off' : 'joined money that came another way'
  }
}

function describeAmount({ head, stolen, otherAssets }: AlertGroup, facts: AlertFacts): string {
  const asset = assetOf(head.hop, facts)
  if (!asset) return 'an amount'
  const amount = showStolen(stolen, asset)
  return otherAssets ? `${amount} and other assets` : amount
}

/** A stolen part by FIFO; where that says nothing, the most that another rule says. */
export function showStolen(stolen: readonly bigint[], asset: Asset): string {
  const [fifo = 0n] = stolen
  return fifo > 0n ? formatAmount(fifo, asset) : `up to ${formatAmount(worstOf(stolen), asset)}`
}

/** Where it goes on, of one payment alone. */
function onwards(hop: Hop | null, count: number, facts: AlertFacts): string {
  return hop?.crossing && count === 1 ? ` on its way to ${nameChain(hop.crossing, facts)}` : ''
}

/** The chain that a bridge names, as people call it. */
export function nameChain(
  { chain }: NonNullable<Hop['crossing']>,
  { chains }: Pick<AlertFacts, 'chains'>,
): string {
  return chains?.get(chain)?.name ?? chain
}

/** What was given in a swap, such as `a swap of 100 ETH`. */
export function describeSwap({ swapped }: Hop, facts: AlertFacts): string {
  const asset = facts.case.assets.find(({ id }) => id === swapped?.asset)
  return swapped && asset ? `a swap of ${formatAmount(swapped.amount, asset)}` : 'a swap'
}

/** The asset of a hop, where it is one of the case. */
export function assetOf(hop: AlertGroup['head']['hop'], facts: AlertFacts): Asset | undefined {
  return facts.case.assets.find(({ id }) => id === hop?.asset)
}

/** Whether a card takes in what no card of its own is opened for. */
export function isCardOfMany(path: string): boolean {
  return path.includes(':* ')
}

/** Whether a group is of what moves: the same money may be counted at each step. */
export function isOfMovements({ head }: AlertGroup): boolean {
  return head.kind === 'burst' || movingKinds.some((kind) => kind === head.kind)
}

/** How long a group of alerts took, by the clock of the chain. */
function spanOf({ head, last }: AlertGroup): string {
  const seconds = last.time - head.time
  return seconds === 0 ? 'at once' : `within ${formatDuration(seconds)}`
}

function showKind(kind: string): string {
  return kind === 'dex' ? 'DEX' : kind
}

/** An address in full with what is known of it. */
export function describeAddress(address: Address, { labels }: Pick<AlertFacts, 'labels'>): Text {
  const label = labels.get(address)?.[0]
  const known = label ? ` ${nameLabel(label)}` : ' (no label)'
  return [{ code: showAddress(address) }, known]
}
