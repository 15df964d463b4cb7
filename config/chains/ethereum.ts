import { defineChain } from './defineChain.ts'

export const ethereum = defineChain({
  id: 1,
  name: 'Ethereum',
  symbol: 'ETH',
  coin: 60,
  wrapper: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
  // Into these stolen value is swapped most; their contracts are in Etherscan's name tags and in viem's and wallets' lists.
  tokens: [
    {
      ...{ contract: '0xdAC17F958D2ee523a2206206994597C13D831ec7', symbol: 'USDT', decimals: 6 },
      // Its owner by `owner()`, as test suites of several protocols have it too.
      signers: ['0xC6CDE7C39eB2f0F0095F41570af89eFC2C1Ea828'],
    },
    { contract: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', symbol: 'USDC', decimals: 6 },
    { contract: '0x6B175474E89094C44Da98b954EedeAC495271d0F', symbol: 'DAI', decimals: 18 },
    { contract: '0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599', symbol: 'WBTC', decimals: 8 },
  ],
  // Two and a half minutes; an hour later the chain itself calls it final.
  confirmations: 12,
  explorer: 'https://etherscan.io',
})
