import { defineChain } from './defineChain.ts'

export const optimism = defineChain({
  id: 10,
  name: 'OP Mainnet',
  symbol: 'ETH',
  coin: 60,
  wrapper: '0x4200000000000000000000000000000000000006',
  // Half a minute in the order of its sequencer; final once Ethereum has it.
  confirmations: 15,
  explorer: 'https://optimistic.etherscan.io',
})
