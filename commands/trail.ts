import { z } from 'zod'
import { findCase } from '#src/case/findCase.ts'
import { recompute } from '#src/case/recompute.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import type { Context } from '#src/context.ts'
import { defineCommand } from '#src/defineCommand.ts'
import { holdingAt } from '#trace/draft.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Asset } from '#types/chain.ts'
import type { Section } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import { type Ledger, type PolicyName, policyNames, trailPolicies } from '#types/trail.ts'
import { formatAmount, formatExact } from '#utils/formatAmount.ts'
import { formatShare } from '#utils/formatShare.ts'
import { showAddress } from '#utils/parseAddress.ts'

/** Addresses that one answer lists; the rest is summed up. */
const maxRows = 20

export const trail = defineCommand({
  name: 'trail',
  description: 'Shows where the stolen value of a case is now, the largest first.',
  options: z.object({
    case: z.string().optional().describe('The case; the one being followed if left out.'),
    policy: z
      .enum(policyNames, { error: `it is none of ${policyNames.join(', ')}` })
      .optional()
      .describe(`The rule to count by: ${policyNames.join(', ')}; fifo if left out.`),
  }),
  example: '/posse trail ronin haircut',
  run(context, { case: caseId, policy = 'fifo' }) {
    const open = findCase(context, caseId)
    return {
      title: [{ strong: open.case.name }, `: the trail by ${policy}`],
      sections: open.case.assets.flatMap((asset) => describeAsset(context, open, asset, policy)),
    }
  },
  complete: ({ cases }) => [...cases.keys()],
})

function describeAsset(
  context: Context,
  open: OpenCase,
  asset: Asset,
  policy: PolicyName,
): Section[] {
  const kept = (trailPolicies as readonly PolicyName[]).indexOf(policy)
  const ledger =
    kept >= 0 ? open.trail.ledgers.get(asset.id) : worksOut(context, open, asset, policy)
  if (!ledger) return []
  const index = Math.max(kept, 0)
  const held = [...ledger.accounts.values()]
    .map((account) => ({ account, amount: stolenIn(holdingAt(account, index)) }))
    .filter(({ amount }) => amount > 0n)
    .sort((a, b) => (a.amount > b.amount ? -1 : 1))
  const rows = held.slice(0, maxRows).map(({ account, amount }) => {
    const label = context.labels.get(account.address)?.[0]
    const place = label ? `${label.name} (${label.kind})` : account.stop === 'busy' ? 'parked' : ''
    return [
      formatExact(amount, asset),
      formatShare(amount, ledger.stolen),
      String(holdingAt(account, index).hops),
      { code: showAddress(account.address) },
      place,
    ]
  })
  const rest = held.slice(maxRows)
  const restSum = rest.reduce((sum, { amount }) => sum + amount, 0n)
  const notes = [
    ...(rest.length > 0
      ? [`${rest.length} more addresses hold ${formatAmount(restSum, asset)}.`]
      : []),
    ...(kept < 0
      ? [`Worked out by ${policy} within the watched set: it ends where nobody was watched.`]
      : []),
  ]
  return [
    {
      type: 'table',
      columns: [
        { name: asset.symbol, align: 'right' },
        { name: 'share', align: 'right' },
        { name: 'hops', align: 'right' },
        { name: 'address' },
        { name: 'label' },
      ],
      rows,
    },
    ...notes.map((text) => ({ type: 'text' as const, text })),
  ]
}

function worksOut(context: Context, open: OpenCase, asset: Asset, policy: PolicyName): Ledger {
  const { serviceOf } = rulesOf(context)
  return recompute(open, { asset: asset.id, policy, serviceOf }).ledger
}
