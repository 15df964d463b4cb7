import type { Context } from '#src/context.ts'
import type { Block, Crossing } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Candidate, Passage } from '#types/passage.ts'
import type { StandingChange, TimelineEntry } from '#types/standing.ts'

/** Seconds within which a bridge that names nothing has paid out. */
export const silentSeconds = 3_600

/** Candidates that are kept for one payment into a bridge. */
const mostCandidates = 20

type Parts = Pick<Context, 'standing'>

/**
 * Payments of a block that may be what a bridge pays out, to the address that was named on the near side: where the bridge
 * names nothing to tell by, within an hour; where memos alone say so on both sides, those that name each other. They are
 * shown and not followed, until a person or the bridge's API says which one it is.
 */
export function findCandidates(
  { standing }: { standing: Pick<Context['standing'], 'passage' | 'candidate'> },
  { case: { id, legOf = id, chain } }: OpenCase,
  block: Block,
): { standing: StandingChange[]; timeline: TimelineEntry[] } {
  const waiting = [...standing.passage.values()].filter(
    ({ caseId, to, isUntied, isClaimed }) =>
      (isUntied === true || isClaimed) && caseId === legOf && to.chain === chain,
  )
  const changes = waiting.flatMap((passage) =>
    amongLargest(standing, candidatesIn(block, { passage, part: id })),
  )
  const found = changes.flatMap(({ value }) => value ?? [])
  return {
    standing: changes.map((change) => ({ kind: 'candidate', ...change })),
    timeline: found.map(({ caseId, key, transaction, time }) => ({
      caseId,
      key: `candidate:${key}:${transaction}`,
      at: time,
      kind: 'note',
      by: null,
      text: `It may have come out of the bridge in ${transaction}: look at /posse trail ${caseId}.`,
    })),
  }
}

/** Dust to the address that was named must not make a list that nobody can read, nor hide what is larger. */
function amongLargest(
  standing: Pick<Context['standing'], 'candidate'>,
  found: readonly Candidate[],
): { key: string; value: Candidate | null }[] {
  const [first] = found
  if (!first) return []
  const isFor = ({ caseId, key }: Candidate) => caseId === first.caseId && key === first.key
  const known = new Map([...standing.candidate].filter(([, each]) => isFor(each)))
  const kept = new Map(known)
  for (const each of found) kept.set(`${each.caseId} ${each.key} ${each.transaction}`, each)
  const largest = [...kept].sort(([, a], [, b]) => (a.amount > b.amount ? -1 : 1))
  for (const [key] of largest.slice(mostCandidates)) kept.delete(key)
  return [
    ...[...known.keys()].filter((key) => !kept.has(key)).map((key) => ({ key, value: null })),
    ...[...kept].filter(([key]) => !known.has(key)).map(([key, value]) => ({ key, value })),
  ]
}

function candidatesIn(
  { chain, number, time, transactions }: Block,
  { passage, part }: { passage: Passage; part: string },
): Candidate[] {
  const { caseId, key, to } = passage
  const isInTime = time >= passage.time && time - passage.time <= silentSeconds
  return transactions.flatMap(({ hash, transfers, coins, settlements = [] }): Candidate[] => {
    const isNamed = coins !== undefined && settlements.some((each) => each.key === key)
    if (passage.isUntied ? !isInTime : !isNamed) return []
    const paid = [
      ...transfers
        .filter((transfer) => transfer.to === to.address && !transfer.isUnlisted)
        .map(({ asset, amount }) => ({ asset, amount })),
      ...(coins?.made ?? [])
        .filter(({ address }) => address === to.address)
        .map(({ amount }) => ({ asset: coins?.asset ?? '', amount })),
    ]
    const [first] = paid.filter((each) => each.amount > 0n)
    if (!first) return []
    const amount = paid.reduce(
      (sum, each) => sum + (each.asset === first.asset ? each.amount : 0n),
      0n,
    )
    const about = { caseId, in: part, key, chain, block: number, time, transaction: hash }
    return [{ ...about, asset: first.asset, amount }]
  })
}

/** What may have come out for a passage, each with a confidence of one over their number. */
export function candidatesFor(
  { standing }: Parts,
  { caseId, key }: { caseId: string; key: string },
): { candidate: Candidate; confidence: number }[] {
  const found = [...standing.candidate.values()].filter(
    (candidate) => candidate.caseId === caseId && candidate.key === key,
  )
  return found.map((candidate) => ({ candidate, confidence: 1 / found.length }))
}

/** Whether it was said which one it is. */
export function isTied(
  { standing }: Parts,
  { caseId, key }: { caseId: string; key: string },
): boolean {
  return [...standing.tie.values()].some(
    (tie) => tie.caseId === caseId && tie.key === key && !tie.isTakenBack,
  )
}

/** What was tied to a transaction of a part of a case: keys of passages. */
export function tiesOf(
  { standing }: Parts,
  { id, legOf = id }: { id: string; legOf?: string },
): (transaction: string) => readonly string[] {
  return (transaction) =>
    [...standing.tie.values()].flatMap((tie) =>
      tie.caseId === legOf && tie.transaction === transaction && !tie.isTakenBack ? [tie.key] : [],
    )
}

/** Where the APIs of bridges say that payments of a part of a case go on. */
export function toldOf(
  { standing }: Parts,
  { id }: { id: string },
): (transaction: string) => readonly Crossing[] {
  return (transaction) =>
    [...standing.crossing.values()].flatMap((told) =>
      told.caseId === id && told.transaction === transaction ? [told.crossing] : [],
    )
}
