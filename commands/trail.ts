import { z } from 'zod'
import { lackOf } from '#src/case/contracts.ts'
import { describePassages } from '#src/case/describePassages.ts'
import { findCase } from '#src/case/findCase.ts'
import { recompute } from '#src/case/recompute.ts'
import { rulesOf } from '#src/case/rulesOf.ts'
import { caseOption } from '#src/command/caseOption.ts'
import type { Context } from '#src/context.ts'
import { defineCommand } from '#src/defineCommand.ts'
import { holdingAt } from '#trace/holdingAt.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Asset } from '#types/chain.ts'
import type { Section } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import {
  type Account,
  type Ledger,
  type PolicyName,
  policyNames,
  trailPolicies,
} from '#types/trail.ts'
import { formatAmount, formatExact } from '#utils/formatAmount.ts'
import { formatShare } from '#utils/formatShare.ts'
import { nameLabel } from '#utils/nameLabel.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { wholeOf } from '#utils/wholeOf.ts'

/** Addresses that one answer lists; the rest is summed up. */
const maxRows = 20

export const trail = defineCommand({
  name: 'trail',
  description: 'Shows where the stolen value of a case is now, the largest first.',
  role: 'viewer',
  options: z.object({
    case: caseOption,
    policy: z
      .enum(policyNames)
      .optional()
      .meta({ description: 'The rule to count by; fifo if left out.' }),
  }),
  example: '/posse trail ronin haircut',
  async run(context, { case: caseId, policy = 'fifo' }) {
    const open = findCase(context, caseId)
    const sections: Section[] = []
    for (const asset of open.case.assets) {
      sections.push(...(await describeAsset(context, open, asset, policy)))
    }
    sections.push(...(await describePassages(context, open)))
    const retrace = context.standing.retrace.get(open.case.id)
    if (retrace)
      sections.push({ type: 'text', text: `Incomplete since block ${retrace.sinceBlock}.` })
    const lack = lackOf(context, open)
    if (lack) sections.push({ type: 'text', text: `Lacks: ${lack}.` })
    return { title: [{ strong: open.case.name }, `: the trail by ${policy}`], sections }
  },
})

async function describeAsset(
  context: Context,
  open: OpenCase,
  asset: Asset,
  policy: PolicyName,
): Promise<Section[]> {
  const kept = (trailPolicies as readonly PolicyName[]).indexOf(policy)
  // Other policies are worked out from the theft alone.
  if (kept < 0 && !open.case.sources.some((source) => source.asset === asset.id)) return []
  const ledger =
    kept >= 0 ? open.trail.ledgers.get(asset.id) : await workOut(context, open, asset, policy)
  if (!ledger) return []
  const index = Math.max(kept, 0)
  const accounts =
    kept >= 0 ? context.store.scanAccounts(open.case.id, asset.id) : [[...ledger.accounts.values()]]
  const { held, rest, restSum } = await findLargest(accounts, index)
  const rows = held.map(({ account, amount }) => {
    const label = context.labels.get(account.address)?.[0]
    const place = label ? nameLabel(label) : account.stop === 'busy' ? 'parked' : ''
    return [
      formatExact(amount, asset),
      formatShare(amount, wholeOf(ledger)),
      String(holdingAt(account, index).hops),
      { code: showAddress(account.address) },
      place,
    ]
  })
  const notes = [
    ...(rest > 0 ? [`${rest} more addresses hold ${formatAmount(restSum, asset)}.`] : []),
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

type Held = { account: Account; amount: bigint }

/** The accounts that hold most, and what the others hold together. */
async function findLargest(
  pages: AsyncIterable<Account[]> | Account[][],
  index: number,
): Promise<{ held: Held[]; rest: number; restSum: bigint }> {
  let held: Held[] = []
  let rest = 0
  let restSum = 0n
  for await (const page of pages) {
    for (const account of page) {
      const amount = stolenIn(holdingAt(account, index))
      if (amount > 0n) held.push({ account, amount })
    }
    held.sort((a, b) => (a.amount > b.amount ? -1 : 1))
    for (const { amount } of held.slice(maxRows)) {
      rest += 1
      restSum += amount
    }
    held = held.slice(0, maxRows)
  }
  return { held, rest, restSum }
}

async function workOut(
  context: Context,
  open: OpenCase,
  asset: Asset,
  policy: PolicyName,
): Promise<Ledger> {
  const { serviceOf } = rulesOf(context, open.case)
  const seen = await context.store.readSeen(open.case.id)
  return recompute(open.case, seen, { asset: asset.id, policy, serviceOf }).ledger
}
