import { parseUnits } from 'viem/utils'
import type { Asset } from '#types/chain.ts'

/** A decimal number of an asset in its base units. @example baseUnits('1.5', ether) // 1500000000000000000n */
export function baseUnits(number: string, { decimals }: Pick<Asset, 'decimals'>): bigint {
  return parseUnits(number, decimals)
}
