import { type Abi, decodeEventLog, type Hex, hexToString, parseAbi, toEventSelector } from 'viem'
import type { Chain, Crossing, Settlement } from '#types/chain.ts'
import { parseThorMemo, parseThorOut } from '#utils/parseThorMemo.ts'
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

/** Events by which bridges say what they pay out, and for what. */
const payouts = {
  THORChain: parseAbi([
    'event TransferOut(address indexed vault, address indexed to, address asset, uint256 amount, string memo)',
  ]),
  Across: parseAbi([
    'struct RelayInfo { bytes32 updatedRecipient; bytes32 updatedMessageHash; uint256 updatedOutputAmount; uint8 fillType; }',
    'struct V3RelayInfo { address updatedRecipient; bytes updatedMessage; uint256 updatedOutputAmount; uint8 fillType; }',
    'event FilledRelay(bytes32 inputToken, bytes32 outputToken, uint256 inputAmount, uint256 outputAmount, uint256 repaymentChainId, uint256 indexed originChainId, uint256 indexed depositId, uint32 fillDeadline, uint32 exclusivityDeadline, bytes32 exclusiveRelayer, bytes32 indexed relayer, bytes32 depositor, bytes32 recipient, bytes32 messageHash, RelayInfo relayExecutionInfo)',
    'event FilledV3Relay(address inputToken, address outputToken, uint256 inputAmount, uint256 outputAmount, uint256 repaymentChainId, uint256 indexed originChainId, uint32 indexed depositId, uint32 fillDeadline, uint32 exclusivityDeadline, address exclusiveRelayer, address indexed relayer, address depositor, address recipient, bytes message, V3RelayInfo relayExecutionInfo)',
  ]),
}

/** What a node that tells logs is asked for of them: only here do they name whom they pay. */
export const payoutTopics: string[] = Object.values(payouts).flatMap((abi) =>
  abi.filter((item) => item.type === 'event').map((item) => toEventSelector(item)),
)

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
  { chain, logs, bridges = [] }: Told,
): Crossing[] {
  const told = logs.flatMap((log): Crossing[] => {
    const found = readEvent(events, { log, bridges })
    if (!found) return []
    const goal = goalOf(found.args)
    const key = keyOf(found, { chain, transaction })
    const { by, protocol: bridge } = found
    const amount = found.args.amount ?? found.args.inputAmount
    const taken = typeof amount === 'bigint' ? { amount } : {}
    return goal ? [{ bridge, by, isClaimed: false, ...goal, ...taken, ...key }] : []
  })
  return told.length > 0 ? told : readMemo(transaction)
}

/** What a transaction pays out of bridges, as the chain's listed ones say. */
export function readSettlements({ logs, bridges = [] }: Omit<Told, 'chain'>): Settlement[] {
  return logs.flatMap((log): Settlement[] => {
    const { protocol: bridge, args } = readEvent(payouts, { log, bridges }) ?? {}
    if (!bridge || !args) return []
    if (typeof args.memo === 'string') {
      const txid = parseThorOut(args.memo)
      return txid ? [{ bridge, key: `thorchain:${txid}` }] : []
    }
    return [{ bridge, key: `across:${args.originChainId}:${args.depositId}` }]
  })
}

/** Whom a listed bridge says that it pays in an event; value without a token shows nowhere else. */
export function paidOutTo(log: RawLog, bridges: NonNullable<Chain['bridges']>): string | undefined {
  if (!bridges.some(({ contract }) => contract === log.address.toLowerCase())) return undefined
  const { to, recipient } = readEvent(payouts, { log, bridges })?.args ?? {}
  const payee = to ?? recipient
  return typeof payee === 'string' ? readAddress(payee as Hex) : undefined
}

type Told = { chain: string; logs: readonly RawLog[]; bridges?: Chain['bridges'] }

type Goal = Pick<Crossing, 'chain' | 'address'>

type Found = { by: string; protocol: string; args: Record<string, unknown> }

/** One of these events, where a listed bridge of that protocol wrote it. */
function readEvent(
  abis: Partial<Record<string, Abi>>,
  { log, bridges }: { log: RawLog; bridges: NonNullable<Chain['bridges']> },
): Found | null {
  const by = log.address.toLowerCase()
  const protocol = bridges.find(({ contract }) => contract === by)?.protocol
  const abi = protocol && abis[protocol]
  if (!abi) return null
  try {
    const { topics, data } = log
    const decoded = decodeEventLog({ abi, topics: topics as [Hex, ...Hex[]], data: data as Hex })
    return { by, protocol, args: decoded.args as unknown as Record<string, unknown> }
  } catch {
    // Another event of the same contract.
    return null
  }
}

/** What the far side names it by; where it names nothing that stands in the event, a key of our own. */
function keyOf(
  { protocol, args }: Found,
  { chain, transaction }: { chain: string; transaction: RawTransaction },
): Pick<Crossing, 'key' | 'isUntied'> {
  if (protocol === 'THORChain') return { key: thorKeyOf(transaction) }
  if (protocol === 'Across') return { key: `across:${chain.split(':')[1]}:${args.depositId}` }
  const { hash } = transaction
  return { key: `${protocol.toLowerCase()}:${hash.toLowerCase()}`, isUntied: true }
}

function thorKeyOf({ hash }: RawTransaction): string {
  return `thorchain:${hash.toLowerCase().replace(/^0x/, '')}`
}

function goalOf(args: Record<string, unknown>): Goal | null {
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
function readMemo(transaction: RawTransaction): Crossing[] {
  const { to, input } = transaction
  if (!to || !input || input.length < 12 || input.length > 600) return []
  // `=:`, `s:`, `SWAP:`, and what else begins a swap.
  if (!/^0x(?:3d3a|3d3c3a|733a|533a|535741503a|737761703a)/.test(input)) return []
  const goal = parseThorMemo(hexToString(input as Hex))
  if (!goal) return []
  const key = thorKeyOf(transaction)
  return [{ bridge: 'THORChain', by: to.toLowerCase(), isClaimed: true, ...goal, key }]
}
