import type { Address, AssetId, Block, Transaction } from '#types/chain.ts'
import type { Rules, SeenTransaction, Trail } from '#types/trail.ts'

/** Balances of addresses off the trail, by asset, in base units. */
export type KnownBalances = Map<AssetId, Map<Address, bigint>>

/**
 * Learns what was read from the chain when addresses were reached before: each held `prior` right before the transfer
 * that opened it, so much less what the block brought it earlier. Answers from which transaction of the block on it was
 * watched, by `asset address`. What a service holds is of no use to anyone.
 */
export function learnBalances(
  known: KnownBalances,
  seen: readonly SeenTransaction[],
  { trail, serviceOf }: { trail: Trail; serviceOf: Rules['serviceOf'] },
): Map<string, number> {
  const watchedFrom = new Map<string, number>()
  const earlier: Transaction[] = []
  for (const { transaction, opened = [] } of seen) {
    for (const { asset, address, prior, position } of opened) {
      const balances = balancesOf(known, asset)
      const isKnown = balances.has(address) || trail.ledgers.get(asset)?.accounts.has(address)
      if (isKnown || serviceOf(address) !== null) continue
      const at = transaction.transfers.findIndex((transfer) => transfer.position === position)
      const before = { ...transaction, transfers: transaction.transfers.slice(0, Math.max(at, 0)) }
      const { fee: _unpaid, ...unpaid } = before
      const moved = [...earlier, unpaid].reduce(
        (sum, each) => sum + netOf(each, { asset, address }),
        0n,
      )
      balances.set(address, prior > moved ? prior - moved : 0n)
      watchedFrom.set(`${asset} ${address}`, earlier.length)
    }
    earlier.push(transaction)
  }
  return watchedFrom
}

/** Carries balances over a block; those of addresses that it brought onto the trail are of no use any more. */
export function carryBalances(
  known: KnownBalances,
  block: Pick<Block, 'transactions'>,
  trail: Trail,
): void {
  for (const [asset, balances] of known) {
    const accounts = trail.ledgers.get(asset)?.accounts
    for (const address of balances.keys()) if (accounts?.has(address)) balances.delete(address)
  }
  for (const { transfers, fee } of block.transactions) {
    for (const { asset, from, to, amount } of transfers) {
      if (from === to) continue
      pay(known, { asset, address: from, amount })
      receive(known, { asset, address: to, amount })
    }
    if (fee) pay(known, { asset: fee.asset, address: fee.from, amount: fee.amount })
  }
}

type Move = { asset: AssetId; address: Address; amount: bigint }

function pay(known: KnownBalances, { asset, address, amount }: Move): void {
  const balance = known.get(asset)?.get(address)
  if (balance === undefined) return
  known.get(asset)?.set(address, amount < balance ? balance - amount : 0n)
}

function receive(known: KnownBalances, { asset, address, amount }: Move): void {
  const balance = known.get(asset)?.get(address)
  if (balance !== undefined) known.get(asset)?.set(address, balance + amount)
}

function balancesOf(known: KnownBalances, asset: AssetId): Map<Address, bigint> {
  const balances = known.get(asset) ?? new Map<Address, bigint>()
  known.set(asset, balances)
  return balances
}

/** What a transaction brought an address, less what it took from it. */
function netOf(
  { transfers, fee }: Transaction,
  { asset, address }: { asset: AssetId; address: Address },
): bigint {
  let net = 0n
  for (const transfer of transfers) {
    if (transfer.asset !== asset || transfer.from === transfer.to) continue
    if (transfer.to === address) net += transfer.amount
    if (transfer.from === address) net -= transfer.amount
  }
  if (fee?.asset === asset && fee.from === address) net -= fee.amount
  return net
}
