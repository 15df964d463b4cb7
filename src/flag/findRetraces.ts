import type { Context } from '#src/context.ts'
import type { Address } from '#types/chain.ts'
import type { OpenCase } from '#types/openCase.ts'
import type { Retrace, StandingChange } from '#types/standing.ts'

/** Addresses asked for at once. */
const batch = 500

/**
 * The cases that must be worked out again because these addresses now end a trail or do not any more: those that stolen
 * value has reached there, dust too. `causes` are what asks for it.
 */
export async function findRetraces(
  { whole: context }: Context,
  {
    addresses,
    causes,
    among = [...context.cases.keys()],
  }: {
    addresses: readonly Address[]
    causes: readonly string[]
    /** Ids of cases. @default all of them, whoever asks */
    among?: readonly string[]
  },
): Promise<Extract<StandingChange, { kind: 'retrace' }>[]> {
  const changes: Extract<StandingChange, { kind: 'retrace' }>[] = []
  for (const caseId of among) {
    const open = context.cases.get(caseId)
    if (!open) continue
    const since = await firstReached(context, open, addresses)
    if (since === null) continue
    const before = context.standing.retrace.get(open.case.id)
    const value: Retrace = {
      caseId: open.case.id,
      causes: [...new Set([...(before?.causes ?? []), ...causes])],
      sinceBlock: Math.min(before?.sinceBlock ?? since, since),
    }
    changes.push({ kind: 'retrace', key: open.case.id, value })
  }
  return changes
}

/** The block in which stolen value first came to one of them; `null` where it came to none. */
async function firstReached(
  { store }: Context,
  open: OpenCase,
  addresses: readonly Address[],
): Promise<number | null> {
  let earliest: number | null = null
  for (let at = 0; at < addresses.length; at += batch) {
    const some = addresses.slice(at, at + batch)
    for (const { accounts, dust } of await store.readAccounts(open.case.id, some)) {
      for (const { reachedAt } of accounts) {
        earliest = Math.min(earliest ?? reachedAt, reachedAt)
      }
      // When dust came to it is not kept.
      if (dust.length > 0) earliest = open.case.stolenAt
    }
  }
  if (earliest === null) return null
  for await (const [hop] of store.scanHops(open.case.id, {
    since: earliest,
    until: earliest + 1,
  })) {
    if (hop) return hop.block
  }
  return open.case.followAfter ?? 0
}
