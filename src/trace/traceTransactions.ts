import type { Source } from '#types/case.ts'
import type { Address, AssetId, Transaction, Transfer } from '#types/chain.ts'
import type { Ledger, PolicyName, Rules, SeenTransaction } from '#types/trail.ts'
import { accountOf, type Book, type Draft, openDraft, openLedger } from './draft.ts'
import { findTrades } from './findTrades.ts'
import { followCoins } from './followCoins.ts'
import { followTrade } from './followTrade.ts'
import { followFee, followTransfer } from './followTransfer.ts'
import { stolenInPayment } from './policies.ts'
import { recount } from './recount.ts'

/** A ledger worked out from the first transaction to the last, and how many transfers carried stolen value. */
export type Trace = { ledger: Ledger; read: number; followed: number }

/** What tracing needs of a transaction; a file knows no more. */
export type TracedTransaction = Pick<SeenTransaction, 'transaction' | 'time' | 'opened'>

/** A transfer that carried stolen value: its stolen part under each policy, in base units. */
export type TracedStep = { transaction: Transaction; transfer: Transfer; stolen: bigint[] }

type TraceOptions = {
  asset: AssetId
  sources: readonly Pick<Source, 'address' | 'amount' | 'coins'>[]
  serviceOf: Rules['serviceOf']
  /** Told how many transactions are done, now and then. */
  onProgress?: (read: number) => void
}

/**
 * Traces one asset through transactions in order, under one policy, without a dust floor and without parking:
 * every address starts at 0, or at what `opened` says, and what it pays beyond its known balance is clean.
 */
export function traceTransactions(
  transactions: Iterable<TracedTransaction>,
  { policy, ...options }: TraceOptions & { policy: PolicyName },
): Trace {
  return traceSteps(transactions, { ...options, policies: [policy] })
}

/** The same under several policies at once, each step told. */
export function traceSteps(
  transactions: Iterable<TracedTransaction>,
  options: TraceOptions & {
    policies: readonly PolicyName[]
    onStep?: (step: TracedStep) => void
  },
): Trace {
  const { asset, policies, sources, serviceOf, onStep, onProgress } = options
  const ledger = openLedger({ asset, policies, sources, serviceOf, time: 0 })
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
  const isFollowed = (moved: AssetId, address: Address) =>
    moved === asset && draft.accounts.get(address)?.stop === null
  const openElsewhere = (other: AssetId) =>
    openDraft(openLedger({ asset: other, policies }), { rules, book: emptyBook() })
  let read = 0
  let followed = 0
  for (const { transaction, time, opened } of transactions) {
    if (transaction.coins) {
      const { coins } = transaction
      const carried = followCoins(draft, { ...transaction, coins }, time)
      followed += carried.length
      for (const { transfer, stolen } of carried) onStep?.({ transaction, transfer, stolen })
    }
    const { transfers, trades } = findTrades(transaction, { isFollowed, rules })
    for (const transfer of transfers) {
      if (opened) setBalances(draft, opened, transfer.position)
      if (transfer.asset !== asset) continue
      if (transfer.isFee) {
        followFee(draft, transfer, time)
        continue
      }
      if (!followTransfer(draft, transfer, time)) continue
      followed += 1
      const stolen = onStep && draft.payments.map((payment) => stolenInPayment(payment))
      if (stolen) onStep({ transaction, transfer, stolen })
    }
    // What a swap brings in another asset is not this ledger's.
    for (const trade of trades) followTrade(draft, trade, { draftOf: openElsewhere, time })
    if (transaction.fee?.asset === asset) followFee(draft, transaction.fee, time)
    read += 1
    if (read % progressStep === 0) onProgress?.(read)
  }
  const { fees, dropped, swappedOut } = draft
  const result = { ...ledger, fees, dropped, swappedOut }
  // The accounts were altered where they are, so nothing was counted on the way.
  const totals = recount({ ...result, accounts: new Map(), totals: new Map() }, result.accounts)
  return { ledger: { ...result, totals }, read, followed }
}

const emptyBook = (): Book => ({ isComplete: true, balances: new Map() })

/** Transactions between two reports of progress. */
const progressStep = 10_000

/** Puts in what accounts held right before the transfer at `at` that opened them. */
function setBalances(
  draft: Draft,
  opened: NonNullable<SeenTransaction['opened']>,
  at: string,
): void {
  const { balances } = draft.book
  for (const { asset, address, prior, position } of opened) {
    if (position !== at || asset !== draft.ledger.asset || accountOf(draft, address)) continue
    balances.set(address, prior)
  }
}
