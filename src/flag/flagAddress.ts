import { FlagNeedsLeadError, SourceFlaggedError } from '#errors/flag.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { layersOf } from '#src/label/layersOf.ts'
import { organizationOf } from '#src/organization/listOrganizations.ts'
import type { Address } from '#types/chain.ts'
import { type ServiceKind, serviceKinds } from '#types/label.ts'
import type { Role } from '#types/member.ts'
import type { Flag, Signed, StandingChange, TimelineEntry } from '#types/standing.ts'
import type { Decision } from '#types/store.ts'
import { handleOf } from '#utils/handleOf.ts'
import { serviceOf } from '#utils/indexLabels.ts'
import { type Labels, layerLabels } from '#utils/layerLabels.ts'
import { showAddress } from '#utils/parseAddress.ts'
import { findRetraces } from './findRetraces.ts'

/** What a flag or its withdrawal has done. */
export type Flagged = {
  flag: Flag
  /** What the address counts as now; `null` for no service. */
  service: ServiceKind | null
  /** Cases that are worked out again because of it. */
  retraced: string[]
}

/**
 * Says what an address is. It counts from the next block on, and backwards: cases whose trail it changes are worked out
 * again.
 * @throws SourceFlaggedError, FlagNeedsLeadError
 */
export async function flagAddress(
  context: Context,
  {
    address,
    kind,
    name,
    note,
    confidence,
    by,
    role,
  }: Pick<Flag, 'address' | 'kind' | 'name' | 'note' | 'confidence'> & { by: Signed; role: Role },
): Promise<Flagged> {
  return await decide(context, async () => {
    const before = serviceOf(context.labels, address)
    const isService = (serviceKinds as readonly string[]).includes(kind)
    if (isService) refuseSource(context, address)
    // Who opens the wallet of an exchange to the trail makes thieves of all its customers.
    if (!isService && before !== null && role !== 'lead' && role !== 'admin') {
      throw new FlagNeedsLeadError({ address: showAddress(address), kind: before })
    }
    const id = handleOf(`${address} ${by.account} ${by.at} ${context.standing.flag.size}`)
    const flag: Flag = { id, address, kind, name, note, confidence, by, withdrawn: null }
    return await conclude(context, { flag, before, key: `flag:${id}`, by })
  })
}

/** Takes back a member's own flags of an address, or as a lead all of them. The history stays. */
export async function unflagAddress(
  context: Context,
  { address, note, by, role }: { address: Address; note: string; by: Signed; role: Role },
): Promise<Flagged | null> {
  return await decide<Flagged | null>(context, async () => {
    const before = serviceOf(context.labels, address)
    const mine = [...context.standing.flag.values()].filter(
      (flag) =>
        flag.address === address &&
        flag.withdrawn === null &&
        (role === 'lead' || role === 'admin' || flag.by.account === by.account),
    )
    const withdrawn = mine.map((flag) => ({ ...flag, withdrawn: { by, note } }))
    const [first] = withdrawn
    if (!first) return { result: null }
    const rest = withdrawn
      .slice(1)
      .map((flag) => ({ kind: 'flag', key: flag.id, value: flag }) as const)
    return await conclude(context, { flag: first, rest, before, key: `unflag:${first.id}`, by })
  })
}

function refuseSource({ cases }: Context, address: Address): void {
  for (const { case: theft } of cases.values()) {
    if (theft.sources.some((source) => source.address === address)) {
      throw new SourceFlaggedError({ address: showAddress(address), caseId: theft.id })
    }
  }
}

async function conclude(
  context: Context,
  {
    flag,
    rest = [],
    before,
    key,
    by,
  }: {
    flag: Flag
    rest?: readonly StandingChange[]
    before: ServiceKind | null
    key: string
    by: Signed
  },
): Promise<Decision & { result: Flagged }> {
  const standing: StandingChange[] = [{ kind: 'flag', key: flag.id, value: flag }, ...rest]
  const labels = labelsAfter(context, standing)
  const service = serviceOf(labels, flag.address)
  const retraces = await findRetraces(context, { addresses: [flag.address], causes: [flag.id] })
  const isNeeded =
    service !== before ||
    ownerOf(context, flag.address) !== ownerOf({ ...context, labels }, flag.address) ||
    (await changesParking(context, flag))
  const needed = isNeeded ? retraces : []
  const reached = retraces.map(({ key: caseId }) => caseId)
  return {
    standing: [...standing, ...needed],
    timeline: reached.map((caseId) => entryOf(flag, { caseId, key, by })),
    result: { flag, service, retraced: needed.map(({ key: caseId }) => caseId) },
  }
}

/** Labels as they count once flags have changed. */
function labelsAfter(context: Context, changes: readonly StandingChange[]): Labels {
  const flags = new Map(context.standing.flag)
  for (const { kind, key, value } of changes) if (kind === 'flag' && value) flags.set(key, value)
  const { house, labels, now } = context
  return layerLabels(
    labels.lists,
    layersOf({ standing: { ...context.standing, flag: flags }, house }, now()),
  )
}

/** The organization that is asked to hold what comes to an address. */
function ownerOf(context: Context, address: Address): string | undefined {
  return organizationOf(context, address)?.organization.id
}

/** A judged address is never parked: one that is must go on, and one that is judged no more may have to be. */
async function changesParking(
  { cases, rules, store }: Context,
  { address, withdrawn }: Flag,
): Promise<boolean> {
  if (rules.busyStrangers === null) return false
  if (withdrawn) return true
  for (const caseId of cases.keys()) {
    const ledgers = await store.readAccounts(caseId, [address])
    if (ledgers.some(({ accounts }) => accounts.some(({ stop }) => stop === 'busy'))) return true
  }
  return false
}

function entryOf(
  { address, kind, name, note, withdrawn }: Flag,
  { caseId, key, by }: { caseId: string; key: string; by: Signed },
): TimelineEntry {
  const what = `${showAddress(address)} as ${[kind, name].filter(Boolean).join(' ')}`
  const why = withdrawn ? withdrawn.note : note
  const verb = withdrawn ? 'Took back the flag of' : 'Flagged'
  const text = `${verb} ${what}${why ? `: ${why}` : ''}`
  return { caseId, key, at: by.at, kind: 'decision', by, text }
}
