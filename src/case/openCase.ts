import { CaseChangedError } from '#errors/case.ts'
import { openLedger } from '#trace/draft.ts'
import type { Case } from '#types/case.ts'
import type { Address } from '#types/chain.ts'
import type { CaseChange, OpenCase, Undo } from '#types/openCase.ts'
import type { SavedCase } from '#types/store.ts'
import { type Account, type Rules, type SavedLedgerChange, trailPolicies } from '#types/trail.ts'
import { createAddressSet } from '#utils/createAddressSet.ts'

/** Opens a case: its sources hold what was stolen and nothing has moved yet. */
export function openCase(theft: Case, { serviceOf }: { serviceOf: Rules['serviceOf'] }): OpenCase {
  const ledgers = theft.assets.flatMap(({ id }) => {
    const sources = theft.sources.filter(({ asset }) => asset === id)
    if (sources.length === 0) return []
    const options = { asset: id, policies: trailPolicies, sources, serviceOf, time: theft.stolenAt }
    return [[id, openLedger(options)] as const]
  })
  const open: OpenCase = {
    case: theft,
    trail: { caseId: theft.id, chain: theft.chain, ledgers: new Map(ledgers) },
    watched: createAddressSet(),
    head: null,
    groups: new Map(),
    told: new Map(),
    undo: [beforeFirst(theft)],
  }
  for (const [, { accounts }] of ledgers) {
    for (const { address, stop, coins = [] } of accounts.values()) {
      if (stop === null) open.watched.add(address)
      for (const { id } of coins) open.watched.add(id)
    }
  }
  return open
}

/** What saves a case that was just opened. */
export function openingChange({ case: theft, trail }: OpenCase): CaseChange {
  const ledgers: SavedLedgerChange[] = [...trail.ledgers.values()].map((ledger) => {
    const { policies: _same, ...change } = ledger
    return change
  })
  const undone = ledgers.map(({ accounts, ...ledger }) => {
    const before = new Map<Address, Account | undefined>()
    for (const address of accounts.keys()) before.set(address, undefined)
    return { ...ledger, accounts: before }
  })
  return {
    caseId: theft.id,
    opening: openingOf(theft),
    head: null,
    ledgers,
    hops: [],
    seen: [],
    groups: new Map(),
    told: [],
    forgotten: [],
    tellings: [],
    timeline: [],
    undo: { ...beforeFirst(theft), ledgers: undone },
  }
}

/** What a case is made of: another chain, start or source makes it another case. */
function openingOf({ chain, stolenAt, followAfter, sources }: Case): string {
  const owned = sources.map(({ address, asset, amount, coins = [] }) =>
    [address, asset, amount, ...coins.map(({ id }) => id)].join(' '),
  )
  return JSON.stringify({ chain, stolenAt, followAfter, sources: owned.sort() })
}

/**
 * A case as it was saved: accounts stay in the store until they are needed.
 * @throws CaseChangedError
 */
export function resumeCase(theft: Case, saved: SavedCase): OpenCase {
  if (saved.opening !== openingOf(theft)) throw new CaseChangedError({ caseId: theft.id })
  const ledgers = saved.ledgers.map((ledger) => {
    const empty = { accounts: new Map(), dust: new Map(), policies: trailPolicies }
    return [ledger.asset, { ...ledger, ...empty }] as const
  })
  return {
    case: theft,
    trail: { caseId: theft.id, chain: theft.chain, ledgers: new Map(ledgers) },
    watched: createAddressSet(saved.watched),
    head: saved.head,
    groups: saved.groups,
    told: new Map(saved.told.map((alert) => [alert.id, alert])),
    undo: resumeUndo(saved),
  }
}

/** Final blocks that changed nothing leave no entry in the store; nobody undoes them, so one reference stands for all. */
function resumeUndo({ head, undo }: SavedCase): Undo[] {
  if (head === null || undo.at(-1)?.number === head.number) return undo
  return [{ ...head, ledgers: [], groups: new Map() }]
}

/** The block before the first to follow. */
function beforeFirst({ followAfter = -1, stolenAt }: Case): Undo {
  return { number: followAfter, hash: '', time: stolenAt, ledgers: [], groups: new Map() }
}
