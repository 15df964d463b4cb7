import type { Address } from '#types/chain.ts'
import type { PolicyName } from '#types/trail.ts'
import type { LabelIndex } from '#utils/indexLabels.ts'
import { holdingAt } from './holdingAt.ts'
import { stolenIn } from './policies.ts'
import { totalsOf } from './totals.ts'
import type { Trace } from './traceTransactions.ts'

/** Stolen value at rest at one address. */
export type Held = {
  address: Address
  /** Base units. */
  amount: bigint
  label: string | null
  kind: string | null
  hops: number
}

/** What a trace found, under one policy, amounts in base units. */
export type TraceReport = {
  policy: PolicyName
  stolen: bigint
  fees: bigint
  dropped: bigint
  /** By amount, the largest first, then by address; nobody with nothing. */
  held: Held[]
  transfers: { read: number; followed: number }
}

/** Sums up a trace of one policy. */
export function reportTrace({ ledger, read, followed }: Trace, labels: LabelIndex): TraceReport {
  const held: Held[] = []
  for (const account of ledger.accounts.values()) {
    const holding = holdingAt(account, 0)
    const amount = stolenIn(holding)
    if (amount === 0n) continue
    const label = labels.get(account.address)?.[0]
    held.push({
      address: account.address,
      amount,
      label: label?.name || null,
      kind: label?.kind || null,
      hops: holding.hops,
    })
  }
  held.sort((a, b) => compare(b.amount, a.amount) || compare(a.address, b.address))
  const { stolen, fees, dropped } = totalsOf(ledger)
  const policy = ledger.policies[0] ?? 'fifo'
  return { policy, stolen, fees, dropped, held, transfers: { read, followed } }
}

/** A report as JSON: amounts become decimal strings. */
export function traceJson(report: TraceReport): string {
  return JSON.stringify(report, (_key, value) =>
    typeof value === 'bigint' ? String(value) : value,
  )
}

function compare<Value extends bigint | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0
}
