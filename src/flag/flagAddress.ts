import { FlagNeedsLeadError } from '#errors/flag.ts'
import type { Context } from '#src/context.ts'
import { decide } from '#src/decide.ts'
import { redrawClaim } from '#src/dispute/redrawClaim.ts'
import { layersOf } from '#src/label/layersOf.ts'
import { organizationOf } from '#src/organization/listOrganizations.ts'
import { afterMarks } from '#src/sharing/afterMarks.ts'
import { countsIn, labelsFor } from '#src/sharing/labelsFor.ts'
import type { Address } from '#types/chain.ts'
import { type ServiceKind, serviceKinds } from '#types/label.ts'
import type { Role } from '#types/member.ts'
import type { Flag, Signed, StandingChange } from '#types/standing.ts'
import type { Decision } from '#types/store.ts'
import type { Tlp } from '#types/tlp.ts'
import { handleOf } from '#utils/handleOf.ts'
import { serviceOf } from '#utils/indexLabels.ts'
import { type Labels, layerLabels } from '#utils/layerLabels.ts'
import { mapSome } from '#utils/mapSome.ts'
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
 * @throws FlagNeedsLeadError
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
    tlp,
  }: Pick<Flag, 'address' | 'kind' | 'name' | 'note' | 'confidence'> & {
    by: Signed
    role: Role
    /** Who may see it. @default as the rules say */
    tlp?: Tlp | undefined
  },
): Promise<Flagged> {
  return await decide(context, async () => {
    const before = serviceOf(context.labels, address)
    const isService = (serviceKinds as readonly string[]).includes(kind)
    // Who opens the wallet of an exchange to the trail makes thieves of all its customers.
    if (!isService && before !== null && role !== 'lead' && role !== 'admin') {
      throw new FlagNeedsLeadError({ address: showAddress(address), kind: before })
    }
    const id = freeId(context, `${address} ${by.account} ${by.at}`)
    const flag: Flag = { id, address, kind, name, note, confidence, by, withdrawn: null }
    const subject = `flag:${id}`
    const mark: StandingChange[] = tlp
      ? [{ kind: 'mark', key: subject, value: { subject, tlp, named: [], by } }]
      : []
    return await conclude(context, { flag, rest: mark, key: `flag:${id}`, by })
  })
}

/** Takes back flags of an address. The history stays. */
export async function unflagAddress(
  context: Context,
  {
    address,
    note,
    by,
    isEverybodys,
  }: {
    address: Address
    note: string
    by: Signed
    /** Whether also flags that others have set are meant, not a member's own alone. */
    isEverybodys: boolean
  },
): Promise<Flagged | null> {
  return await decide<Flagged | null>(context, async () => {
    const withdrawn = standingFlags(context, address)
      .filter(({ by: { account } }) => isEverybodys || account === by.account)
      .map((flag) => ({ ...flag, withdrawn: { by, note } }))
    const [first] = withdrawn
    if (!first) return { result: null }
    const rest = withdrawn
      .slice(1)
      .map((flag) => ({ kind: 'flag', key: flag.id, value: flag }) as const)
    const what = `${showAddress(address)} is no longer called ${nameFlag(first)}`
    return await conclude(context, {
      ...{ flag: first, rest, key: `unflag:${first.id}`, by },
      word: { key: `unflag:${first.id}`, what, note },
    })
  })
}

/** Flags of an address that nobody has taken back, the oldest first. */
export function standingFlags({ standing }: Context, address: Address): Flag[] {
  return [...standing.flag.values()].filter(
    (flag) => flag.address === address && flag.withdrawn === null,
  )
}

/** Told apart from every flag there is, by those alone that whoever asks may see unless they look alike. */
function freeId({ standing, whole }: Context, what: string): string {
  let place = standing.flag.size
  while (whole.standing.flag.has(handleOf(`${what} ${place}`))) place += 1
  return handleOf(`${what} ${place}`)
}

/**
 * What a changed flag comes to: what stands, what the timeline says, which cases are worked out again. Where a `word` is
 * given, cards of all other cases that name the address are drawn anew, and whoever got one is told.
 */
