import { decodeEventLog, type Hex, hexToString, parseAbi } from 'viem'
import type { Chain, Crossing } from '#types/chain.ts'
import { parseThorMemo } from '#utils/parseThorMemo.ts'
import type { RawLog, RawTransaction } from './raw.ts'

/** Events by which bridges say where value goes, as their contracts declare them. */
const events = {
  THORChain: parseAbi([
    'event Deposit(address indexed to, address indexed asset, uint256 amount, string memo)',
  ]),
  Chainflip: parseAbi([
    'event SwapNative(uint32 dstChain, bytes dstAddress, uint32 dstToken, uint256 amount, address indexed sender, bytes cfParameters)',
    'event SwapToken(uint32 dstChain, bytes dstAddress, uint32 dstToken, address srcToken, uint256 amount, address indexed sender, bytes cfParameters)',
  ]),
  Across: parseAbi([
    'event FundsDeposited(bytes32 inputToken, bytes32 outputToken, uint256 inputAmount, uint256 outputAmount, uint256 indexed destinationChainId, uint256 indexed depositId, uint32 quoteTimestamp, uint32 fillDeadline, uint32 exclusivityDeadline, bytes32 indexed depositor, bytes32 recipient, bytes32 exclusiveRelayer, bytes message)',
    'event V3FundsDeposited(address inputToken, address outputToken, uint256 inputAmount, uint256 outputAmount, uint256 indexed destinationChainId, uint32 indexed depositId, uint32 quoteTimestamp, uint32 fillDeadline, uint32 exclusivityDeadline, address indexed depositor, address recipient, address exclusiveRelayer, bytes message)',
  ]),
  CCTP: parseAbi([
    'event DepositForBurn(uint64 indexed nonce, address indexed burnToken, uint256 amount, address indexed depositor, bytes32 mintRecipient, uint32 destinationDomain, bytes32 destinationTokenMessenger, bytes32 destinationCaller)',
  ]),
}

/** @see https://docs.chainflip.io, and the constants in LI.FI's facet for it */
const chainflipChains = new Map([
  [1, 'Ethereum'],
  [2, 'Polkadot'],
  [3, 'Bitcoin'],
  [4, 'Arbitrum One'],
  [5, 'Solana'],
])

/** @see https://developers.circle.com/stablecoins/supported-domains */
const circleDomains = new Map([
  [0, 'Ethereum'],
  [1, 'Avalanche C-Chain'],
  [2, 'OP Mainnet'],
  [3, 'Arbitrum One'],
  [4, 'Noble'],
  [5, 'Solana'],
  [6, 'Base'],
  [7, 'Polygon'],
])

/**
 * Where bridges say that value of a transaction goes on. Events count of the chain's listed bridges alone, since anybody can
 * write them; a memo that came with a plain payment is told as a claim of whoever paid.
 */
export function readCrossings(
  transaction: RawTransaction,
  { logs, bridges = [] }: { logs: readonly RawLog[]; bridges?: Chain['bridges'] },
): Crossing[] {
  const told = logs.flatMap((log): Crossing[] => {
    const by = log.address.toLowerCase()
    const bridge = bridges.find(({ contract }) => contract === by)
    const abi = bridge && events[bridge.protocol as keyof typeof events]
    const goal = abi && readEvent(abi, log)
    return bridge && goal ? [{ bridge: bridge.protocol, by, isClaimed: false, ...goal }] : []
  })
  return told.length > 0 ? told : readMemo(transaction)
}

type Goal = Pick<Crossing, 'chain' | 'address'>

function readEvent(
  abi: (typeof events)[keyof typeof events],
  { topics, data }: RawLog,
): Goal | null {
  let args: Record<string, unknown>
  try {
    const log = { topics: topics as [Hex, ...Hex[]], data: data as Hex }
    args = decodeEventLog({ abi, ...log }).args as Record<string, unknown>
  } catch {
    // Another event of the same contract.
    return null
  }
  if (typeof args.memo === 'string') return parseThorMemo(args.memo)
  if (args.dstAddress !== undefined) {
    const chain = chainflipChains.get(Number(args.dstChain)) ?? `Chainflip's chain ${args.dstChain}`
    return { chain, address: readAddress(args.dstAddress as Hex) }
  }
  if (args.destinationChainId !== undefined) {
    return {
      chain: `eip155:${args.destinationChainId}`,
      address: readAddress(args.recipient as Hex),
    }
  }
  const domain = Number(args.destinationDomain)
  const chain = circleDomains.get(domain) ?? `Circle's domain ${domain}`
  return { chain, address: readAddress(args.mintRecipient as Hex) }
}

/** Twenty bytes, as such or in a word of 32, text, or else the bytes themselves. */
function readAddress(bytes: Hex): string {
  const lower = bytes.toLowerCase() as Hex
  if (/^0x0{24}[0-9a-f]{40}$/.test(lower)) return `0x${lower.slice(26)}`
  const text = lower.length > 42 ? hexToString(lower) : ''
  return /^[A-Za-z0-9]{20,100}$/.test(text) ? text : lower
}

/** Native value is paid to vaults of THORChain with the memo as it is, without a contract. */
function readMemo({ to, input }: RawTransaction): Crossing[] {
  if (!to || !input || input.length < 12 || input.length > 600) return []
  // `=:`, `s:`, `SWAP:`, and what else begins a swap.
  if (!/^0x(?:3d3a|3d3c3a|733a|533a|535741503a|737761703a)/.test(input)) return []
  const goal = parseThorMemo(hexToString(input as Hex))
  return goal ? [{ bridge: 'THORChain', by: to.toLowerCase(), isClaimed: true, ...goal }] : []
}
