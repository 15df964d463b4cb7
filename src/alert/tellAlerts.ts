import type { AlertGroup, ToldAlert } from '#types/alert.ts'
import { maxUndoBlocks } from '#types/chain.ts'

type Told = ReadonlyMap<string, ToldAlert>

/**
 * Tells groups: new ones, ones that grew, and ones that come back after they were taken away. To whom is decided later:
 * a new one was told nowhere yet.
 */
export function tellGroups(told: Told, groups: readonly AlertGroup[], block: number): ToldAlert[] {
  return groups.map((group) => {
    const { id } = group.head
    const before = told.get(id)
    const isNew = before === undefined || isGone(before)
    return {
      id,
      revision: (before?.revision ?? 0) + 1,
      state: isNew ? 'posted' : 'grown',
      block,
      tellings: [...(isNew ? [] : before.tellings), { block, group }],
      channels: before?.channels ?? [],
      silencedBy: before?.silencedBy ?? [],
    }
  })
}

/**
 * Takes back what blocks above `ancestor` told: an alert is as it was told before them, or retracted. What a decision
 * has corrected was wrong on any branch.
 */
export function retellAlerts(told: Told, ancestor: number): ToldAlert[] {
  return inOrder(told).flatMap((alert) => {
    if (alert.state === 'corrected') return []
    const tellings = alert.tellings.filter(({ block }) => block <= ancestor)
    if (tellings.length === alert.tellings.length) return []
    const last = tellings.at(-1)
    return {
      ...alert,
      revision: alert.revision + 1,
      state: last === undefined ? 'retracted' : tellings.length === 1 ? 'posted' : 'grown',
      block: last?.block ?? alert.block,
      tellings,
    }
  })
}

/**
 * Raises what has become surer: final where the chain says so, confirmed at a depth of `confirmations` blocks. What is
 * not told again keeps its telling.
 */
export function confirmAlerts(
  told: Told,
  {
    head,
    confirmations,
    finalized,
  }: {
    /** Number of the last block followed. */
    head: number
    confirmations: number
    /** Number of the newest block that cannot be undone; `undefined` where the chain does not say. */
    finalized: number | undefined
  },
): ToldAlert[] {
  return inOrder(told).flatMap((alert) => {
    const { state, block, revision } = alert
    if (isGone(alert) || state === 'finalized') return []
    const tellings = alert.tellings.slice(-1)
    if (finalized !== undefined && block <= finalized)
      return { ...alert, tellings, state: 'finalized' as const, revision: revision + 1 }
    if (state !== 'confirmed' && head - block >= confirmations)
      return { ...alert, state: 'confirmed' as const, revision: revision + 1 }
    return []
  })
}

/** Told alerts that nothing will change any more: their group is closed and their blocks cannot be undone. */
export function settledAlerts(
  told: Iterable<ToldAlert>,
  {
    groups,
    head,
    hasFinality,
  }: {
    /** Those that may still grow. */
    groups: readonly AlertGroup[]
    head: number
    hasFinality: boolean
  },
): string[] {
  const open = new Set(groups.map((group) => group.head.id))
  const ids: string[] = []
  for (const { id, state, block } of told) {
    const isSettled =
      state === 'finalized' ||
      (!hasFinality && state === 'confirmed' && head - block > maxUndoBlocks)
    if (isSettled && !open.has(id)) ids.push(id)
  }
  return ids.sort()
}

/** What was taken away becomes no surer, and may come back as new. */
function isGone({ state }: ToldAlert): boolean {
  return state === 'retracted' || state === 'corrected'
}

/** By id and not by age in memory, which a restart changes. */
function inOrder(told: Told): ToldAlert[] {
  return [...told.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}
