import { createHash } from 'node:crypto'
import { bech32, bech32m, createBase58check } from '@scure/base'
import type { Address } from '#types/chain.ts'

/** What addresses of Bitcoin and of its test networks begin with, in SegWit. */
const prefixes = ['bc', 'tb', 'bcrt']

/** Version bytes of the older ones: to a key and to a script, the test networks' behind them. */
const versions = new Set([0x00, 0x05, 0x6f, 0xc4])

const segwitPattern = /^(?:bc|tb|bcrt)1[02-9ac-hj-np-z]{11,87}$/i
const olderPattern = /^[123mn][1-9A-HJ-NP-Za-km-z]{25,34}$/

const base58check = createBase58check((data: Uint8Array) =>
  createHash('sha256').update(data).digest(),
)

/** Whether a text is written as an address of Bitcoin is, its checksum not looked at. */
export function looksLikeCoinAddress(text: string): boolean {
  return segwitPattern.test(text) || olderPattern.test(text)
}

/**
 * An address of Bitcoin as it is compared: SegWit ones in lower case. `null` where its checksum is wrong.
 * @see https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki
 * @see https://github.com/bitcoin/bips/blob/master/bip-0350.mediawiki
 */
export function parseCoinAddress(text: string): Address | null {
  try {
    return segwitPattern.test(text) ? parseSegwit(text) : parseOlder(text)
  } catch {
    return null
  }
}

/** The first version of SegWit has another checksum than those after it. */
function parseSegwit(text: string): Address | null {
  const isFirst = /1[qQ][^1]*$/.test(text)
  const { decode, fromWords } = isFirst ? bech32 : bech32m
  const { prefix, words } = decode(text as `${string}1${string}`)
  const { length } = fromWords(words.slice(1))
  const fits = isFirst ? length === 20 || length === 32 : length >= 2 && length <= 40
  return prefixes.includes(prefix) && fits ? text.toLowerCase() : null
}

function parseOlder(text: string): Address | null {
  const bytes = base58check.decode(text)
  return bytes.length === 21 && versions.has(bytes[0] ?? -1) ? text : null
}
