import { decideAlerts } from '#alert/decideAlerts.ts'
import { closeGroups, type Grouping, groupAlerts } from '#alert/groupAlerts.ts'
import { confirmAlerts, settledAlerts, tellGroups } from '#alert/tellAlerts.ts'
import type { Context } from '#src/context.ts'
import { audienceOfCase, includes } from '#src/sharing/audience.ts'
import { countChange, undoOf } from '#trace/applyChange.ts'
import type { AlertGroup, ToldAlert } from '#types/alert.ts'
import { type Address, type Block, type Chain, maxUndoBlocks } from '#types/chain.ts'
import type { CaseChange, OpenCase } from '#types/openCase.ts'
import type { TrailChange } from '#types/trail.ts'
import { renderTellings, timelineOf } from './renderTellings.ts'
import { rootOf } from './rootOf.ts'
import { routeTold } from './routeTold.ts'

/** What a block does to a case: its trail, and what people are told. Nothing is changed until `applyCaseChange`. */
export function decideBlock(
  context: Context,
  open: OpenCase,
  {
    block,
    change,
    hasFinality = true,
    earlier = [],
  }: {
    block: Block
    change: TrailChange
    /** Whether the chain says what cannot be undone; where it does not, depth alone settles what was told. */
    hasFinality?: boolean
    /** What the block does to other cases, decided before. */
    earlier?: readonly CaseChange[]
  },
): CaseChange {
  const { rules } = context
  const otherCases = (address: Address) => casesHolding(context, { address, except: open, earlier })
  const alerts = decideAlerts(open.trail, { block, change, rules, otherCases })
  const grouping = groupAlerts(open.groups, { alerts, hops: change.hops, block, rules })
  const { number, hash, time } = block
  const head = { number, hash, time }
  const told = [
    ...tellGroups(open.told, grouping.tell, number).map((each) => routeTold(context, open, each)),
    ...confirmAlerts(untold(open, grouping.tell), {
      head: number,
      confirmations: chainOf(context, open).confirmations,
      finalized: undefined,
    }),
  ]
  return {
    ...noChange(open),
    head,
    ledgers: countChange(open.trail, change.ledgers),
    hops: change.hops,
    seen: change.seen,
    groups: grouping.changed,
    told,
    forgotten: hasFinality ? [] : deepAlerts(open, number),
    tellings: renderTellings(context, open, told),
    timeline: timelineOf(context, open, told),
    undo: { ...head, ledgers: undoOf(open.trail, change.ledgers), groups: before(open, grouping) },
  }
}

/** What is left to tell when no block will come any more. */
export function decideEnd(context: Context, open: OpenCase): CaseChange {
  const grouping = closeGroups(open.groups)
  const told = tellGroups(open.told, grouping.tell, open.head?.number ?? 0).map((each) =>
    routeTold(context, open, each),
  )
  return {
    ...noChange(open),
    groups: grouping.changed,
    told,
    tellings: renderTellings(context, open, told),
    timeline: timelineOf(context, open, told),
  }
}

/** What becomes final with the blocks up to `number`. */
export function decideFinality(context: Context, open: OpenCase, number: number): CaseChange {
  const head = open.head?.number ?? 0
  const { confirmations } = chainOf(context, open)
  const told = confirmAlerts(open.told, { head, confirmations, finalized: number })
  const after = new Map([...open.told, ...told.map((alert) => [alert.id, alert] as const)])
  const groups = growingGroups(open, number)
  return {
    ...noChange(open),
    settledTo: number,
    told,
    forgotten: settledAlerts(after.values(), { groups, head, hasFinality: true }),
    tellings: renderTellings(context, open, told),
  }
}

/** A change that changes nothing. */
export function noChange({ case: { id }, head }: OpenCase): CaseChange {
  return {
    caseId: id,
    head,
    ledgers: [],
    hops: [],
    seen: [],
    groups: new Map(),
    told: [],
    forgotten: [],
    tellings: [],
    timeline: [],
    undo: null,
  }
}

/** What was told so deep down that no reorganization reaches it. */
function deepAlerts(open: OpenCase, number: number): string[] {
  const groups = growingGroups(open, number - maxUndoBlocks)
  return settledAlerts(open.told.values(), { groups, head: number, hasFinality: false })
}

/** Open groups, and those that a block opens again when it is undone: not even their end is final. */
function growingGroups({ groups, undo }: OpenCase, finalized: number): AlertGroup[] {
  const undone = undo.filter(({ number }) => number > finalized)
  const before = undone.flatMap((entry) => [...entry.groups.values()])
  return [...groups.values(), ...before.filter((group) => group !== undefined)]
}

/** Groups as they are before a change. */
function before(open: OpenCase, { changed }: Grouping): CaseChange['groups'] {
  return new Map([...changed.keys()].map((key) => [key, open.groups.get(key)]))
}

/** Told alerts about which the block says nothing itself. */
function untold({ told }: OpenCase, tell: readonly AlertGroup[]): Map<string, ToldAlert> {
  if (tell.length === 0) return told
  const ids = new Set(tell.map(({ head }) => head.id))
  return new Map([...told].filter(([id]) => !ids.has(id)))
}

function chainOf({ chains }: Context, { case: theft }: OpenCase): Chain {
  const chain = chains.get(theft.chain)
  if (!chain)
    throw new RangeError(`The case "${theft.id}" is on the unknown chain "${theft.chain}".`)
  return chain
}

/** Names of other cases there, past ones too; those alone that everybody who sees this one may know of. */
function casesHolding(
  context: Context,
  {
    address,
    except,
    earlier,
  }: { address: Address; except: OpenCase; earlier: readonly CaseChange[] },
): string[] {
  const reaches = ({ ledgers }: CaseChange) =>
    ledgers.some(({ accounts }) => accounts.get(address)?.stop === null)
  const holds = ({ case: { id }, watched }: OpenCase) =>
    watched.has(address) || earlier.some((change) => change.caseId === id && reaches(change))
  const isKnown = ({ case: { id } }: OpenCase) =>
    includes(audienceOfCase(context, id), audienceOfCase(context, except.case.id))
  const root = rootOf(context, except.case.id)
  const isOther = ({ case: { id } }: OpenCase) => rootOf(context, id) !== root
  const open = [...context.cases.values()].filter(
    (each) => isOther(each) && holds(each) && isKnown(each),
  )
  const past = (context.labels.lists.get(address) ?? []).flatMap(({ pastCase }) =>
    pastCase && pastCase.id !== root ? [pastCase.name] : [],
  )
  return [...new Set([...open.map((each) => each.case.name), ...past])]
}
