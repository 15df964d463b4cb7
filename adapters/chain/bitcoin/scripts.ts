import { createHash } from 'node:crypto'
import { Address as coder, OutScript } from '@scure/btc-signer'
import type { Address, AddressFormat } from '#types/chain.ts'

/** Says that an output holds nothing but words. */
const opReturn = 0x6a

/** The address that a locking script stands for; `script:HASH` (SHA-256) where it has none. */
export function createAddresses({ bech32, pubKeyHash, scriptHash }: AddressFormat) {
  const { encode } = coder({ bech32, pubKeyHash, scriptHash, wif: 0 })
  return function addressOf(script: Uint8Array): Address {
    try {
      return encode(OutScript.decode(script))
    } catch {
      return `script:${createHash('sha256').update(script).digest('hex')}`
    }
  }
}

/** The words of an output that holds nothing else; `undefined` where it holds value. */
export function wordsIn(script: Uint8Array): string | undefined {
  if (script[0] !== opReturn) return undefined
  const length = script[1] ?? 0
  // One byte says how long it is, up to 75; beyond that another one does.
  const start = length === 0x4c ? 3 : 2
  return new TextDecoder().decode(script.subarray(start))
}
