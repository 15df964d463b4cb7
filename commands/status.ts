import { z } from 'zod'
import { findCase } from '#src/case/findCase.ts'
import { sumUp } from '#src/case/sumUp.ts'
import type { Context } from '#src/context.ts'
import { defineCommand } from '#src/defineCommand.ts'
import type { Asset } from '#types/chain.ts'
import type { Section, Text } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import { formatAmount, formatExact } from '#utils/formatAmount.ts'
import { sharesOf } from '#utils/formatShare.ts'
import { formatDuration } from '#utils/formatTime.ts'

export const status = defineCommand({
  name: 'status',
  description: 'Sums up a case: where everything stolen is, to 100 %.',
  options: z.object({
    case: z.string().optional().describe('The case; the one being followed if left out.'),
  }),
  example: '/posse status ronin',
  async run(context, { case: caseId }) {
    const open = findCase(context, caseId)
    const messages = await describeMessages(context)
    return {
      title: [{ strong: open.case.name }, ': status'],
      sections: [
        ...open.case.assets.flatMap((asset) => tableOf(open, asset)),
        {
          type: 'fields',
          fields: [...rulesInWords(context, open), ...messages, ...publishedFields(open)],
        },
      ],
    }
  },
  complete: ({ cases }) => [...cases.keys()],
})

function tableOf({ trail }: OpenCase, asset: Asset): Section[] {
  const ledger = trail.ledgers.get(asset.id)
  if (!ledger) return []
  const parts = sumUp(ledger)
  const shares = sharesOf(parts.map(({ amount }) => amount))
  const rows = parts.map(({ name, amount, addresses }, index) => [
    name,
    formatExact(amount, asset),
    `${(shares[index] ?? 0).toFixed(2)} %`,
    addresses > 0 ? String(addresses) : '',
  ])
  return [
    {
      type: 'table',
      columns: [
        { name: 'where' },
        { name: asset.symbol, align: 'right' },
        { name: 'share', align: 'right' },
        { name: 'addresses', align: 'right' },
      ],
      rows: [...rows, ['stolen', formatExact(ledger.stolen, asset), '100.00 %', '']],
    },
  ]
}

function rulesInWords({ rules }: Context, open: OpenCase): { name: string; value: Text }[] {
  const floors = open.case.assets.flatMap((asset) => {
    const stolen = open.trail.ledgers.get(asset.id)?.stolen ?? 0n
    return formatAmount((stolen * rules.dustPerMillion) / 1_000_000n, asset)
  })
  const busy = rules.busyStrangers === null ? 'off' : `over ${rules.busyStrangers} strangers a day`
  return [
    {
      name: 'Rule',
      value: 'fifo; the trail stops at labelled exchanges, mixers, bridges, DEXes and services',
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
async function describeMessages({ store }: Context): Promise<{ name: string; value: Text }[]> {
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

function publishedFields({ case: { published } }: OpenCase): { name: string; value: Text }[] {
  return published.map(({ date, text, source }) => ({
    name: date,
    value: `${text} Source: ${source}`,
  }))
}
