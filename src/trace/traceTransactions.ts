import type { Address, AssetId } from '#types/chain.ts'
import type { Ledger, PolicyName, Rules, SeenTransaction } from '#types/trail.ts'
import { accountOf, type Draft, openDraft, openLedger } from './draft.ts'
import { followFee, followTransfer } from './followTransfer.ts'
import { recount } from './recount.ts'

/** A ledger worked out from the first transaction to the last, and how many transfers carried stolen value. */
export type Trace = { ledger: Ledger; read: number; followed: number }

/** What tracing needs of a transaction; a file knows no more. */
export type TracedTransaction = Pick<SeenTransaction, 'transaction' | 'time' | 'opened'>

/**
 * Traces one asset through transactions in order, under one policy, without a dust floor and without parking:
 * every address starts at 0, or at what `opened` says, and what it pays beyond its known balance is clean.
 */
export function traceTransactions(
  transactions: Iterable<TracedTransaction>,
  options: {
    asset: AssetId
    policy: PolicyName
    sources: readonly { address: Address; amount: bigint }[]
    serviceOf: Rules['serviceOf']
    /** Told how many transactions are done, now and then. */
    onProgress?: (read: number) => void
  },
): Trace {
  const { asset, policy, sources, serviceOf, onProgress } = options
  const ledger = openLedger({ asset, policies: [policy], sources, serviceOf, time: 0 })
  const rules: Rules = {
    serviceOf,
    isListed: () => false,
    isJudged: () => false,
    dustPerMillion: 0n,
    busyStrangers: null,
  }
  const balances = new Map<Address, bigint>()
  const draft = openDraft(
    { ...ledger, accounts: new Map() },
    { rules, book: { isComplete: true, balances } },
  )
  // Nobody else has this ledger, so its accounts are altered where they are.
  draft.accounts = ledger.accounts
  let read = 0
  let followed = 0
  for (const { transaction, time, opened } of transactions) {
    for (const transfer of transaction.transfers) {
      if (opened) raiseBalances(draft, opened, transfer.position)
      if (transfer.asset === asset && followTransfer(draft, transfer, time)) followed += 1
    }
    if (transaction.fee?.asset === asset) followFee(draft, transaction.fee, time)
    read += 1
    if (read % progressStep === 0) onProgress?.(read)
  }
  const result = { ...ledger, fees: draft.fees, dropped: draft.dropped }
  // The accounts were altered where they are, so nothing was counted on the way.
  const totals = recount({ ...result, accounts: new Map(), totals: new Map() }, result.accounts)
  return { ledger: { ...result, totals }, read, followed }
}

/** Transactions between two reports of progress. */
const progressStep = 10_000

/** Puts in what accounts held right before the transfer at `at` that opened them. */
function raiseBalances(
  draft: Draft,
  opened: NonNullable<SeenTransaction['opened']>,
  at: string,
): void {
  const { balances } = draft.book
  for (const { asset, address, prior, position } of opened) {
    if (position !== at || asset !== draft.ledger.asset || accountOf(draft, address)) continue
    if ((balances.get(address) ?? 0n) < prior) balances.set(address, prior)
  }
}
