import { encodePacked, type Hex, hexToNumber, keccak256, padHex, parseAbi } from 'viem'
import {
  type Args,
  cut,
  type Goal,
  type Payout,
  type Protocol,
  readAddress,
  untied,
} from './protocol.ts'

/** LayerZero's numbers of chains. @see https://docs.layerzero.network/v2/deployments/deployed-contracts */
const endpoints: readonly [number, chain: string][] = [
  [30101, 'eip155:1'],
  [30102, 'eip155:56'],
  [30106, 'eip155:43114'],
  [30109, 'eip155:137'],
  [30110, 'eip155:42161'],
  [30111, 'eip155:10'],
  [30181, 'eip155:5000'],
  [30184, 'eip155:8453'],
]

/** Bytes of a packet before its message. @see PacketV1Codec of LayerZero V2 */
const headerBytes = 113

/** What the endpoint delivers, and what a token or a pool then pays. */
const payouts = parseAbi([
  'struct Origin { uint32 srcEid; bytes32 sender; uint64 nonce; }',
  'event PacketDelivered(Origin origin, address receiver)',
  'event OFTReceived(bytes32 indexed guid, uint32 srcEid, address indexed toAddress, uint256 amountReceivedLD)',
])

/**
 * Messages of tokens (OFT) and of Stargate's pools. The endpoint vouches for who sent it and to whom, not for what the
 * message says: that is as good as the contract that sent it.
 */
export const layerzero: Protocol = {
  isOpen: true,
  family: ['LayerZero', 'Stargate'],
  deposits: parseAbi([
    'event PacketSent(bytes encodedPayload, bytes options, address sendLibrary)',
  ]),
  goalOf: ({ encodedPayload }) => {
    const packet = encodedPayload as Hex
    if (packet.length < 2 + 2 * headerBytes) return null
    const target = hexToNumber(cut(packet, 45, 49))
    const address = payeeIn(cut(packet, headerBytes))
    const isEvm = endpoints.some(([number]) => number === target)
    if (address === null || (isEvm && address.length !== 42)) return null
    const key = nameOf(cut(packet, 81, headerBytes))
    return { chain: chainOf(target), address, by: readAddress(cut(packet, 13, 45)), key }
  },
  payouts,
  payoutOf,
}

/** Who rides a bus comes out with many others, whose packet names none of them. */
export const stargate: Protocol = {
  family: ['LayerZero', 'Stargate'],
  deposits: parseAbi([
    'event BusRode(uint32 dstEid, uint72 ticketId, uint80 fare, bytes passenger)',
  ]),
  goalOf: ({ dstEid, passenger }, place): Goal => ({
    chain: chainOf(Number(dstEid)),
    address: readAddress(cut(passenger as Hex, 2, 34)),
    ...untied('stargate', place),
  }),
  payouts,
  payoutOf,
}

function payoutOf(args: Args, chain: string): Payout {
  const { guid, toAddress, amountReceivedLD, origin, receiver } = args
  if (guid !== undefined) {
    const amount = amountReceivedLD as bigint
    return { key: nameOf(guid as Hex), payee: readAddress(toAddress as Hex), amount }
  }
  const { srcEid, sender, nonce } = origin as { srcEid: number; sender: Hex; nonce: bigint }
  const [target] = endpoints.find(([, id]) => id === chain) ?? []
  if (target === undefined) return { key: null }
  const path = encodePacked(
    ['uint64', 'uint32', 'bytes32', 'uint32', 'bytes32'],
    [nonce, srcEid, sender, target, padHex(receiver as Hex)],
  )
  return { key: nameOf(keccak256(path)) }
}

function chainOf(endpoint: number): string {
  const [, chain] = endpoints.find(([number]) => number === endpoint) ?? []
  return chain ?? `LayerZero's endpoint ${endpoint}`
}

/** The far side names a packet by the same hash, of its number and its path (GUID). */
function nameOf(guid: Hex): string {
  return `layerzero:${guid.toLowerCase()}`
}

/**
 * Whom a message pays: of a token the payee comes first (OFTMsgCodec, 40 bytes or more), of Stargate after the type and
 * the asset (TaxiCodec, type 1), and of a bus nobody by name (BusCodec, type 2). `null` where it is none of them.
 */
function payeeIn(message: Hex): string | null {
  const bytes = (message.length - 2) / 2
  const isTaxi = /^0x01[0-9a-f]{4}0{24}/i.test(message) && bytes >= 43
  if (isTaxi) return readAddress(cut(message, 3, 35))
  if (/^0x02/.test(message) && (bytes - 33) % 43 === 0) return null
  return bytes >= 40 ? readAddress(cut(message, 0, 32)) : null
}
