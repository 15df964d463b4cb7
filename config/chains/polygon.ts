import { defineChain } from './defineChain.ts'

export const polygon = defineChain({
  id: 137,
  name: 'Polygon',
  symbol: 'POL',
  coin: 966,
  wrapper: '0x0d500B1d8E8eF31E21C99d1Db9A6444d3ADf1270',
  // A minute: it has reorganized more than a hundred blocks before milestones.
  confirmations: 32,
  explorer: 'https://polygonscan.com',
})
