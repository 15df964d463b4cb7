import type { Address, Token } from '#types/chain.ts'

/**
 * Code that a node runs as if a contract were made, so that one `eth_call` without a payee answers what an address holds
 * in the native asset and in tokens together: 32 bytes of base units. A contract that is not there holds nothing.
 */
export function balanceCode(
  address: Address,
  { isNative, tokens }: { isNative: boolean; tokens: readonly Pick<Token, 'contract'>[] },
): `0x${string}` {
  const owner = digitsOf(address)
  // PUSH20 owner, BALANCE; or PUSH1 0
  const start = isNative ? `73${owner}31` : '6000'
  return `0x${start}${tokens.map(({ contract }) => addToken(owner, digitsOf(contract))).join('')}${end}`
}

/** Adds `balanceOf(owner)`: the call's input at 0, its answer at 64. */
function addToken(owner: string, token: string): string {
  return [
    // MSTORE(0, selector), MSTORE(4, owner), MSTORE(64, 0)
    `7f70a08231${'0'.repeat(56)}600052`,
    `73${owner}600452`,
    '6000604052',
    // STATICCALL(GAS, token, 0, 36, 64, 32), POP
    `602060406024600073${token}5afa50`,
    // MLOAD(64), ADD
    '60405101',
  ].join('')
}

/** MSTORE(0, sum), RETURN(0, 32) */
const end = '60005260206000f3'

function digitsOf(address: Address): string {
  return /^0x[0-9a-f]{40}$/i.test(address) ? address.slice(2).toLowerCase() : '0'.repeat(40)
}
