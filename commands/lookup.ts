import { z } from 'zod'
import type { Context } from '#src/context.ts'
import { defineCommand } from '#src/defineCommand.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Address, Asset } from '#types/chain.ts'
import type { Label } from '#types/label.ts'
import type { Section, Text } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Account } from '#types/trail.ts'
import { describeBounds } from '#utils/describeBounds.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { formatShare } from '#utils/formatShare.ts'
import { formatDuration } from '#utils/formatTime.ts'
import { parseAddress, showAddress } from '#utils/parseAddress.ts'

type Field = { name: string; value: Text }

export const lookup = defineCommand({
  name: 'lookup',
  description: 'Says what is known of addresses: labels, cases, stolen value there.',
  options: z.object({
    addresses: z
      .array(z.string().transform(parseAddress))
      .min(1)
      .describe('One address or many, as pasted.'),
  }),
  example: '/posse lookup 0x098b716b8aaf21512996dc57eb0615e2383e2f96',
  async run(context, { addresses }) {
    const asked = [...new Set(addresses)]
    const [first] = asked
    const found = await findInCases(context, asked)
    return {
      title:
        asked.length === 1 && first ? [{ code: showAddress(first) }] : `${asked.length} addresses`,
      sections: asked.map((address) =>
        describe(context, address, {
          isOneOfMany: asked.length > 1,
          found: found.get(address) ?? [],
        }),
      ),
    }
  },
  complete: ({ cases }) =>
    [...cases.values()].flatMap(({ trail }) =>
      [...trail.ledgers.values()].flatMap(({ accounts }) => [...accounts.keys()]),
    ),
})

type Found = { open: OpenCase; asset: Asset; account: Account }

/** Accounts of these addresses in every open case. */
async function findInCases(
  { cases, store }: Context,
  addresses: readonly Address[],
): Promise<Map<Address, Found[]>> {
  const found = new Map<Address, Found[]>()
  for (const open of cases.values()) {
    for (const saved of await store.readAccounts(open.case.id, addresses)) {
      const asset = open.case.assets.find(({ id }) => id === saved.asset)
      if (!asset) continue
      for (const account of saved.accounts) {
        const known = found.get(account.address) ?? []
        found.set(account.address, [...known, { open, asset, account }])
      }
    }
  }
  return found
}

function describe(
  context: Context,
  address: Address,
  { isOneOfMany, found }: { isOneOfMany: boolean; found: Found[] },
): Section {
  const labels = context.labels.get(address) ?? []
  const fields: Field[] = [
    ...(isOneOfMany ? [{ name: 'Address', value: { code: showAddress(address) } }] : []),
    ...labels.map((label) => ({ name: 'Label', value: describeLabel(label) })),
    ...(labels.length === 0 ? [{ name: 'Label', value: 'none known' }] : []),
    ...found.flatMap(describeInCase),
  ]
  const isOnTrail = fields.some(({ name }) => name === 'Case')
  if (!isOnTrail) {
    // Not "clean": nobody here can know that.
    fields.push({ name: 'Case', value: 'on the trail of no open case' })
  }
  return { type: 'fields', fields }
}

function describeLabel({ name, kind, source, date, confidence, isStale }: Label): string {
  const age = isStale ? `${date}, stale` : date
  return `${name || 'without a name'} (${kind}), ${Math.round(confidence * 100)} % sure; ${source}, ${age}`
}

function describeInCase({ open, asset, account }: Found): Field[] {
  const all = open.trail.ledgers.get(asset.id)?.stolen ?? 0n
  return [
    { name: 'Case', value: `${open.case.name} (${open.case.id})` },
    ...describeAccount(open, account, asset, all),
  ]
}

function describeAccount(
  { case: theft }: OpenCase,
  { stop, holdings, reachedAt, activeAt }: Account,
  asset: Asset,
  all: bigint,
): Field[] {
  const stolen = holdings.map(stolenIn)
  const [now = 0n] = stolen
  const hops = Math.min(...holdings.map((holding) => holding.hops))
  const after = formatDuration(reachedAt - theft.stolenAt)
  const isSource = hops === 0
  return [
    { name: 'Role', value: roleOf(stop, isSource) },
    {
      name: 'Stolen now',
      value: `${formatAmount(now, asset)}, ${formatShare(now, all)} of the case`,
    },
    { name: 'Certainty', value: describeBounds(stolen, asset) },
    {
      name: 'Reached',
      value: isSource
        ? 'by the theft itself'
        : [{ time: reachedAt }, `, hop ${hops}, ${after} after the theft`],
    },
    { name: 'Last active', value: { time: activeAt } },
  ]
}

function roleOf(stop: Account['stop'], isSource: boolean): string {
  if (stop === 'busy') return 'parked: busy and without a label, a person must judge'
  if (stop !== null) return `${stop}: the trail ends here`
  return isSource ? 'source of the case' : 'on the trail'
}
