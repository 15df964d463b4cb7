import { defineChain } from './defineChain.ts'

export const avalanche = defineChain({
  id: 43114,
  name: 'Avalanche C-Chain',
  symbol: 'AVAX',
  coin: 9005,
  wrapper: '0xB31f66AA3C1e785363F0875A1B74E27b85FD66c7',
  // A block that is accepted is final.
  confirmations: 3,
  explorer: 'https://snowtrace.io',
})
