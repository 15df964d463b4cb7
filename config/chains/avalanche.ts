import { defineChain } from './defineChain.ts'

export const avalanche = defineChain({
  id: 43114,
  name: 'Avalanche C-Chain',
  symbol: 'AVAX',
  coin: 9005,
  wrapper: '0xB31f66AA3C1e785363F0875A1B74E27b85FD66c7',
  // What bridges pay out, as Across's lists have it.
  tokens: [
    { contract: '0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E', symbol: 'USDC', decimals: 6 },
    { contract: '0x9702230A8Ea53601f5cD2dc00fDBc13d4dF4A8c7', symbol: 'USDT', decimals: 6 },
  ],
  // A block that is accepted is final.
  confirmations: 3,
  explorer: 'https://snowtrace.io',
})
