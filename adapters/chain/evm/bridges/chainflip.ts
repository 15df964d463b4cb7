import { type Hex, parseAbi } from 'viem'
import { type Protocol, readAddress, readToken, untied } from './protocol.ts'

/** @see https://docs.chainflip.io, and the constants in LI.FI's facet for it */
const chains = new Map([
  [1, 'Ethereum'],
  [2, 'Polkadot'],
  [3, 'Bitcoin'],
  [4, 'Arbitrum One'],
  [5, 'Solana'],
  [6, 'Polkadot Asset Hub'],
  [7, 'Tron'],
  [8, 'BNB Smart Chain'],
])

/** Vault swaps: where they go stands in the event, what is paid out names nothing. */
export const chainflip: Protocol = {
  deposits: parseAbi([
    'event SwapNative(uint32 dstChain, bytes dstAddress, uint32 dstToken, uint256 amount, address indexed sender, bytes cfParameters)',
    'event SwapToken(uint32 dstChain, bytes dstAddress, uint32 dstToken, address srcToken, uint256 amount, address indexed sender, bytes cfParameters)',
  ]),
  goalOf: ({ dstChain, dstAddress, srcToken, amount }, place) => ({
    chain: chains.get(Number(dstChain)) ?? `Chainflip's chain ${dstChain}`,
    address: readAddress(dstAddress as Hex),
    token: srcToken === undefined ? 'native' : readToken(srcToken as string),
    amount: amount as bigint,
    ...untied('chainflip', place),
  }),
}
