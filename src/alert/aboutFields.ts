import type { AlertGroup } from '#types/alert.ts'
import type { Asset, Crossing } from '#types/chain.ts'
import type { Text } from '#types/message.ts'
import type { Hop } from '#types/trail.ts'
import { countOf } from '#utils/countOf.ts'
import { describeBounds } from '#utils/describeBounds.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { formatShare } from '#utils/formatShare.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { wholeOf } from '#utils/wholeOf.ts'
import {
  type AlertFacts,
  assetOf,
  describeAddress,
  describeSwap,
  isCardOfMany,
  isOfMovements,
  nameChain,
} from './describeAlert.ts'

/** A line of a card. */
export type Field = { name: string; value: Text }

/** What a group of alerts is about: amounts, parties, the path, and what is counted in it alone. */
export function aboutFields(group: AlertGroup, facts: AlertFacts): Field[] {
  const { head, last, count, muted } = group
  const asset = assetOf(head.hop, facts)
  const amounts = asset ? amountFields(group, facts, asset) : []
  if (head.kind === 'burst') return [...burstFields(group), ...amounts]
  const isOnly = count === 1
  if (!head.hop || !last.hop) {
    const address = describeAddress(last.address, facts)
    return [{ name: isOnly ? 'Address' : 'Last address', value: address }, ...mutedField(muted)]
  }
  const isOnePayer = isOnly || head.hop.from === last.hop.from
  const isOnePayee = isOnly || head.hop.to === last.hop.to
  return [
    ...amounts,
    { name: isOnePayer ? 'From' : 'Last from', value: describeAddress(last.hop.from, facts) },
    { name: isOnePayee ? 'To' : 'Last to', value: describeAddress(last.hop.to, facts) },
    ...(last.hop.crossing ? [crossingField(last.hop.crossing, facts)] : []),
    ...(last.hop.swapped
      ? [{ name: isOnly ? 'Swapped' : 'Last swapped', value: swapField(last.hop, facts) }]
      : []),
    ...(last.hop.arrived ? [arrivedField(last.hop.arrived)] : []),
    { name: 'Path', value: describePath(group, last.hop) },
    ...mutedField(muted),
  ]
}

/** Where it goes on, before it is there: the address can be copied. */
function crossingField(crossing: Crossing, facts: AlertFacts): Field {
  const { bridge, address, isClaimed } = crossing
  const chain = nameChain(crossing, facts)
  const says = isClaimed
    ? `, says a message in the words of ${bridge}; nobody has said that this is a bridge`
    : `, expected: says ${bridge}`
  return { name: 'Goes on to', value: [`${chain}: `, { code: address }, says] }
}

/** What the bridge took on the other chain: it can be looked up there. */
function arrivedField({ bridge, transaction }: NonNullable<Hop['arrived']>): Field {
  return { name: 'Came over', value: [`${bridge}, into which it went by `, { code: transaction }] }
}

/** Both legs of a swap, as a card tells them. */
function swapField(hop: Hop, facts: AlertFacts): string {
  const asset = assetOf(hop, facts)
  const got = asset ? formatAmount(hop.amount, asset) : 'another asset'
  return `${got} came out of ${describeSwap(hop, facts)}`
}

/** Where the path begins, and how far from the theft the last payment of it was. */
function describePath({ head, count }: AlertGroup, { path, hops }: Hop): Text {
  const steps = `, ${countOf(hops, 'hop')} from the theft`
  const begin = { code: showAddress(path) }
  if (count === 1) return [begin, steps]
  const last = `${steps}, counted at the last payment`
  return isCardOfMany(head.path) ? ['several, the last ', begin, last] : [begin, last]
}

function amountFields(group: AlertGroup, facts: AlertFacts, asset: Asset): Field[] {
  const { amount, stolen, count, otherAssets = 0 } = group
  const [fifo = 0n] = stolen
  // A share would pass 100 % where the same money moves on and on.
  const isSummed = count > 1 && isOfMovements(group)
  const whole = wholeOf(facts.ledger)
  const share = isSummed || whole === 0n ? '' : `, ${formatShare(fifo, whole)} of the case`
  const paid = amount === fifo ? '' : `, of ${formatAmount(amount, asset)} paid`
  const notes = [
    ...(isSummed ? ['what moves twice is counted twice'] : []),
    ...(otherAssets > 0 ? [`${countOf(otherAssets, 'payment')} in other assets not added`] : []),
  ].map((note) => `; ${note}`)
  return [
    { name: 'Stolen', value: `${formatAmount(fifo, asset)}${share}${paid}${notes.join('')}` },
    { name: 'Certainty', value: describeBounds(stolen, asset) },
  ]
}

/** What a burst counts, beside what stands in other cards. */
function burstFields({ count, head }: AlertGroup): Field[] {
  const since = [`${countOf(count, 'movement')} told nowhere else, since `, { time: head.time }]
  const still = 'what reaches a service, wakes or meets another case is told as always'
  return [
    { name: 'Counted here', value: since },
    { name: 'Meanwhile', value: still },
  ]
}

function mutedField(muted: number): Field[] {
  if (muted === 0) return []
  const echoes = muted === 1 ? '1 echo is' : `${muted.toLocaleString('en')} echoes are`
  return [{ name: 'Muted', value: `${echoes} counted here and told nowhere else` }]
}
