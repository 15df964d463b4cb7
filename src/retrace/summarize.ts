import { sumUp } from '#src/case/sumUp.ts'
import { channelsOf } from '#src/channel/channelsOf.ts'
import type { Context } from '#src/context.ts'
import type { Telling } from '#types/alert.ts'
import type { Asset } from '#types/chain.ts'
import type { Section } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { TimelineEntry } from '#types/standing.ts'
import type { Ledger } from '#types/trail.ts'
import { countOf } from '#utils/countOf.ts'
import { formatExact } from '#utils/formatAmount.ts'
import type { Shadow } from './createShadow.ts'

/** What a retrace has changed, told in every channel of the case and written into its timeline. */
export function summarize(
  context: Context,
  {
    open,
    shadow,
    why,
    wrong,
    found,
  }: { open: OpenCase; shadow: Shadow; why: string; wrong: number; found: number },
): { telling: Telling; entry: TimelineEntry } {
  const { id, name, chain, assets } = open.case
  const causes = context.standing.retrace.get(id)?.causes ?? []
  const alert = `${id}:${chain}:retraced:${causes.join(',')}:${open.head?.number ?? 0}`
  const counts = `${countOf(wrong, 'alert')} corrected, ${found} not told before`
  const channels = channelsOf(context, { cases: [id] })
  const message = {
    title: [{ strong: name }, ': worked out again from the theft'],
    severity: 'info' as const,
    sections: [
      {
        type: 'fields' as const,
        fields: [
          { name: 'Why', value: why },
          { name: 'Alerts', value: counts },
          { name: 'Hops', value: `${shadow.hops.length} carry stolen value` },
        ],
      },
      ...assets.flatMap((asset) => compare(asset, open, shadow)),
    ],
  }
  return {
    telling: {
      alert,
      revision: 1,
      message,
      topic: 'moved',
      channels,
    },
    entry: {
      caseId: id,
      key: alert,
      at: context.now(),
      kind: 'decision',
      by: null,
      text: `Worked out again from the theft: ${why}; ${counts}.`,
    },
  }
}

/** Where the stolen value was said to be, and where it is. */
function compare(asset: Asset, open: OpenCase, shadow: Shadow): Section[] {
  const before = partsOf(open.trail.ledgers.get(asset.id))
  const after = partsOf(shadow.open.trail.ledgers.get(asset.id))
  const names = [...new Set([...before.keys(), ...after.keys()])]
  const rows = names
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => [
      name,
      formatExact(before.get(name) ?? 0n, asset),
      formatExact(after.get(name) ?? 0n, asset),
    ])
  if (rows.length === 0) return []
  return [
    {
      type: 'table',
      columns: [
        { name: 'where' },
        { name: `${asset.symbol} before`, align: 'right' },
        { name: 'now', align: 'right' },
      ],
      rows,
    },
  ]
}

function partsOf(ledger: Ledger | undefined): Map<string, bigint> {
  return new Map(ledger ? sumUp(ledger).map(({ name, amount }) => [name, amount]) : [])
}
