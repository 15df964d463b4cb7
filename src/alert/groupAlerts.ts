import type { Alert, AlertGroup, AlertKind } from '#types/alert.ts'
import type { BlockHeader } from '#types/chain.ts'
import type { HouseRules } from '#types/houseRules.ts'
import type { Hop } from '#types/trail.ts'
import { type BurstStep, burstKey, followBurst, paceKey } from './followBurst.ts'
import { growGroup, isWorse, muteIn, openGroup } from './growGroup.ts'
import { type Above, parentOf } from './parentOf.ts'
import { countKey, headOf, placeAlert } from './placeAlert.ts'

/** Groups that a block opened, grew or closed (`undefined`), and those about which something must be said now. */
export type Grouping = { changed: Map<string, AlertGroup | undefined>; tell: AlertGroup[] }

/** What grouping needs of the rules of the house. */
export type GroupRules = Pick<
  HouseRules,
  'foldMinutes' | 'retellMinutes' | 'openCards' | 'burstHops'
>

/**
 * Folds a block's alerts into the open groups of its case, which stay as they were. A group is told when it opens and
 * when it gets worse, a red one that grows every `retellMinutes`; what else follows within `foldMinutes` is counted and
 * told together when that time is over.
 */
export function groupAlerts(
  groups: ReadonlyMap<string, AlertGroup>,
  {
    alerts,
    hops,
    block,
    rules,
  }: {
    alerts: readonly Alert[]
    hops: readonly Hop[]
    block: Pick<BlockHeader, 'chain' | 'number' | 'time'>
    rules: GroupRules
  },
): Grouping {
  // A burst ends by its own rule.
  const isOver = ({ head }: AlertGroup) =>
    head.kind !== 'burst' && block.time - head.time >= rules.foldMinutes * 60
  const { changed, tell } = closeGroups(groups, isOver)
  const left = [...groups].filter(([key]) => !changed.has(key))
  const before = new Map(left.sort(byKey))
  const step = followBurst(groups, { hops, block, rules })
  if (step.ended) {
    before.delete(burstKey)
    tell.push(step.ended)
  }
  const after = new Map(before)
  put(after, paceKey, step.pace)
  put(after, burstKey, step.burst)
  addAlerts(after, alerts, { hops, block, rules, step })
  for (const [key, group] of after) {
    if (key === paceKey || !mustTell(before.get(key), group, { step, rules })) continue
    const told = { ...group, told: group.count }
    after.set(key, told)
    tell.push(told)
  }
  for (const [key, group] of after) if (group !== groups.get(key)) changed.set(key, group)
  for (const key of [paceKey, burstKey])
    if (groups.has(key) && !after.has(key)) changed.set(key, undefined)
  return { changed, tell }
}

/** Closes groups and tells what they have not told yet. @default every group: no block will come any more */
export function closeGroups(
  groups: ReadonlyMap<string, AlertGroup>,
  isOver: (group: AlertGroup) => boolean = () => true,
): Grouping {
  const over = [...groups].filter(([, group]) => isOver(group)).sort(byKey)
  const untold = over.filter(([, { told, count }]) => told < count)
  return {
    changed: new Map(over.map(([key]) => [key, undefined])),
    tell: untold.map(([, group]) => ({ ...group, told: group.count })),
  }
}

/** Not by age in memory, which a restart changes. */
function byKey([a]: [string, AlertGroup], [b]: [string, AlertGroup]): number {
  return a < b ? -1 : 1
}

/** Puts each alert into its group, those that are muted last: the group of their parent must be there. */
function addAlerts(
  groups: Map<string, AlertGroup>,
  alerts: readonly Alert[],
  {
    hops,
    block,
    rules,
    step,
  }: {
    hops: readonly Hop[]
    block: Pick<BlockHeader, 'chain'>
    rules: GroupRules
    step: BurstStep
  },
): void {
  const above = listAbove(groups, { alerts, hops, step })
  const homes = new Map<Alert, string>()
  const echoes: [Alert, string | Alert][] = []
  let open = [...groups.keys()].reduce(countKey, { cards: 0, services: 0 })
  for (const alert of alerts) {
    const parent = parentOf(alert, above)
    if (parent !== undefined) {
      echoes.push([alert, parent])
      continue
    }
    const { openCards } = rules
    const key = placeAlert(alert, { isOpen: (at) => groups.has(at), open, openCards })
    const group = groups.get(key)
    if (!group) open = countKey(open, key)
    const { chain } = block
    groups.set(
      key,
      group ? growGroup(group, alert) : openGroup(headOf(alert, { key, chain }), alert),
    )
    homes.set(alert, key)
  }
  for (const [alert, parent] of echoes) {
    const key = typeof parent === 'string' ? parent : (homes.get(parent) ?? '')
    const group = groups.get(key)
    if (!group) throw new RangeError(`The parent of the alert "${alert.id}" has no group.`)
    groups.set(key, muteIn(group, alert))
  }
}

function listAbove(
  groups: ReadonlyMap<string, AlertGroup>,
  { alerts, hops, step }: { alerts: readonly Alert[]; hops: readonly Hop[]; step: BurstStep },
): Above {
  const byTransaction = Map.groupBy(alerts, ({ transaction }) => transaction)
  const before = new Set(hops.slice(0, step.mutesFrom).map(placeOf))
  const mutes = (key: string, alert: Alert) =>
    key !== burstKey || (alert.hop !== null && !before.has(placeOf(alert.hop)))
  const standing = [...groups].filter(([key]) => key !== paceKey)
  return {
    groupOf: (alert: Alert, kinds: readonly AlertKind[]) =>
      standing.find(([key, { head }]) => kinds.includes(head.kind) && mutes(key, alert))?.[0],
    alertsIn: (transaction) => byTransaction.get(transaction) ?? [],
  }
}

function placeOf({ transaction, position }: Hop): string {
  return `${transaction}:${position}`
}

/** A burst grows all the time and is told once a minute, another group where it opened or got worse. */
function mustTell(
  before: AlertGroup | undefined,
  group: AlertGroup,
  { step, rules }: { step: BurstStep; rules: GroupRules },
): boolean {
  if (before === undefined) return true
  if (group.head.kind === 'burst') return step.isNewMinute && group.told < group.count
  const stretch = ({ last }: AlertGroup) => Math.floor(last.time / (rules.retellMinutes * 60))
  // Every deposit may be one that can still be stopped.
  const isDue = group.severity === 'red' && stretch(group) > stretch(before)
  return isWorse(group, before) || (isDue && group.told < group.count)
}

function put(groups: Map<string, AlertGroup>, key: string, group: AlertGroup | undefined): void {
  if (group) groups.set(key, group)
  else groups.delete(key)
}
