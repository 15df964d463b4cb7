import type { Chain } from '#types/chain.ts'

export const ethereum: Chain = {
  id: 'eip155:1',
  name: 'Ethereum',
  native: { id: 'eip155:1/slip44:60', symbol: 'ETH', decimals: 18 },
  explorer: {
    address: 'https://etherscan.io/address/',
    transaction: 'https://etherscan.io/tx/',
  },
}
