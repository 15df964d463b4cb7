import { InvalidTransactionError } from '#errors/input.ts'
import { findInPath, readLink, unwrapPaste } from './unwrapPaste.ts'

/** Bitcoin's have no `0x`. */
const hashPattern = /^(?:0x)?[0-9a-f]{64}$/i

/** What explorers call the pages of a transaction. */
const transactionPages = ['tx', 'transaction', 'transactions']

/**
 * The hash of a transaction as somebody wrote or pasted it, in lower case: bare, in quotes or brackets, or a link to
 * its page in an explorer.
 * @throws InvalidTransactionError
 */
export function parseTransaction(text: string): string {
  const pasted = unwrapPaste(text.trim())
  const link = readLink(pasted)
  const hash = link ? (findInPath(link, transactionPages) ?? '') : pasted
  if (!hashPattern.test(hash)) throw new InvalidTransactionError({ text })
  return hash.toLowerCase()
}
