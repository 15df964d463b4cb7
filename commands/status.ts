import { z } from 'zod'
import { lackOf } from '#src/case/contracts.ts'
import { describeAllBooks } from '#src/case/describeAllBooks.ts'
import { findCase } from '#src/case/findCase.ts'
import { isOpen } from '#src/case/openCases.ts'
import { caseOption } from '#src/command/caseOption.ts'
import type { Context } from '#src/context.ts'
import { defineCommand, memberOf } from '#src/defineCommand.ts'
import { freezesFor } from '#src/freeze/actOnFreeze.ts'
import { markFields } from '#src/sharing/markMessage.ts'
import type { Freeze } from '#types/freeze.ts'
import type { Section, Text } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { formatDuration } from '#utils/formatTime.ts'

type Field = { name: string; value: Text }

export const status = defineCommand({
  name: 'status',
  description: 'Sums up a case: where everything stolen is, to 100 %.',
  role: 'viewer',
  options: z.object({
    case: caseOption,
  }),
  example: '/posse status ronin',
  async run(context, { case: caseId }, call) {
    const open = findCase(context, caseId)
    return {
      title: [{ strong: open.case.name }, ': status'],
      sections: await describeStatus(context, open, freezesFor(context, memberOf(call))),
    }
  },
})

/** Where a case stands, also for a channel that begins to hear of it. */
export async function describeStatus(
  context: Context,
  open: OpenCase,
  freezes: readonly Freeze[] = [],
): Promise<Section[]> {
  const fields = [
    ...markFields(context, open.case.id),
    ...doubtsInWords(context, open),
    ...rulesInWords(context, open),
    ...(await describeMessages(context)),
    ...publishedFields(open),
  ]
  return [...(await describeAllBooks(context, open, { freezes })), { type: 'fields', fields }]
}

/** Figures that will change once a decision has been carried back to the theft must not look as if they were final. */
function doubtsInWords(context: Context, open: OpenCase): Field[] {
  const retrace = context.standing.retrace.get(open.case.id)
  const lack = lackOf(context, open)
  const done = `${Math.floor((open.retraced ?? 0) * 100)} % of working it out again is done`
  return [
    ...(retrace
      ? [{ name: 'Incomplete', value: `since block ${retrace.sinceBlock}; ${done}` }]
      : []),
    ...(lack ? [{ name: 'Lacks', value: lack }] : []),
  ]
}

function rulesInWords(context: Context, open: OpenCase): Field[] {
  const { rules } = context
  const floors = open.case.assets.flatMap((asset) => {
    const ledger = open.trail.ledgers.get(asset.id)
    if (!ledger?.stolen) return []
    const { stolen } = ledger
    return formatAmount((stolen * rules.dustPerMillion) / 1_000_000n, asset)
  })
  const busy = rules.busyStrangers === null ? 'off' : `over ${rules.busyStrangers} strangers a day`
  return [
    ...(isOpen(context, open.case.id) ? [] : [{ name: 'State', value: 'closed: not followed' }]),
    {
      name: 'Rule',
      value:
        'fifo; the trail stops at labelled exchanges, mixers, bridges, DEXes, issuers and services',
    },
    { name: 'Dust floor', value: floors.join(', ') },
    { name: 'Parking', value: busy },
    {
      name: 'As of',
      value: open.head
        ? [`block ${open.head.number}, `, { time: open.head.time }, behindInWords(open)]
        : 'the theft; not followed yet',
    },
  ]
}

/** Messages that have not arrived; nothing where all have. */
async function describeMessages({ store }: Context): Promise<Field[]> {
  const { pending, failed } = await store.countDeliveries()
  const parts = [
    ...(pending > 0 ? [`${pending} waiting to be delivered`] : []),
    ...(failed > 0 ? [`${failed} given up, see the log`] : []),
  ]
  return parts.length > 0 ? [{ name: 'Messages', value: parts.join(', ') }] : []
}

/** A trail that is not up to date must not look as if it were. */
function behindInWords({ catchUp }: OpenCase): string {
  if (!catchUp || catchUp.left === 0) return ''
  const { left, secondsLeft } = catchUp
  const rest = secondsLeft === null ? '' : `, about ${formatDuration(Math.ceil(secondsLeft))}`
  return `; ${left} blocks behind${rest}`
}

function publishedFields({ case: { published } }: OpenCase): Field[] {
  return published.map(({ date, text, source }) => ({
    name: date,
    value: `${text} Source: ${source}`,
  }))
}
