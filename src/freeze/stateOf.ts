import type { Flow, Freeze, FreezeState } from '#types/freeze.ts'

/** Base units of stolen value that came to the address, and that went from it elsewhere. */
export function arrivedAt({ arrivals }: Pick<Freeze, 'arrivals'>): bigint {
  return sumOf(arrivals)
}

export function leftFrom({ departures }: Pick<Freeze, 'departures'>): bigint {
  return sumOf(departures)
}

/** What can still be held there. Base units, never below 0. */
export function presentAt(freeze: Freeze): bigint {
  const present = arrivedAt(freeze) - movedOnFrom(freeze) - returnedIn(freeze)
  return present > 0n ? present : 0n
}

/** What went elsewhere than back to the victim. Base units. */
export function movedOnFrom({ departures }: Pick<Freeze, 'departures'>): bigint {
  return sumOf(departures.filter(({ isReturn }) => !isReturn))
}

/** What went back to the victim: what the organization says is the same money that the chain shows. Base units. */
export function returnedIn({
  departures,
  returned,
}: Pick<Freeze, 'departures' | 'returned'>): bigint {
  const shown = sumOf(departures.filter(({ isReturn }) => isReturn))
  return shown > returned ? shown : returned
}

/** What is held: what the organization says, but never more than there is. Base units. */
export function heldIn(freeze: Freeze): bigint {
  if (freeze.stage !== 'holding' && freeze.stage !== 'durable') return 0n
  const present = presentAt(freeze)
  return freeze.holds < present ? freeze.holds : present
}

/** Stages in which an answer of the organization is still awaited. */
const awaiting: readonly Freeze['stage'][] = ['drafted', 'approved', 'delivered', 'seen']

/** How a request stands. What people said and what the chain says are kept apart, so that undone blocks change nothing else. */
export function stateOf(freeze: Freeze): FreezeState {
  const { stage } = freeze
  if (stage === 'holding' || stage === 'durable') {
    const held = heldIn(freeze)
    if (held === 0n) return goneState(freeze)
    if (stage === 'durable') return stage
    return held === presentAt(freeze) ? 'held' : 'partly held'
  }
  if (!awaiting.includes(stage)) return stage as FreezeState
  return presentAt(freeze) === 0n ? goneState(freeze) : (stage as FreezeState)
}

/** What has become of a request at whose address nothing is left. */
function goneState(freeze: Freeze): FreezeState {
  if (arrivedAt(freeze) === 0n) return 'withdrawn'
  return movedOnFrom(freeze) === 0n ? 'returned' : 'moved on'
}

/** Whether more that arrives belongs to this request, and not to a new one. */
export function isOpenFreeze({ stage }: Pick<Freeze, 'stage'>): boolean {
  return awaiting.includes(stage) || stage === 'holding' || stage === 'durable'
}

/** Whether the organization has been asked and its answer is awaited. */
export function isAwaited(freeze: Freeze): boolean {
  return ['approved', 'delivered', 'seen'].includes(stateOf(freeze))
}

/** When its stage was reached, in Unix seconds. */
export function sinceOf({ history }: Pick<Freeze, 'history'>): number {
  return history.at(-1)?.at ?? 0
}

/** When a stage was first reached; `null` where it was not. */
export function reachedStage(
  { history }: Pick<Freeze, 'history'>,
  ...stages: readonly string[]
): number | null {
  return history.find(({ what }) => stages.includes(what))?.at ?? null
}

function sumOf(flows: readonly Flow[]): bigint {
  return flows.reduce((sum, { amount }) => sum + amount, 0n)
}
