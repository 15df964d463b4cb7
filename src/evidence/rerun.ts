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
  /** Addresses without a window that paid stolen value back in: what they did between is not there. */
  reentered: { address: Address; block: number }[]
}

/** How a payment is known. */
export function stepKey(transaction: string, position: string): string {
  return `${transaction} ${position}`
}

/** Works out how much stolen value came to the address, under FIFO and the two bounds: pure. */
export function rerun(exhibit: Exhibit): Rerun {
  const { asset, sources, address, windows, stops } = exhibit
  const inside = new Set(windows.map((window) => window.address))
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
  const reentered = told.filter(
    ({ transfer: { from, to } }) => !inside.has(from) && (inside.has(to) || to === address),
  )
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
    reentered: reentered.map(({ transaction, transfer }) => ({
      address: transfer.from,
      block: blocks.get(transaction.hash) ?? 0,
    })),
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
    return { transaction, time: 0, opened }
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
