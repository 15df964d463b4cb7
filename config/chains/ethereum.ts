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
    // As the Bybit theft has them.
    {
      ...{ contract: '0xae7ab96520DE3A18E5e111B5EaAb095312D7fE84', symbol: 'stETH', decimals: 18 },
      countsShares: true,
    },
    { contract: '0x7f39C581F595B53c5cb19bD0b3f8dA6c935E2Ca0', symbol: 'wstETH', decimals: 18 },
    { contract: '0xd5F7838F5C461fefF7FE49ea5ebaF7728bB0ADfa', symbol: 'mETH', decimals: 18 },
    { contract: '0xE6829d9a7eE3040e1276Fa75293Bde931859e8fA', symbol: 'cmETH', decimals: 18 },
    { contract: '0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599', symbol: 'WBTC', decimals: 8 },
  ],
  // Two and a half minutes; an hour later the chain itself calls it final.
  confirmations: 12,
  explorer: 'https://etherscan.io',
})
