import type { Chain } from '#types/chain.ts'

export const ethereum: Chain = {
  id: 'eip155:1',
  name: 'Ethereum',
  native: { id: 'eip155:1/slip44:60', symbol: 'ETH', decimals: 18 },
  tokens: [
    {
      contract: '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2',
      asset: { id: 'eip155:1/slip44:60', symbol: 'ETH', decimals: 18 },
      wrapsNative: true,
    },
  ],
  // Two and a half minutes; an hour later the chain itself calls it final.
  confirmations: 12,
  explorer: {
    address: 'https://etherscan.io/address/',
    transaction: 'https://etherscan.io/tx/',
  },
}
