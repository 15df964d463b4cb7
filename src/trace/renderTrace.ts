import type { Asset } from '#types/chain.ts'
import type { Message } from '#types/message.ts'
import { formatAmount, formatExact } from '#utils/formatAmount.ts'
import { formatShare } from '#utils/formatShare.ts'
import { showAddress } from '#utils/parseAddress.ts'
import type { TraceReport } from './reportTrace.ts'

/** Rows that a person reads; JSON has them all. */
const maxRows = 50

/** A trace as a table for people. */
export function renderTrace(report: TraceReport, asset: Asset): Message {
  const { policy, stolen, fees, held, transfers } = report
  const shown = held.slice(0, maxRows)
  const more = held.slice(maxRows).reduce((sum, { amount }) => sum + amount, 0n)
  const rows = shown.map(({ address, amount, label, kind, hops }) => [
    formatExact(amount, asset),
    formatShare(amount, stolen),
    String(hops),
    kind ?? '',
    label ?? '',
    { code: showAddress(address) },
  ])
  const folded = held.length - shown.length
  return {
    title: `${formatAmount(stolen, asset)} traced by ${policy}`,
    sections: [
      {
        type: 'fields',
        fields: [
          { name: 'Held', value: `at ${held.length} addresses` },
          { name: 'Fees', value: formatAmount(fees, asset) },
          {
            name: 'Rows',
            value: `${transfers.read} read, ${transfers.followed} carried stolen money`,
          },
        ],
      },
      {
        type: 'table',
        columns: [
          { name: asset.symbol, align: 'right' },
          { name: 'share', align: 'right' },
          { name: 'hops', align: 'right' },
          { name: 'kind' },
          { name: 'label' },
          { name: 'address' },
        ],
        rows,
      },
      ...(folded > 0
        ? [
            {
              type: 'text' as const,
              text: `${folded} more addresses hold ${formatAmount(more, asset)}; --json lists them all.`,
            },
          ]
        : []),
    ],
  }
}
