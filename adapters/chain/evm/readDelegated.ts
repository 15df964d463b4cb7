import { recoverAddress } from 'viem'
import { hashAuthorization } from 'viem/utils'
import type { Address } from '#types/chain.ts'
import { isAddress, isAmount, isFields, isNumber, isWord } from './fields.ts'
import type { RawTransaction } from './raw.ts'

const setCodeType = '0x4'

/**
 * By place, the accounts that sign in a block that code may act for them. Broken signatures are nobody's.
 * @see https://eips.ethereum.org/EIPS/eip-7702
 */
export async function readDelegated(
  transactions: readonly RawTransaction[],
): Promise<Map<number, Address[]>> {
  const found = new Map<number, Address[]>()
  for (const [place, { type, authorizationList: list }] of transactions.entries()) {
    if (type !== setCodeType || !Array.isArray(list)) continue
    const signers = await Promise.all(list.map(recover))
    found.set(
      place,
      signers.filter((signer) => signer !== null),
    )
  }
  return found
}

async function recover(authorization: unknown): Promise<Address | null> {
  if (!isFields(authorization)) return null
  const { chainId, address, nonce, r, s, yParity } = authorization
  const isWhole = isNumber(chainId) && isAddress(address) && isNumber(nonce)
  if (!isWhole || !isAmount(r) || !isAmount(s) || !isNumber(yParity)) return null
  const [wholeR, wholeS] = [r, s].map((part) => `0x${part.slice(2).padStart(64, '0')}`)
  if (!isWord(wholeR) || !isWord(wholeS)) return null
  try {
    const hash = hashAuthorization({
      chainId: Number(chainId),
      address: address as `0x${string}`,
      nonce: Number(nonce),
    })
    const signature = { r: wholeR, s: wholeS, yParity: Number(yParity) } as {
      r: `0x${string}`
      s: `0x${string}`
      yParity: number
    }
    return (await recoverAddress({ hash, signature })).toLowerCase()
  } catch {
    return null
  }
}
