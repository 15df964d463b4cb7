import type { Chain } from '#types/chain.ts'
import { parseAddress } from '#utils/parseAddress.ts'
import { bridgeContracts } from './bridges.ts'

/**
 * An EVM chain whose native asset has 18 decimals and a wrapper that tells `Deposit` and `Withdrawal`, as WETH does.
 * @throws InvalidAddressError, AddressChecksumError
 */
export function defineChain({
  id: number,
  name,
  symbol,
  coin,
  wrapper,
  tokens = [],
  confirmations,
  explorer,
}: {
  /** EIP-155. */
  id: number
  name: string
  symbol: string
  /** The native asset in SLIP-44. @see https://github.com/satoshilabs/slips/blob/master/slip-0044.md */
  coin: number
  /** With its checksum. */
  wrapper: string
  /** What value may be swapped into, each contract with its checksum. @default none */
  tokens?: readonly {
    contract: string
    symbol: string
    decimals: number
    signers?: readonly string[]
    countsShares?: boolean
  }[]
  confirmations: number
  /** Start of its pages. */
  explorer: string
}): Chain {
  const id = `eip155:${number}`
  const native = { id: `${id}/slip44:${coin}`, symbol, decimals: 18 }
  return {
    id,
    name,
    native,
    tokens: [
      { contract: parseAddress(wrapper), asset: native, wrapsNative: true },
      ...tokens.map(({ contract: text, symbol, decimals, signers = [], countsShares }) => {
        const contract = parseAddress(text)
        const asset = { id: `${id}/erc20:${contract}`, symbol, decimals }
        return {
          ...{ contract, asset, signers: signers.map(parseAddress) },
          ...(countsShares && { countsShares }),
        }
      }),
    ],
    bridges: bridgeContracts.filter((each) => each.chain === id),
    confirmations,
    explorer: { address: `${explorer}/address/`, transaction: `${explorer}/tx/` },
  }
}
