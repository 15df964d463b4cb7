import { z } from 'zod'
import { describeHop } from '#src/case/describeHop.ts'
import { findPath } from '#src/case/findPath.ts'
import type { Context } from '#src/context.ts'
import { defineCommand } from '#src/defineCommand.ts'
import { stolenIn } from '#trace/policies.ts'
import type { Address, Asset } from '#types/chain.ts'
import type { Label } from '#types/label.ts'
import type { Section, Text } from '#types/message.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Account, Hop } from '#types/trail.ts'
import { describeBounds } from '#utils/describeBounds.ts'
import { formatAmount } from '#utils/formatAmount.ts'
import { formatShare } from '#utils/formatShare.ts'
import { formatDuration } from '#utils/formatTime.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { parseSubject, type Subject } from '#utils/parseSubject.ts'
import { wholeOf } from '#utils/wholeOf.ts'

type Field = { name: string; value: Text }

/** With more subjects than this the way there and the last movements are left out. */
const maxInDetail = 3

/** Movements that are shown of an address, and of a transaction. */
const maxLately = 5
const maxInTransaction = 20

/** Subjects of one question: what a pasted list of a command can hold. */
const maxSubjects = 200

export const lookup = defineCommand({
  name: 'lookup',
  description:
    'Says what is known of addresses and transactions: labels, cases, stolen value there.',
  role: 'viewer',
  options: z.object({
    subjects: z
      .array(z.string().transform(parseSubject))
      .min(1)
      .max(maxSubjects, { error: `at most ${maxSubjects} can be looked up at once` })
      .meta({
        description: 'Addresses, transactions or links to either, one or many, as pasted.',
        complete: 'address',
      }),
  }),
  example: '/posse lookup 0x098b716b8aaf21512996dc57eb0615e2383e2f96',
  async run(context, { subjects }) {
    const asked = unique(subjects)
    const isInDetail = asked.length <= maxInDetail
    const addresses = asked.flatMap((subject) => ('address' in subject ? subject.address : []))
    const found = await findInCases(context, addresses)
    const sections: Section[] = []
    for (const subject of asked) {
      const fields =
        'address' in subject
          ? await describeAddress(context, subject.address, {
              found: found.get(subject.address) ?? [],
              isInDetail,
            })
          : await describeTransaction(context, subject.transaction)
      const name = 'address' in subject ? 'Address' : 'Transaction'
      const own = asked.length > 1 ? [{ name, value: { code: showSubject(subject) } }] : []
      sections.push({ type: 'fields', fields: [...own, ...fields] })
    }
    const [first] = asked
    const title = first && asked.length === 1 ? [{ code: showSubject(first) }] : countOf(asked)
    return { title, sections }
  },
})

function unique(subjects: readonly Subject[]): Subject[] {
  return [...new Map(subjects.map((subject) => [showSubject(subject), subject])).values()]
}

function showSubject(subject: Subject): string {
  return 'address' in subject ? showAddress(subject.address) : subject.transaction
}

function countOf(asked: readonly Subject[]): string {
  const addresses = asked.filter((subject) => 'address' in subject).length
  const others = asked.length - addresses
  return [
    ...(addresses > 0 ? [`${addresses} addresses`] : []),
    ...(others > 0 ? [`${others} transactions`] : []),
  ].join(' and ')
}

type Found = { open: OpenCase; asset: Asset; account: Account }

/** Accounts of these addresses in every case. */
async function findInCases(
  { cases, store }: Context,
  addresses: readonly Address[],
): Promise<Map<Address, Found[]>> {
  const found = new Map<Address, Found[]>()
  if (addresses.length === 0) return found
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

async function describeAddress(
  context: Context,
  address: Address,
  { found, isInDetail }: { found: readonly Found[]; isInDetail: boolean },
): Promise<Field[]> {
  const labels = context.labels.get(address) ?? []
  const fields: Field[] = [
    ...labels.map((label) => ({ name: 'Label', value: describeLabel(label) })),
    ...(labels.length === 0 ? [{ name: 'Label', value: 'none known' }] : []),
    ...withdrawnFlags(context, address),
  ]
  for (const each of found) {
    fields.push(...describeInCase(context, each))
    if (isInDetail) fields.push(...(await describeWay(context, each)))
  }
  // Not "clean": nobody here can know that.
  if (found.length === 0) fields.push({ name: 'Case', value: 'on the trail of no open case' })
  return fields
}

function describeLabel({ name, kind, source, date, confidence, isStale }: Label): string {
  const age = isStale ? `${date}, stale` : date
  return `${name || 'without a name'} (${kind}), ${Math.round(confidence * 100)} % sure; ${source}, ${age}`
}

/** Opinions that were taken back stay as history. */
function withdrawnFlags({ standing }: Context, address: Address): Field[] {
  return [...standing.flag.values()].flatMap((flag) => {
    if (flag.address !== address || flag.withdrawn === null) return []
    const { by, note } = flag.withdrawn
    const why = note ? `: ${note}` : ''
    return { name: 'Taken back', value: `${flag.kind} by ${flag.by.name}, by ${by.name}${why}` }
  })
}

function describeInCase(context: Context, { open, asset, account }: Found): Field[] {
  const { name, id } = open.case
  const all = wholeOf(open.trail.ledgers.get(asset.id))
  const retrace = context.standing.retrace.get(id)
  return [
    { name: 'Case', value: `${name} (${id})` },
    ...(retrace ? [{ name: 'Incomplete', value: `since block ${retrace.sinceBlock}` }] : []),
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
  if (stop === 'victim') return 'the victim’s own: what came here has been returned'
  if (stop !== null) return `${stop}: the trail ends here`
  return isSource ? 'source of the case' : 'on the trail'
}

/** By whom stolen value came there first, and what moved lately. */
async function describeWay(context: Context, { open, asset, account }: Found): Promise<Field[]> {
  const caseId = open.case.id
  const { steps, isWhole } = await findPath(context, { caseId, asset: asset.id, account })
  const way: Text = steps.flatMap(({ address }, at) => [
    ...(at === 0 ? (isWhole ? [] : ['… → ']) : [' → ']),
    { code: showAddress(address) },
  ])
  const hops = await latelyAt(context, caseId, account.address)
  return [
    ...(steps.length > 1 ? [{ name: 'Way there', value: way }] : []),
    ...hops.map((hop) => ({
      name: hop.to === account.address ? 'Came in' : 'Went out',
      value: describeHop(context, open, hop),
    })),
  ]
}

/** The newest movements of stolen value in and out. */
async function latelyAt({ store }: Context, caseId: string, address: Address): Promise<Hop[]> {
  const options = { limit: maxLately }
  const [came, went] = await Promise.all([
    store.findHops(caseId, { payee: address }, options),
    store.findHops(caseId, { payer: address }, options),
  ])
  return [...came, ...went].sort((a, b) => b.block - a.block).slice(0, maxLately)
}

async function describeTransaction(context: Context, transaction: string): Promise<Field[]> {
  const fields: Field[] = []
  for (const open of context.cases.values()) {
    const options = { limit: maxInTransaction }
    const hops = await context.store.findHops(open.case.id, { transaction }, options)
    const [first] = hops
    if (!first) continue
    fields.push(
      { name: 'Case', value: `${open.case.name} (${open.case.id})` },
      { name: 'When', value: [{ time: first.time }, ` in block ${first.block}`] },
      ...hops.reverse().map((hop) => ({ name: 'Hop', value: describeHop(context, open, hop) })),
    )
  }
  if (fields.length > 0) return fields
  return [{ name: 'Case', value: 'it moved stolen value in no open case' }]
}
