import { getAddress } from 'viem/utils'
import { AddressChecksumError, InvalidAddressError } from '#errors/input.ts'
import type { Address } from '#types/chain.ts'
import { looksLikeCoinAddress, parseCoinAddress } from './parseCoinAddress.ts'
import { findInPath, readLink, unwrapPaste } from './unwrapPaste.ts'

const addressPattern = /^0x[0-9a-f]{40}$/i

/** What stands for an address on chains of coins where there is none. */
const placePattern = /^(?:coinjoin|script):[0-9a-f]{64}$/i

/** What explorers call the pages of an address. */
const addressPages = ['address', 'account', 'accounts', 'contract', 'token']

/**
 * An address as somebody wrote or pasted it, in lower case: bare, in quotes or brackets, as CAIP-10
 * (`eip155:1:0x...`), or a link to its page in an explorer. Written in both cases it must carry its EIP-55 checksum. One
 * of Bitcoin keeps its case, and always has a checksum.
 * @throws InvalidAddressError, AddressChecksumError
 */
export function parseAddress(text: string): Address {
  const trimmed = text.trim()
  const found = addressPattern.test(trimmed) ? trimmed : findAddress(unwrapPaste(trimmed))
  if (placePattern.test(found)) return found.toLowerCase()
  if (looksLikeCoinAddress(found)) {
    const address = parseCoinAddress(found)
    if (address === null) throw new AddressChecksumError({ text: found })
    return address
  }
  if (!addressPattern.test(found)) throw new InvalidAddressError({ text })
  const digits = found.slice(2)
  const lower = `0x${digits.toLowerCase()}` as const
  const isOneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase()
  if (!isOneCase && getAddress(lower).slice(2) !== digits) {
    throw new AddressChecksumError({ text: found })
  }
  return lower
}

/** An address as people compare it: with its EIP-55 checksum where it is one, else unchanged. */
export function showAddress(address: Address): string {
  return addressPattern.test(address) ? getAddress(address as `0x${string}`) : address
}

function findAddress(pasted: string): string {
  const link = readLink(pasted)
  // The page of a token, seen by one holder, is about the holder.
  if (link) return link.searchParams.get('a') ?? findInPath(link, addressPages) ?? ''
  return pasted.replace(/^(?:eip155:\d{1,20}|bip122:[0-9a-f]{32}):/i, '')
}
