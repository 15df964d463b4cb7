import { type Hex, hexToString, parseAbi, zeroAddress } from 'viem'
import type { Crossing } from '#types/chain.ts'
import { parseThorMemo, parseThorOut } from '#utils/parseThorMemo.ts'
import { type Protocol, readAddress, readToken } from './protocol.ts'

/** Routers hand value to a vault, which signs on each chain; the memo says what for. */
export const thorchain: Protocol = {
  deposits: parseAbi([
    'event Deposit(address indexed to, address indexed asset, uint256 amount, string memo)',
  ]),
  goalOf: ({ memo, asset, amount, to }, { transaction }) => {
    const goal = parseThorMemo(memo as string)
    const taken = { token: readToken(asset as string), amount: amount as bigint }
    return goal && { ...goal, ...taken, vault: readAddress(to as Hex), key: keyOf(transaction) }
  },
  payouts: parseAbi([
    'event TransferOut(address indexed vault, address indexed to, address asset, uint256 amount, string memo)',
    'event TransferOutAndCall(address indexed vault, address target, uint256 amount, address finalAsset, address to, uint256 amountOutMin, string memo)',
  ]),
  payoutOf: ({ memo, to, asset, amount }) => {
    const out = parseThorOut(memo as string)
    return {
      key: out && keyOf(out.transaction),
      payee: readAddress(to as Hex),
      isRefund: out?.isRefund ?? false,
      // What is swapped on the way says only what went in.
      ...(asset !== undefined && {
        token: readToken(asset as string),
        amount: amount as bigint,
      }),
    }
  },
  // Anybody may pay through a router as vaults do.
  handedBy: ({ vault, to, asset, target, amount }) => ({
    from: readAddress(vault as Hex),
    to: readAddress((target ?? to) as Hex),
    token: readToken((asset ?? zeroAddress) as string),
    amount: amount as bigint,
  }),
}

function keyOf(transaction: string): string {
  return `thorchain:${transaction.toLowerCase().replace(/^0x/, '')}`
}

/** Native value is paid to vaults of THORChain with the memo as it is, without a contract. */
export function readMemo({
  hash,
  to,
  input,
}: {
  hash: string
  to?: string | null
  input?: string
}): Crossing[] {
  if (!to || !input || input.length < 12 || input.length > 600) return []
  // `=:`, `s:`, `SWAP:`, and what else begins a swap.
  if (!/^0x(?:3d3a|3d3c3a|733a|533a|535741503a|737761703a)/.test(input)) return []
  const goal = parseThorMemo(hexToString(input as Hex))
  if (!goal) return []
  const key = keyOf(hash)
  return [{ bridge: 'THORChain', by: to.toLowerCase(), isClaimed: true, ...goal, key }]
}
