import type { TracedTransaction } from '#trace/traceTransactions.ts'
import type { Transaction } from '#types/chain.ts'

export const benchAsset = 'eip155:1/slip44:60'
export const benchSource = { address: addressOf(0), amount: 400_000n * 10n ** 18n }

/**
 * A made-up theft of `size` transfers among `size / 5` addresses: peel chains, splits and collectors, with
 * strangers' clean payments (15 %) between. The same size gives the same case.
 */
export function generateCase(size: number): TracedTransaction[] {
  const random = createRandom(size)
  const addresses = Math.max(10, Math.floor(size / 5))
  const balances = new Map([[0, benchSource.amount]])
  // Addresses that held stolen money at some time; the latest ones move most, as thieves do.
  const reached = [0]
  const rows: TracedTransaction[] = []
  while (rows.length < size) {
    const to = Math.floor(random() * addresses)
    const share = BigInt(1 + Math.floor(random() * 999))
    if (random() < 0.15) {
      const from = Math.floor(random() * addresses)
      rows.push(timed(rows.length, from, to, share * 10n ** 15n))
      continue
    }
    const recency = random() ** 2
    const from = reached[reached.length - 1 - Math.floor(recency * reached.length)] ?? 0
    const balance = balances.get(from) ?? 0n
    if (balance < 10n ** 16n || from === to) continue
    const amount = (balance * share) / 1000n
    balances.set(from, balance - amount - benchFee)
    if (!balances.has(to)) reached.push(to)
    balances.set(to, (balances.get(to) ?? 0n) + amount)
    rows.push(timed(rows.length, from, to, amount))
  }
  return rows
}

const benchFee = 21_000n * 30_000_000_000n

function timed(row: number, from: number, to: number, amount: bigint): TracedTransaction {
  return { transaction: transactionOf(row, addressOf(from), addressOf(to), amount), time: row }
}

function transactionOf(row: number, from: string, to: string, amount: bigint): Transaction {
  return {
    hash: `0x${row.toString(16).padStart(64, '0')}`,
    transfers: [{ position: 'v', from, to, asset: benchAsset, amount }],
    fee: { from, asset: benchAsset, amount: benchFee },
  }
}

function addressOf(index: number): string {
  // Spread like real addresses, so that no map profits from an order.
  return `0x${((BigInt(index + 1) * 0x9e3779b97f4a7c15f39cc0605cedc835n) % (1n << 160n)).toString(16).padStart(40, '0')}`
}

/** mulberry32: small, fast and the same everywhere. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
