import type { Context } from '#src/context.ts'
import type { Case } from '#types/case.ts'
import type { Address, Chain, ChainId } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Arrival, Passage } from '#types/passage.ts'
import type { StandingChange } from '#types/standing.ts'
import type { Hop } from '#types/trail.ts'
import { parseAddress } from '#utils/parseAddress.ts'
import { rootOf } from './rootOf.ts'

/** How far the clocks of blocks go wrong on chains of coins, in seconds. */
const clockSeconds = 7_200

/** No bridge has paid out coins so many seconds after it was paid. */
const freshSeconds = 120

type Parts = Pick<Context, 'standing' | 'chains' | 'cases'>

/** What is on its way to a part of a case, by what the bridge names it by. */
export function passageOf(
  { standing }: Pick<Context, 'standing'>,
  { id, legOf = id }: Pick<Case, 'id' | 'legOf'>,
): (key: string) => Passage | undefined {
  return (key) => standing.passage.get(`${legOf} ${key}`)
}

/** Addresses at which bridges will pay out to a part of a case: whoever pays there is read. */
export function expectedAt(
  { standing }: Pick<Context, 'standing'>,
  { case: { id, legOf = id, chain } }: OpenCase,
): Set<Address> {
  return new Set(
    [...standing.passage.values()]
      .filter(({ caseId, to }) => caseId === legOf && to.chain === chain)
      .map(({ to }) => to.address),
  )
}

/** What payments of a block say of bridges: what they took, and what they paid out. */
export function findPassages(
  context: Parts & Pick<Context, 'now'>,
  open: OpenCase,
  hops: readonly Hop[],
): StandingChange[] {
  const passages = passagesIn(context, open, hops)
  const late = passages.flatMap((passage) => lateFor(context, passage))
  return [...passages.map(passageChange), ...arrivalsIn(context, open, hops), ...late]
}

/** What is taken back with the blocks above `ancestor`: parts of the case that it came to are worked out again. */
export function withoutPassages(
  context: Parts,
  { case: { id } }: OpenCase,
  ancestor: number,
): StandingChange[] {
  const { standing } = context
  const passages = [...standing.passage].filter(
    ([, { from, block }]) => from === id && block > ancestor,
  )
  const arrivals = [...standing.arrival].filter(
    ([, arrival]) => arrival.in === id && arrival.block > ancestor,
  )
  return [
    ...passages.map(([key]) => ({ kind: 'passage', key, value: null }) as const),
    ...arrivals.map(([key]) => ({ kind: 'arrival', key, value: null }) as const),
    ...[...standing.candidate]
      .filter(([, candidate]) => candidate.in === id && candidate.block > ancestor)
      .map(([key]) => ({ kind: 'candidate', key, value: null }) as const),
    ...passages.flatMap(([key, passage]) => retraceBehind(context, key, passage)),
  ]
}

/** The same where a case was worked out again: `hops` are all that it has. */
export function replacePassages(
  context: Parts & Pick<Context, 'now'>,
  open: OpenCase,
  hops: readonly Hop[],
): StandingChange[] {
  const { id } = open.case
  const { standing } = context
  const passages = passagesIn(context, open, hops).map((passage) => counted(context, passage))
  const now = [...passages.map(passageChange), ...arrivalsIn(context, open, hops)]
  const kept = new Set(now.map(({ kind, key }) => `${kind} ${key}`))
  const gone = [
    ...[...standing.passage]
      .filter(([, { from }]) => from === id)
      .map(([key]) => ({ kind: 'passage', key }) as const),
    ...[...standing.arrival]
      .filter(([, arrival]) => arrival.in === id)
      .map(([key]) => ({ kind: 'arrival', key }) as const),
  ].filter(({ kind, key }) => !kept.has(`${kind} ${key}`))
  const touched = [...standing.passage].filter(([key, before]) => {
    if (before.from !== id) return false
    const after = passages.find((each) => `${each.caseId} ${each.key}` === key)
    if (!after) return true
    return !isSame(before, after) && (after.rounds ?? 0) <= mostRounds
  })
  const late = passages.flatMap((passage) => lateFor(context, passage))
  // What was given back here was followed as nobody's while nobody knew of the payment.
  const unheard = passages.filter(({ caseId, key }) => !standing.passage.has(`${caseId} ${key}`))
  return [
    ...now,
    ...late,
    ...unheard.slice(0, 1).map(({ key }) => retraceOf(context, open, key)),
    ...gone.map(({ kind, key }) => ({ kind, key, value: null }) as StandingChange),
    ...touched.flatMap(([key, passage]) => retraceBehind(context, key, passage)),
  ]
}

