import { defineChain } from './defineChain.ts'

export const base = defineChain({
  id: 8453,
  name: 'Base',
  symbol: 'ETH',
  coin: 60,
  wrapper: '0x4200000000000000000000000000000000000006',
  // What bridges pay out, as Across's and Uniswap's lists have it.
  tokens: [
    { contract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', symbol: 'USDC', decimals: 6 },
    { contract: '0xd9aAEc86B65D86f6A7B5B1b0c42FFA531710b6CA', symbol: 'USDbC', decimals: 6 },
    { contract: '0xfde4C96c8593536E31F229EA8f37b2ADa2699bb2', symbol: 'USDT', decimals: 6 },
    { contract: '0x50c5725949A6F0c72E6C4a641F24049A917DB0Cb', symbol: 'DAI', decimals: 18 },
  ],
  // Half a minute in the order of its sequencer; final once Ethereum has it.
  confirmations: 15,
  explorer: 'https://basescan.org',
})
