import { holdingAt } from '#trace/holdingAt.ts'
import { stolenIn } from '#trace/policies.ts'
import { type TracedStep, type TracedTransaction, traceSteps } from '#trace/traceTransactions.ts'
import type { Address, AssetId, Transaction } from '#types/chain.ts'
import type { ServiceKind } from '#types/label.ts'
import { type Ledger, trailPolicies } from '#types/trail.ts'

/** An address whose transactions are all there, behind block `from` and up to `to`. */
export type Window = {
  address: Address
  from: number
  to: number
  /** Base units after block `from`. */
  balance: bigint
}

/** What a packet is worked out from. */
export type Exhibit = {
  asset: AssetId
  sources: readonly { address: Address; amount: bigint }[]
  address: Address
  windows: readonly Window[]
  /** In order. */
  transactions: readonly { transaction: Transaction; block: number }[]
  /** Addresses at which the trail ends. */
  stops: ReadonlyMap<Address, ServiceKind>
}

/** What came of it, in base units: by FIFO and the two bounds. */
export type Rerun = {
  /** Stolen part of each payment that carried any, by `stepKey`. */
  steps: ReadonlyMap<string, readonly bigint[]>
  arrived: bigint[]
  held: bigint[]
  hops: number
  /** The way by which it first came, the source first; empty where nothing came. */
  path: TracedStep[]
  /** Payments of stolen value by whoever has no window then: what they did before may not be there. */
  uncovered: { address: Address; block: number }[]
}

/** How a payment is known. */
export function stepKey(transaction: string, position: string): string {
  return `${transaction} ${position}`
}

/** Works out how much stolen value came to the address, under FIFO and the two bounds: pure. */
export function rerun(exhibit: Exhibit): Rerun {
  const { asset, sources, address, windows, stops } = exhibit
  const inside = new Map(windows.map((window) => [window.address, window]))
  const told: TracedStep[] = []
  const { ledger } = traceSteps(withPriors(exhibit), {
    asset,
    policies: trailPolicies,
    sources,
    serviceOf: (other) => stops.get(other) ?? null,
    onStep: (step) => void told.push(step),
  })
  const blocks = new Map(exhibit.transactions.map((each) => [each.transaction.hash, each.block]))
  const arrivals = told.filter(({ transfer }) => transfer.to === address)
  const blockOf = ({ transaction }: TracedStep) => blocks.get(transaction.hash) ?? 0
  // What comes in once an address has paid for the last time that matters does not matter.
  const counts = (step: TracedStep) =>
    step.transfer.to === address || blockOf(step) <= (inside.get(step.transfer.to)?.to ?? -1)
  const isCovered = (step: TracedStep) => {
    const window = inside.get(step.transfer.from)
    const block = blockOf(step)
    return window !== undefined && window.from < block && block <= window.to
  }
  const uncovered = told.filter((step) => counts(step) && !isCovered(step))
  const account = ledger.accounts.get(address)
  return {
    steps: new Map(
      told.map((step) => [stepKey(step.transaction.hash, step.transfer.position), step.stolen]),
    ),
    arrived: trailPolicies.map((_, index) =>
      arrivals.reduce((sum, { stolen }) => sum + (stolen[index] ?? 0n), 0n),
    ),
    held: trailPolicies.map((_, index) => (account ? stolenIn(holdingAt(account, index)) : 0n)),
    hops: account ? Math.min(...account.holdings.map(({ hops }) => hops)) : 0,
    path: pathTo(address, { ledger, told }),
    uncovered: uncovered.map((step) => ({ address: step.transfer.from, block: blockOf(step) })),
  }
}

/** Each payment to an address with a window tells what that held before, should it be the one that opens it. */
function withPriors({ asset, windows, transactions }: Exhibit): TracedTransaction[] {
  const known = new Map(windows.map((window) => [window.address, { ...window }]))
  const move = (address: Address, block: number, amount: bigint) => {
    const window = known.get(address)
    if (!window || block <= window.from) return
    const balance = window.balance + amount
    window.balance = balance < 0n ? 0n : balance
  }
  return transactions.map(({ transaction, block }) => {
    const opened: { asset: AssetId; address: Address; prior: bigint; position: string }[] = []
    for (const { asset: moved, from, to, amount, position } of transaction.transfers) {
      if (moved !== asset || from === to) continue
      const window = known.get(to)
      if (window) opened.push({ asset, address: to, prior: window.balance, position })
      move(from, block, -amount)
      move(to, block, amount)
    }
    const { fee } = transaction
    if (fee?.asset === asset) move(fee.from, block, -fee.amount)
    // One asset alone: what it was swapped for is not asked, and where it was is a stop.
    const transfers = transaction.transfers.filter((each) => each.asset === asset)
    return { transaction: { ...transaction, transfers }, time: 0, opened }
  })
}

/** The steps by which stolen value first came to an address. */
function pathTo(
  address: Address,
  { ledger, told }: { ledger: Ledger; told: readonly TracedStep[] },
): TracedStep[] {
  const first = new Map<string, TracedStep>()
  for (const step of told) {
    const way = `${step.transfer.from} ${step.transfer.to}`
    if (!first.has(way)) first.set(way, step)
  }
  const path: TracedStep[] = []
  const seen = new Set<Address>()
  for (let at = address; !seen.has(at); ) {
    seen.add(at)
    const payer = ledger.accounts.get(at)?.firstPayer
    const step = payer ? first.get(`${payer} ${at}`) : undefined
    if (!payer || !step) break
    path.push(step)
    at = payer
  }
  return path.reverse()
}
