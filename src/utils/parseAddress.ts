import { getAddress } from 'viem/utils'
import { AddressChecksumError, InvalidAddressError } from '#errors/input.ts'
import type { Address } from '#types/chain.ts'

const addressPattern = /^0x[0-9a-f]{40}$/i

/**
 * An address as somebody wrote it, in lower case. Written in both cases it must carry its EIP-55 checksum.
 * @throws InvalidAddressError, AddressChecksumError
 */
export function parseAddress(text: string): Address {
  const trimmed = text.trim()
  if (!addressPattern.test(trimmed)) throw new InvalidAddressError({ text })
  const digits = trimmed.slice(2)
  const lower = `0x${digits.toLowerCase()}` as const
  const isOneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase()
  if (!isOneCase && getAddress(lower).slice(2) !== digits) {
    throw new AddressChecksumError({ text })
  }
  return lower
}

/** An address as people compare it: with its EIP-55 checksum where it is one, else unchanged. */
export function showAddress(address: Address): string {
  return addressPattern.test(address) ? getAddress(address as `0x${string}`) : address
}
