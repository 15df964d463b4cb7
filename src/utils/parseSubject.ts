import { InvalidAddressError, InvalidSubjectError, InvalidTransactionError } from '#errors/input.ts'
import type { Address } from '#types/chain.ts'
import { parseAddress } from './parseAddress.ts'
import { parseTransaction } from './parseTransaction.ts'

/** What people ask about: an address, or a transaction by its lower-case hash. */
export type Subject = { address: Address } | { transaction: string }

/**
 * An address or a transaction as somebody wrote or pasted it.
 * @throws InvalidSubjectError, AddressChecksumError
 */
export function parseSubject(text: string): Subject {
  try {
    return { transaction: parseTransaction(text) }
  } catch (error) {
    if (!(error instanceof InvalidTransactionError)) throw error
  }
  try {
    return { address: parseAddress(text) }
  } catch (error) {
    if (error instanceof InvalidAddressError) throw new InvalidSubjectError({ text })
    throw error
  }
}
