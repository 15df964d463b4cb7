import type { Address } from '#types/chain.ts'
import type { Exhibit } from './rerun.ts'

/** Base units by which a balance moved, and transactions that the address sent itself. */
export type Explained = { moved: bigint; sent: number }

/** What the transactions tell of each address in its window. */
export function explainBalances({
  asset,
  windows,
  transactions,
}: Pick<Exhibit, 'asset' | 'windows' | 'transactions'>): ReadonlyMap<Address, Explained> {
  const known = new Map(windows.map((window) => [window.address, window]))
  const told = new Map(windows.map(({ address }) => [address, { moved: 0n, sent: 0 }]))
  for (const { transaction, block } of transactions) {
    const find = (address: Address) => {
      const window = known.get(address)
      const isIn = window && window.from < block && block <= window.to
      return isIn ? told.get(address) : undefined
    }
    for (const { asset: moved, from, to, amount } of transaction.transfers) {
      if (moved !== asset) continue
      const payee = find(to)
      if (payee) payee.moved += amount
      const payer = find(from)
      if (payer) payer.moved -= amount
    }
    const { fee } = transaction
    const sender = fee && find(fee.from)
    if (!fee || !sender) continue
    sender.sent += 1
    if (fee.asset === asset) sender.moved -= fee.amount
  }
  return told
}
