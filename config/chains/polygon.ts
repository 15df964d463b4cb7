import { defineChain } from './defineChain.ts'

export const polygon = defineChain({
  id: 137,
  name: 'Polygon',
  symbol: 'POL',
  coin: 966,
  wrapper: '0x0d500B1d8E8eF31E21C99d1Db9A6444d3ADf1270',
  // What bridges pay out, as Across's and Uniswap's lists have it.
  tokens: [
    { contract: '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359', symbol: 'USDC', decimals: 6 },
    { contract: '0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174', symbol: 'USDC.e', decimals: 6 },
    { contract: '0xc2132D05D31c914a87C6611C10748AEb04B58e8F', symbol: 'USDT', decimals: 6 },
    { contract: '0x7ceB23fD6bC0adD59E62ac25578270cFf1b9f619', symbol: 'WETH', decimals: 18 },
  ],
  // A minute: it has reorganized more than a hundred blocks before milestones.
  confirmations: 32,
  explorer: 'https://polygonscan.com',
})
