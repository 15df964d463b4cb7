import { z } from 'zod'
import { findCase } from '#src/case/findCase.ts'
import { measureRhythm, quantile, type Rhythm, timeLeft } from '#src/case/measureRhythm.ts'
import { caseOption } from '#src/command/caseOption.ts'
import type { Context } from '#src/context.ts'
import { defineCommand } from '#src/defineCommand.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Section, Text } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Account, Hop } from '#types/trail.ts'
import { countOf } from '#utils/countOf.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { formatDuration } from '#utils/formatTime.ts'
import { showAddress } from '#utils/parseAddress.ts'

/** Addresses that are looked at for how long they may stay as they are. */
const maxRows = 10

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** From no movement to the most of any hour. */
const shades = ['·', '░', '▒', '▓', '█']

export const rhythm = defineCommand({
  name: 'rhythm',
  description: 'Shows when the thieves work and rest, and how long value stays where it is.',
  role: 'viewer',
  options: z.object({ case: caseOption }),
  example: '/posse rhythm ronin',
  async run(context, { case: caseId }) {
    const open = findCase(context, caseId)
    const hops: Hop[] = []
    const all = { since: 0, until: Number.MAX_SAFE_INTEGER }
    for await (const page of context.store.scanHops(open.case.id, all)) hops.push(...page)
    const sources = new Set(open.case.sources.map(({ address }) => address))
    const measured = measureRhythm(hops, sources)
    const title = [{ strong: open.case.name }, ': rhythm']
    if (measured.moves === 0) {
      return { title, sections: [{ type: 'text', text: 'Nothing has moved since the theft.' }] }
    }
    return {
      title,
      sections: [
        { type: 'fields', fields: fieldsOf(measured, open) },
        ...weekOf(measured),
        ...(await describeWaiting(context, open, measured)),
      ],
    }
  },
})

function fieldsOf({ moves, spells, rests }: Rhythm, { head }: OpenCase) {
  const last = spells.at(-1)
  const lengths = spells.map(({ from, until }) => until - from).sort((a, b) => a - b)
  const breaks = spells
    .slice(1)
    .map(({ from }, place) => from - (spells[place]?.until ?? from))
    .sort((a, b) => a - b)
  const typical = (sorted: readonly number[]) => {
    const middle = quantile(sorted, 0.5)
    return middle === null ? 'none yet' : formatDuration(middle)
  }
  const tenth = quantile(rests, 0.1)
  const most = quantile(rests, 0.9)
  const rested =
    tenth === null || most === null
      ? 'none yet'
      : `half move on within ${typical(rests)}, a tenth within ${formatDuration(tenth)}, nine tenths within ${formatDuration(most)}`
  const lately: Text = last
    ? [
        { time: last.from },
        ' to ',
        { time: last.until },
        `, ${countOf(last.moves, 'transaction')}; quiet since ${formatDuration((head?.time ?? last.until) - last.until)}`,
      ]
    : 'none yet'
  return [
    {
      name: 'Movements',
      value: `${countOf(moves, 'transaction')} in ${countOf(spells.length, 'spell')} of work`,
    },
    {
      name: 'A spell lasts',
      value: `${typical(lengths)}, and the break after it ${typical(breaks)}`,
    },
    { name: 'Last spell', value: lately },
    { name: 'Value rests', value: rested },
  ]
}

/** A row a day, a mark an hour: the darker, the more of them moved something. */
function weekOf({ hours }: Rhythm): Section[] {
  const most = Math.max(...hours, 1)
  const rows = days.map((day, place): Text[] => {
    const own = hours.slice(place * 24, place * 24 + 24)
    const bar = own.map((count) => shades[Math.ceil((count / most) * (shades.length - 1))] ?? '')
    const sum = own.reduce((total, count) => total + count, 0)
    return [day, { code: bar.join('') }, String(sum)]
  })
  return [
    {
      type: 'table',
      columns: [
        { name: 'day' },
        { name: '0 h to 24 h UTC' },
        { name: 'transactions', align: 'right' },
      ],
      rows,
    },
  ]
}

/** Where the most waits, and how long it may stay by what was done before. */
async function describeWaiting(
  { store }: Context,
  { case: theft, head }: OpenCase,
  measured: Rhythm,
): Promise<Section[]> {
  if (!head) return []
  const rows: Text[][] = []
  for (const asset of theft.assets) {
    const held: { account: Account; amount: bigint }[] = []
    for await (const page of store.scanAccounts(theft.id, asset.id)) {
      for (const account of page) {
        const [fifo] = account.holdings
        const amount = fifo ? stolenIn(fifo) : 0n
        if (account.stop === null && amount > 0n) held.push({ account, amount })
      }
      held.sort((a, b) => (a.amount > b.amount ? -1 : 1)).splice(maxRows)
    }
    for (const { account, amount } of held) {
      const idle = head.time - account.activeAt
      const left = timeLeft(measured, idle)
      const [soonest, likely] = left
        ? [formatDuration(left.soonest), formatDuration(left.likely)]
        : ['not known', 'none stayed as long']
      const address = { code: showAddress(account.address) }
      rows.push([formatAmount(amount, asset), address, formatDuration(idle), soonest, likely])
    }
  }
  if (rows.length === 0) return []
  const columns = ['stolen', 'address', 'rests for', 'a tenth go within', 'half within']
  return [{ type: 'table', columns: columns.map((name) => ({ name })), rows }]
}
