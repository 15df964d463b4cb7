import { type TracedTransaction, traceTransactions } from '#trace/traceTransactions.ts'
import { policyNames } from '#types/trail.ts'
import { type Figure, median } from './figure.ts'
import { benchAsset, benchSource, generateCase } from './generateCase.ts'

const sizes = [1e3, 1e4, 1e5, 1e6]

/** Transfers that each measurement works through, so that small cases are timed as long as large ones. */
const transfersPerRound = 2e5
/** Fewer for the largest case, which takes seconds each time. */
const roundsOf = (size: number) => (size >= 1e6 ? 3 : 5)

/** Slowest that FIFO may be, as a share of bare balance keeping. */
const fifoBar = 0.3

/** Transfers traced a second, per policy and size, beside bare balance keeping of the same rows in the same run. */
export function benchTracing(): Figure[] {
  return sizes.flatMap((size) => {
    const rows = generateCase(size)
    const repeats = Math.max(1, Math.round(transfersPerRound / size))
    const policies = [...policyNames]
    const bare: number[] = []
    const traced = policies.map((): number[] => [])
    // The first round warms up, which the largest case does not need; then bare and traced take turns, so that noise
    // hits both.
    const warmUps = size >= 1e6 ? 0 : 1
    for (let round = 0; round < roundsOf(size) + warmUps; round++) {
      const bareMs = millisecondsOf(repeats, () => keepBalances(rows))
      const tracedMs = policies.map((policy) =>
        millisecondsOf(repeats, () =>
          traceTransactions(rows, {
            asset: benchAsset,
            policy,
            sources: [benchSource],
            serviceOf: () => null,
          }),
        ),
      )
      if (round < warmUps) continue
      bare.push(bareMs)
      for (const [index, ms] of tracedMs.entries()) traced[index]?.push(ms)
    }
    const perSecond = (ms: number) => (size * repeats * 1000) / ms
    const reference = perSecond(median(bare))
    return policies.map((policy, index): Figure => {
      const value = perSecond(median(traced[index] ?? []))
      // A ratio of each round, since the machine is as fast for both within one round only.
      const ratio = median((traced[index] ?? []).map((ms, round) => (bare[round] ?? 0) / ms))
      const bar = policy === 'fifo' ? fifoBar : null
      const ok = bar === null ? null : ratio >= bar
      return {
        name: `trace ${policy}, ${size} transfers`,
        value,
        unit: 'transfers/s',
        reference,
        ratio,
        bar,
        ok,
      }
    })
  })
}

/** The floor: balances as bigints, limited to what is known, and nothing else. */
function keepBalances(rows: readonly TracedTransaction[]): Map<string, bigint> {
  const balances = new Map([[benchSource.address, benchSource.amount]])
  const pay = (address: string, amount: bigint): void => {
    const known = balances.get(address) ?? 0n
    balances.set(address, amount < known ? known - amount : 0n)
  }
  for (const { transaction } of rows) {
    for (const { from, to, amount } of transaction.transfers) {
      if (from === to) continue
      pay(from, amount)
      balances.set(to, (balances.get(to) ?? 0n) + amount)
    }
    if (transaction.fee) pay(transaction.fee.from, transaction.fee.amount)
  }
  return balances
}

function millisecondsOf(repeats: number, work: () => unknown): number {
  const start = performance.now()
  for (let repeat = 0; repeat < repeats; repeat++) work()
  return performance.now() - start
}