export async function conclude(
  context: Context,
  {
    flag,
    rest = [],
    key,
    by,
    word,
    text,
  }: {
    flag: Flag
    rest?: readonly StandingChange[]
    key: string
    by: Signed
    word?: { key: string; what: string; note: string }
    /** What the timeline says. @default what the flag says */
    text?: string
  },
): Promise<Decision & { result: Flagged }> {
  const { whole } = context
  const standing: StandingChange[] = [{ kind: 'flag', key: flag.id, value: flag }, ...rest]
  const after = afterFlags(whole, standing)
  // In other cases it counts for nothing, since more people see them than may see it.
  const among = [...whole.cases.keys()].filter((caseId) => countsIn(after, flag, caseId))
  const causes = [flag.id]
  const retraces = await findRetraces(whole, { addresses: [flag.address], causes, among })
  const isParkedNow = await changesParking(whole, flag, among)
  const needed = retraces.filter(
    ({ key: caseId }) => isParkedNow || isServiceChanged(whole, after, { caseId, ...flag }),
  )
  const reached = retraces.map(({ key: caseId }) => caseId)
  const corrected = new Set(needed.map(({ key: caseId }) => caseId))
  const redrawn = word
    ? await mapSome(
        among.filter((caseId) => !corrected.has(caseId)),
        (caseId) => retell(after, { caseId, address: flag.address, ...word }),
      )
    : []
  return {
    standing: [...standing, ...needed, ...redrawn.flatMap((each) => each.standing)],
    told: redrawn.flatMap(({ told }) => told),
    tellings: redrawn.flatMap(({ tellings }) => tellings),
    timeline: reached.map((caseId) => ({
      ...{ caseId, key, at: by.at, kind: 'decision', by },
      text: text ?? describeFlag(flag),
    })),
    result: {
      flag,
      service: serviceOf(viewAfter(context, after), flag.address),
      retraced: needed.map(({ key: caseId }) => caseId).filter((id) => context.cases.has(id)),
    },
  }
}

/** The context as it will be once these flags and marks stand. */
function afterFlags(whole: Context, changes: readonly StandingChange[]): Context {
  const marked = afterMarks(whole, changes)
  const flag = new Map(whole.standing.flag)
  for (const { kind, key, value } of changes) if (kind === 'flag' && value) flag.set(key, value)
  const standing = { ...marked.standing, flag }
  const layers = layersOf({ standing, house: whole.house }, whole.now())
  return { ...marked, standing, labels: layerLabels(whole.labels.lists, layers) }
}

/** What whoever asks sees of the labels then. */
function viewAfter({ standing, whole }: Context, after: Context): Labels {
  const known = standing.flag
  const isNew = ({ id }: Flag) => !whole.standing.flag.has(id)
  return after.labels.view((flag) => isNew(flag) || known.has(flag.id))
}

/** Whether it ends trails otherwise than before, or another organization is asked to hold what comes there. */
function isServiceChanged(
  before: Context,
  after: Context,
  { caseId, address }: { caseId: string; address: Address },
): boolean {
  const [then, now] = [before, after].map((each) => {
    const labels = labelsFor(each, caseId)
    const owner = organizationOf({ ...each, labels }, address)?.organization.id ?? ''
    return `${serviceOf(labels, address)} ${owner}`
  })
  return then !== now
}

/** A judged address is never parked: one that is must go on, and one that is judged no more may have to be. */
async function changesParking(
  { rules, store }: Context,
  { address, withdrawn }: Flag,
  among: readonly string[],
): Promise<boolean> {
  if (rules.busyStrangers === null) return false
  if (withdrawn) return true
  for (const caseId of among) {
    const ledgers = await store.readAccounts(caseId, [address])
    if (ledgers.some(({ accounts }) => accounts.some(({ stop }) => stop === 'busy'))) return true
  }
  return false
}

function retell(
  after: Context,
  {
    caseId,
    address,
    key,
    what,
    note,
  }: { caseId: string; address: Address; key: string; what: string; note: string },
) {
  const name = after.cases.get(caseId)?.case.name ?? caseId
  return redrawClaim(after, {
    ...{ caseId, key, note: note || 'No reason is given.' },
    title: [{ strong: name }, `: ${what}`],
    isAbout: ({ addresses }) => addresses.includes(address),
  })
}

/** What a flag says, as people say it. */
export function nameFlag({ kind, name }: Flag): string {
  return [kind, name].filter(Boolean).join(' ')
}

function describeFlag(flag: Flag): string {
  const why = flag.withdrawn ? flag.withdrawn.note : flag.note
  const verb = flag.withdrawn ? 'Took back the flag of' : 'Flagged'
  return `${verb} ${showAddress(flag.address)} as ${nameFlag(flag)}${why ? `: ${why}` : ''}`
}