/** How often what goes over a bridge may change because of what came out of it, before it is left as it is. */
const mostRounds = 10

/** With how often it has changed as its part was worked out again. */
function counted({ standing }: Pick<Context, 'standing'>, passage: Passage): Passage {
  const before = standing.passage.get(`${passage.caseId} ${passage.key}`)
  if (!before) return passage
  const rounds = (before.rounds ?? 0) + (isSame(before, passage) ? 0 : 1)
  return rounds > 0 ? { ...passage, rounds } : passage
}

function isSame(before: Passage, after: Passage): boolean {
  return before.amount === after.amount && before.stolen.join() === after.stolen.join()
}

function passagesIn(context: Parts, open: OpenCase, hops: readonly Hop[]): Passage[] {
  const { id } = open.case
  const caseId = rootOf(context, id)
  const found = new Map<string, Passage>()
  for (const hop of hops) {
    const { crossing } = hop
    if (!crossing?.key) continue
    const { key, bridge, isClaimed, isUntied } = crossing
    const to = placeOf(context.chains, crossing)
    const name = `${key} ${to.chain ?? to.name} ${to.address}`
    const known = found.get(name)
    // What goes along in the native asset pays for the message.
    const isNative = context.chains.get(hop.chain)?.native.id === hop.asset
    if (known && known.asset !== hop.asset && isNative) continue
    const before = known?.asset === hop.asset ? known : undefined
    const { chain, block, time, transaction, asset } = hop
    found.set(name, {
      ...{ caseId, from: id, chain, block, time, transaction, bridge, key, asset, isClaimed },
      payer: hop.from,
      // One transaction may pay it in parts.
      amount: hop.amount + (before?.amount ?? 0n),
      stolen: hop.stolen.map((part, index) => part + (before?.stolen[index] ?? 0n)),
      hops: Math.min(hop.hops, before?.hops ?? hop.hops),
      to,
      ...(isUntied && { isUntied }),
      ...(hop.stop === 'burn' && { isBurned: true }),
    })
  }
  return [...Map.groupBy(found.values(), ({ key }) => key).values()].flatMap(largestOf)
}

/** A bridge names what went to several goals by one key: what comes out can be told of one alone. */
function largestOf([first, ...others]: readonly Passage[]): Passage[] {
  if (!first) return []
  return [others.reduce((most, each) => (each.amount > most.amount ? each : most), first)]
}

function passageChange(value: Passage): StandingChange {
  return { kind: 'passage', key: `${value.caseId} ${value.key}`, value }
}

function arrivalsIn(context: Parts, open: OpenCase, hops: readonly Hop[]): StandingChange[] {
  const { id } = open.case
  const caseId = rootOf(context, id)
  const found = new Map<string, Arrival>()
  for (const hop of hops) {
    const { key, isBack } = hop.arrived ?? {}
    if (key === undefined) continue
    const name = `${caseId} ${key} ${hop.transaction}`
    const before = found.get(name)
    if (before && before.asset !== hop.asset) continue
    const { chain, block, time, transaction, asset } = hop
    found.set(name, {
      ...{ caseId, in: id, key, chain, block, time, transaction, asset },
      ...(isBack && { isBack }),
      amount: hop.amount + (before?.amount ?? 0n),
      stolen: hop.stolen.map((part, index) => part + (before?.stolen[index] ?? 0n)),
    })
  }
  return [...found].map(([key, value]) => ({ kind: 'arrival', key, value }))
}

