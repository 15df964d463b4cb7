import type { Asset } from '#types/chain.ts'
import type { Freeze } from '#types/freeze.ts'
import type { Message, Section, Text } from '#types/message.ts'
import { countOf } from '#utils/countOf.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { formatDuration } from '#utils/formatTime.ts'
import { showAddress } from '#utils/parseAddress.ts'
import {
  arrivedAt,
  heldIn,
  isAwaited,
  movedOnFrom,
  presentAt,
  reachedStage,
  returnedIn,
  stateOf,
} from './stateOf.ts'

/** Rows of the board; the sums count all. */
const maxRows = 30

/** Sums of the requests of a case in one asset, in base units; what is a draft alone is not asked. */
function sumFreezes(freezes: readonly Freeze[]) {
  const asked = freezes.filter((freeze) => reachedStage(freeze, 'approved') !== null)
  const sum = (amountOf: (freeze: Freeze) => bigint) =>
    asked.reduce((total, freeze) => total + amountOf(freeze), 0n)
  return {
    drafted: freezes
      .filter((freeze) => stateOf(freeze) === 'drafted')
      .reduce((total, freeze) => total + presentAt(freeze), 0n),
    asked: sum(arrivedAt),
    waiting: sum((freeze) => (isAwaited(freeze) ? presentAt(freeze) : 0n)),
    held: sum(heldIn),
    declined: sum((freeze) => (stateOf(freeze) === 'declined' ? presentAt(freeze) : 0n)),
    returned: sum(returnedIn),
    movedOn: sum(movedOnFrom),
  }
}

/** All requests of a case on one card: amounts, and minutes from delivery. */
export function renderBoard(
  freezes: readonly Freeze[],
  {
    caseName,
    assets,
    nameOf,
  }: {
    caseName: string
    assets: readonly Asset[]
    nameOf: (organization: string) => string
  },
): Message {
  const shown = [...freezes].sort((a, b) => firstAt(b) - firstAt(a) || (a.id < b.id ? -1 : 1))
  const sections = assets.flatMap((asset): Section[] => {
    const own = shown.filter((freeze) => freeze.asset === asset.id)
    return own.length === 0 ? [] : [sumFields(own, asset), table(own, { asset, nameOf })]
  })
  return {
    title: [{ strong: caseName }, `: ${countOf(freezes.length, 'freeze')}`],
    severity: 'info',
    isQuiet: true,
    sections: sections.length > 0 ? sections : [{ type: 'text', text: 'Nothing is asked yet.' }],
  }
}

function sumFields(own: readonly Freeze[], asset: Asset): Section {
  const sums = sumFreezes(own)
  const fields: [string, bigint][] = [
    ['Drafted', sums.drafted],
    ['Asked', sums.asked],
    ['Waiting', sums.waiting],
    ['Held', sums.held],
    ['Declined', sums.declined],
    ['Returned', sums.returned],
    ['Moved on', sums.movedOn],
  ]
  return {
    type: 'fields',
    fields: fields
      .filter(([name, amount]) => amount > 0n || name === 'Asked' || name === 'Held')
      .map(([name, amount]) => ({ name, value: formatAmount(amount, asset) })),
  }
}

function table(
  own: readonly Freeze[],
  { asset, nameOf }: { asset: Asset; nameOf: (organization: string) => string },
): Section {
  return {
    type: 'table',
    columns: [
      { name: 'freeze' },
      { name: 'at' },
      { name: 'address' },
      { name: 'state' },
      { name: 'there', align: 'right' },
      { name: 'held', align: 'right' },
      { name: 'clock' },
    ],
    rows: own
      .slice(0, maxRows)
      .map((freeze): Text[] => [
        { code: freeze.id },
        nameOf(freeze.organization),
        { code: showAddress(freeze.address) },
        stateOf(freeze),
        formatAmount(presentAt(freeze), asset),
        formatAmount(heldIn(freeze), asset),
        clockOf(freeze),
      ]),
  }
}

/** From delivery to the answer, or since when that is awaited. */
function clockOf(freeze: Freeze): Text {
  const delivered = reachedStage(freeze, 'delivered')
  if (delivered === null) return ''
  const answered = reachedStage(freeze, 'holding', 'declined')
  if (answered !== null) return `answered in ${formatDuration(answered - delivered)}`
  return isAwaited(freeze) ? ['waits since ', { time: delivered }] : ''
}

function firstAt({ history }: Freeze): number {
  return history[0]?.at ?? 0
}
