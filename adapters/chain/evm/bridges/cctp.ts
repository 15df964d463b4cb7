import { type Hex, hexToBigInt, hexToNumber, parseAbi } from 'viem'
import { cut, type Protocol, readAddress, readToken, untied } from './protocol.ts'

/** Circle's numbers of chains. @see https://developers.circle.com/stablecoins/supported-domains */
const domains = new Map([
  [0, 'Ethereum'],
  [1, 'Avalanche C-Chain'],
  [2, 'OP Mainnet'],
  [3, 'Arbitrum One'],
  [4, 'Noble'],
  [5, 'Solana'],
  [6, 'Base'],
  [7, 'Polygon'],
  [10, 'Unichain'],
  [13, 'Sonic'],
  [15, 'Monad'],
  [16, 'Sei'],
  [17, 'BNB Smart Chain'],
  [18, 'XDC'],
])

/**
 * Circle burns here and makes anew there: what its transmitter sends is the message of a burn. Of the first version the far
 * side names the number of the message; the second gets its number off the chain.
 */
export const cctp: Protocol = {
  deposits: parseAbi(['event MessageSent(bytes message)']),
  goalOf: ({ message }, place) => {
    const bytes = message as Hex
    const version = bytes.length >= 2 + 2 * 4 ? hexToNumber(cut(bytes, 0, 4)) : -1
    const layout = layouts[version]
    if (!layout || bytes.length < 2 + 2 * (layout.body + 100)) return null
    const target = hexToNumber(cut(bytes, 8, 12))
    const at = (start: number) => cut(bytes, layout.body + start, layout.body + start + 32)
    return {
      chain: domains.get(target) ?? `Circle's domain ${target}`,
      by: readAddress(cut(bytes, layout.sender, layout.sender + 32)),
      token: readToken(at(4)),
      address: readAddress(at(36)),
      amount: hexToBigInt(at(68)),
      ...(version === 0
        ? { key: keyOf(hexToNumber(cut(bytes, 4, 8)), hexToBigInt(cut(bytes, 12, 20))) }
        : untied('cctp', place)),
    }
  },
  payouts: parseAbi([
    'event MessageReceived(address indexed caller, uint32 sourceDomain, uint64 indexed nonce, bytes32 sender, bytes messageBody)',
  ]),
  payoutOf: ({ sourceDomain, nonce, messageBody }) => {
    const body = messageBody as Hex
    // Its transmitter carries messages of anybody, of any length.
    if (body.length < 2 + 2 * 100) return { key: null }
    return {
      key: keyOf(Number(sourceDomain), nonce as bigint),
      payee: readAddress(cut(body, 36, 68)),
      // Whoever burned may have named another one meanwhile, under the same number.
      named: null,
      amount: hexToBigInt(cut(body, 68, 100)),
    }
  },
}

/** Where the sender and the body begin in a message, by its version. @see Message.sol and MessageV2.sol of Circle */
const layouts: Partial<Record<number, { sender: number; body: number }>> = {
  0: { sender: 20, body: 116 },
  1: { sender: 44, body: 148 },
}

function keyOf(source: number, nonce: bigint): string {
  return `cctp:${source}:${nonce}`
}
