import type { Address } from './chain.ts'

/** A set of addresses that stays small at a million: 20 bytes a key and a little for finding it. */
export type AddressSet = {
  readonly size: number
  /** Takes hexadecimal digits in either case. */
  has(address: Address): boolean
  add(address: Address): void
  delete(address: Address): void
  /** Every key, 20 bytes each, and those that are no 20 bytes (`contract-creation:HASH`). */
  keys(): { packed: Uint8Array; others: Address[] }
}
