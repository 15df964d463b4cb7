import { defineChain } from './defineChain.ts'

export const arbitrum = defineChain({
  id: 42161,
  name: 'Arbitrum One',
  symbol: 'ETH',
  coin: 60,
  wrapper: '0x82aF49447D8a07e3bd95BD0d56f35241523fBab1',
  // What bridges pay out, as Across's and Uniswap's lists have it.
  tokens: [
    { contract: '0xaf88d065e77c8cC2239327C5EDb3A432268e5831', symbol: 'USDC', decimals: 6 },
    { contract: '0xFF970A61A04b1cA14834A43f5dE4533eBDDB5CC8', symbol: 'USDC.e', decimals: 6 },
    { contract: '0xFd086bC7CD5C481DCC9C85ebE478A1C0b69FCbb9', symbol: 'USDT', decimals: 6 },
  ],
  // Half a minute in the order of its sequencer; final once Ethereum has it.
  confirmations: 120,
  explorer: 'https://arbiscan.io',
})
