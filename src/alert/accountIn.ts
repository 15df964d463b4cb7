import type { Address, AssetId } from '#types/chain.ts'
import type { Account, Trail, TrailChange } from '#types/trail.ts'

/** The account of an address once a change has been made; `undefined` where it is not on the trail. */
export function accountIn(
  { ledgers }: Trail,
  { change, asset, address }: { change: TrailChange; asset: AssetId; address: Address },
): Account | undefined {
  const changed = change.ledgers.find((ledger) => ledger.asset === asset)
  return changed?.accounts.get(address) ?? ledgers.get(asset)?.accounts.get(address)
}
