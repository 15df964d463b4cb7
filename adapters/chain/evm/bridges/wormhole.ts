import { type Hex, hexToNumber, parseAbi } from 'viem'
import { cut, type Protocol, readAddress, readToken } from './protocol.ts'

/** Wormhole's numbers of chains. @see https://wormhole.com/docs/products/reference/chain-ids/ */
const chains: readonly [number, name: string, chain?: string][] = [
  [1, 'Solana'],
  [2, 'Ethereum', 'eip155:1'],
  [4, 'BNB Smart Chain', 'eip155:56'],
  [5, 'Polygon', 'eip155:137'],
  [6, 'Avalanche C-Chain', 'eip155:43114'],
  [23, 'Arbitrum One', 'eip155:42161'],
  [24, 'OP Mainnet', 'eip155:10'],
  [30, 'Base', 'eip155:8453'],
]

/**
 * Transfers of the token bridge. Its core tells any contract's messages, so that only those of listed token bridges
 * count, by their sender.
 */
export const wormhole: Protocol = {
  deposits: parseAbi([
    'event LogMessagePublished(address indexed sender, uint64 sequence, uint32 nonce, bytes payload, uint8 consistencyLevel)',
  ]),
  goalOf: ({ sender, sequence, payload }, place) => {
    const [own] = chains.find(([, , chain]) => chain === place.chain) ?? []
    const by = (sender as string).toLowerCase()
    const message = payload as Hex
    // 1 pays an address, 3 a contract that is then called. Both begin alike.
    if (own === undefined || !/^0x0[13]/.test(message) || message.length < 2 + 2 * 101) return null
    const isOwn = hexToNumber(cut(message, 65, 67)) === own
    const target = hexToNumber(cut(message, 99, 101))
    const [, name] = chains.find(([number]) => number === target) ?? []
    return {
      chain: name ?? `Wormhole's chain ${target}`,
      address: readAddress(cut(message, 67, 99)),
      by,
      ...(isOwn && { token: readToken(cut(message, 33, 65)) }),
      key: `wormhole:${own}:${by}:${sequence}`,
    }
  },
  payouts: parseAbi([
    'event TransferRedeemed(uint16 indexed emitterChainId, bytes32 indexed emitterAddress, uint64 indexed sequence)',
  ]),
  payoutOf: ({ emitterChainId, emitterAddress, sequence }) => ({
    key: `wormhole:${emitterChainId}:${readAddress(emitterAddress as Hex)}:${sequence}`,
  }),
}
