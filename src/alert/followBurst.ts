import type { Alert, AlertGroup } from '#types/alert.ts'
import type { BlockHeader } from '#types/chain.ts'
import type { HouseRules } from '#types/houseRules.ts'
import type { Hop } from '#types/trail.ts'
import { formatDuration } from '#utils/formatTime.ts'

/** Where the open groups keep a burst, and the hops of the current minute: these are never told. */
export const burstKey = 'burst'
export const paceKey = 'pace'

const secondsPerMinute = 60

/** What a block is to the burst of its case. */
export type BurstStep = {
  /** The hops of the minute so far; `undefined` where nothing needs to know any more. */
  pace: AlertGroup | undefined
  /** The burst that stands with this block; all movements of `hops` from `mutesFrom` on are counted in it alone. */
  burst: AlertGroup | undefined
  mutesFrom: number
  /** The burst that this block ends, as it is told for the last time. */
  ended: AlertGroup | undefined
  /** The first block of a minute: what grew may be told. */
  isNewMinute: boolean
}

/**
 * A burst opens with the hop that is one too many for a minute of the chain's clock, and ends after a whole minute with
 * no more hops than that. All that it depends on is in the groups, so undoing blocks and a restart change nothing.
 */
export function followBurst(
  groups: ReadonlyMap<string, AlertGroup>,
  {
    hops,
    block,
    rules,
  }: {
    hops: readonly Hop[]
    block: Pick<BlockHeader, 'number' | 'time'>
    rules: Pick<HouseRules, 'burstHops'>
  },
): BurstStep {
  const known = groups.get(paceKey)
  const minuteBefore = known && minuteOf(known)
  // Clocks of some chains go back now and then, a minute never does.
  const minute = Math.max(Math.floor(block.time / secondsPerMinute), minuteBefore ?? 0)
  const counted = known && minuteBefore === minute ? known.count : 0
  const count = counted + hops.length
  const before = groups.get(burstKey)
  const isOver = before !== undefined && isCalm(known, { minute, rules })
  const standing = isOver ? undefined : before
  const room = Math.max(0, rules.burstHops - counted)
  const crossing = !standing && count > rules.burstHops ? hops[room] : undefined
  const burst = crossing ? openBurst(crossing, { block, minute, count }) : standing
  return {
    pace: nextPace(known, { hops, block, minute, count, isNeeded: burst !== undefined }),
    burst,
    mutesFrom: standing ? 0 : crossing ? room : Number.POSITIVE_INFINITY,
    ended: isOver ? endBurst(before) : undefined,
    isNewMinute: minuteBefore !== minute,
  }
}

function minuteOf({ head }: AlertGroup): number {
  return Math.floor(head.time / secondsPerMinute)
}

/** Whether a whole minute before this one had no more hops than may be. */
function isCalm(
  known: AlertGroup | undefined,
  { minute, rules }: { minute: number; rules: Pick<HouseRules, 'burstHops'> },
): boolean {
  if (!known) return true
  const passed = minute - minuteOf(known)
  // While a burst stands every minute with a block is known, so one that is left out had none.
  return passed > 1 || (passed === 1 && known.count <= rules.burstHops)
}

function openBurst(
  hop: Hop,
  {
    block,
    minute,
    count,
  }: { block: Pick<BlockHeader, 'number' | 'time'>; minute: number; count: number },
): AlertGroup {
  const alert: Alert = {
    id: `${hop.caseId}:${hop.chain}:burst:${minute}`,
    kind: 'burst',
    severity: 'amber',
    reasons: [`${count.toLocaleString('en')} hops within a minute`],
    caseId: hop.caseId,
    path: `${hop.caseId}:${hop.chain}:burst`,
    address: hop.to,
    time: block.time,
    block: block.number,
    transaction: hop.transaction,
    hop,
    otherCases: [],
  }
  // The head stands for the others: what its hop moved is added with the alert of that hop.
  const stolen = hop.stolen.map(() => 0n)
  return { ...countTo(alert, 0), stolen }
}

function endBurst(burst: AlertGroup): AlertGroup {
  const seconds = burst.last.time - burst.head.time
  const lasted = seconds === 0 ? 'it was all in one block' : `it lasted ${formatDuration(seconds)}`
  return { ...burst, reasons: [...burst.reasons, `over: ${lasted}`], told: burst.count }
}

/** The hops of the minute after a block. Without a burst they are kept only while their minute lasts. */
function nextPace(
  known: AlertGroup | undefined,
  {
    hops: [hop],
    block,
    minute,
    count,
    isNeeded,
  }: {
    hops: readonly Hop[]
    block: Pick<BlockHeader, 'number'>
    minute: number
    count: number
    isNeeded: boolean
  },
): AlertGroup | undefined {
  if (!hop && known && minuteOf(known) === minute) return known
  const head = hop ? paceOf(hop) : known?.head
  if (!head || !(hop || isNeeded)) return undefined
  return countTo({ ...head, time: minute * secondsPerMinute, block: block.number }, count)
}

function paceOf({ caseId, chain, transaction, to, time, block }: Hop): Alert {
  const name = `${caseId}:${chain}:pace`
  return {
    ...{ id: name, kind: 'burst', severity: 'info', reasons: [], caseId, path: name, address: to },
    ...{ time, block, transaction, hop: null, otherCases: [] },
  }
}

/** A group that has nothing more to tell. */
function countTo(head: Alert, count: number): AlertGroup {
  const { severity, reasons } = head
  const counts = { count, told: count, muted: 0, amount: 0n, stolen: [] }
  return { head, severity, reasons, ...counts, last: head }
}