/** The chain as it is followed, where it is, and the address as it is compared. */
function placeOf(
  chains: ReadonlyMap<ChainId, Chain>,
  { chain: name, address: text }: { chain: string; address: string },
): Passage['to'] {
  const chain = [...chains.values()].find((each) => each.id === name || each.name === name)
  try {
    return { chain: chain?.id ?? null, name: chain?.name ?? name, address: parseAddress(text) }
  } catch {
    // Nobody can be paid there, so nothing is waited for.
    return { chain: null, name: chain?.name ?? name, address: text }
  }
}

/** The part of a case on a chain. */
export function partOn(
  { cases }: Pick<Context, 'cases'>,
  { caseId, chain }: { caseId: string; chain: ChainId | null },
): OpenCase | undefined {
  return [...cases.values()].find(
    ({ case: { id, legOf = id, chain: own } }) => legOf === caseId && own === chain,
  )
}

/**
 * A part that may have passed by the arrival of a payment that only now is heard of, as far as the clocks of both chains
 * tell.
 */
function lateFor(context: Parts & Pick<Context, 'now'>, passage: Passage): StandingChange[] {
  const { caseId, key, time, to } = passage
  const part = partOn(context, { caseId, chain: to.chain })
  const reached = part?.head && part.head.time + clockErrorOf(context, passage)
  const age = context.now() - time
  const isFresh = age >= 0 && age < freshSeconds && isOfCoins(context, to.chain)
  const isKnown = context.standing.passage.has(`${caseId} ${key}`)
  const isLate = reached !== null && reached !== undefined && reached >= time && !isFresh
  return part && isLate && !isKnown ? [retraceOf(context, part, key)] : []
}

/** Seconds by which the clocks of the two chains may differ. */
function clockErrorOf(context: Pick<Context, 'chains'>, { chain, to }: Passage): number {
  return isOfCoins(context, chain) || isOfCoins(context, to.chain) ? clockSeconds : 0
}

function isOfCoins({ chains }: Pick<Context, 'chains'>, chain: ChainId | null): boolean {
  return chain !== null && chains.get(chain)?.coins !== undefined
}

function retraceBehind(context: Parts, key: string, passage: Passage): StandingChange[] {
  const { caseId, to } = passage
  const came = [...context.standing.arrival].filter(([name]) => name.startsWith(`${key} `))
  const parts = new Set(
    came.map(([, { isBack }]) =>
      isBack ? context.cases.get(passage.from) : partOn(context, { caseId, chain: to.chain }),
    ),
  )
  return [...parts].flatMap((part) => (part ? [retraceOf(context, part, passage.key)] : []))
}

/** Asks for a part of a case to be worked out again because of a passage. */
export function retraceOf(
  { standing }: Pick<Context, 'standing'>,
  { case: theft, head }: OpenCase,
  key: string,
): StandingChange {
  const before = standing.retrace.get(theft.id)
  const since = head?.number ?? theft.followAfter ?? 0
  const value = {
    caseId: theft.id,
    causes: [...new Set([...(before?.causes ?? []), `passage:${key}`])],
    sinceBlock: Math.min(before?.sinceBlock ?? since, since),
  }
  return { kind: 'retrace', key: theft.id, value }
}

/**
 * When the first payment was taken that a part of a case has not seen come out, where a retrace was asked for because of
 * one; `null` where none was.
 */
export function earliestMissing(
  context: Pick<Context, 'standing' | 'chains'>,
  open: OpenCase,
): number | null {
  const { standing } = context
  const { id, legOf = id, chain } = open.case
  const causes = standing.retrace.get(id)?.causes ?? []
  const missing = [...standing.passage.values()].filter(
    ({ caseId, key, to }) =>
      caseId === legOf &&
      to.chain === chain &&
      causes.includes(`passage:${key}`) &&
      ![...standing.arrival.values()].some((arrival) => arrival.in === id && arrival.key === key),
  )
  const times = missing.map((passage) => passage.time - clockErrorOf(context, passage))
  return times.length > 0 ? Math.min(...times) : null
}
