import { defineChain } from './defineChain.ts'

export const arbitrum = defineChain({
  id: 42161,
  name: 'Arbitrum One',
  symbol: 'ETH',
  coin: 60,
  wrapper: '0x82aF49447D8a07e3bd95BD0d56f35241523fBab1',
  // Half a minute in the order of its sequencer; final once Ethereum has it.
  confirmations: 120,
  explorer: 'https://arbiscan.io',
})
